"""Words by which customers choose among the things of an order: all of them, all but some, the rest."""

import re

from kefu.dialogue.words.numerals import CHINESE, FIGURE
from kefu.dialogue.words.phrases import Phrases

# Surely all of it, wherever it is said.
ALL = Phrases(
    "all",
    zh=(
        "都退|都换|都要|都寄|都不要|都不想要|都不喜欢|都给你们",
        "全部|全都|全退|全换|全要|所有|整单|统统|通通|通统|一起退|一块退|一并退|一起换",
    ),
    en=(
        "(?<!that is )all of (?:it|them|these|this|those)|(?<!that is )(?<!awful )everything",
        "every item|every one|(?:the )?lot",
        "(?:the )?(?:whole|entire|complete|full) (?:order|lot|thing)|return(?:ing)? all",
        "send(?:ing)? all|all back|all (?:items|the items|please)|them all|it all|all the (?:things|stuff)",
    ),
)
# All of so many: of the thing that was spoken of, where there are so many pieces of it, else of the order.
ALL_OF_SO_MANY: tuple[re.Pattern[str], ...] = (
    re.compile(
        rf"(?<![这那哪另每第])({FIGURE}|{CHINESE}|[俩仨])[个件样双条只台本盒瓶支套份副块把顶袋种]?"
        r"(?:全都?|都)(?!行|可以|好|没|不|是|有|怪)"
    ),
    re.compile(r"(?<![a-z])all (?:of the )?(two|three|four|five|six|[2-9])(?![a-z0-9])(?: of them| items)?"),
    re.compile(r"(?<![a-z])the (two|three|four|five|six|[2-9])(?= of (?:them|those|these)|\W*(?:please|then)?\W*$)"),
    re.compile(r"(?<![a-z])(both)(?![a-z])(?: of them| items)?"),
)
# Of the whole order, even where one thing of it was spoken of.
WHOLE_ORDER = Phrases(
    "whole",
    zh=("全部|所有|整单|统统|通通|通统",),
    en=(
        "everything|every item|every one|all (?:the )?items",
        "(?:the )?(?:whole|entire|complete|full) (?:order|lot|thing)",
    ),
)
# All of it only where the customer was asked which.
ALL_IF_ASKED = Phrases(
    "all",
    zh=("(?<!怎么)都(?!可以|行|好|没|不|是|怪)", "全"),
    en=("(?<!at )(?<!after )(?<!not )(?<!that is )all(?! right| good| ok| okay| i)",),
)
# A message says which pieces only by one of these, once they are known: "耳机保修多久" changes nothing.
SELECTS = Phrases(
    "selects",
    zh=(
        rf"(?:还是|(?<![不还就])是)(?={FIGURE}|{CHINESE}|[俩仨])|[退换改留补修]|只(?=[退换要想有是把寄])|就[退换要]|都|全|除|其中|不要|应该是|搞错|说错|不对|不是",
    ),
    en=(
        "return|returning|exchange|swap|refund|send|sending|replace|repair|only|just|both|all|except",
        "keep|keeping|instead|not|actually|make it|sorry|i mean|meant|everything|forgot|also|too",
        "as well|wrong one",
    ),
)
# What is named comes on top of what was chosen.
ADDS = Phrases("adds", zh=("也|还有|还要|加上|再加|另外",), en=("also|too|as well|add|and also|plus",))
# Enough to change the pieces even where the same clause says what is wrong with them.
NARROWS = Phrases(
    "narrows", zh=("只[退换要]|就[退换]|除了?|其中|不退",), en=("only|just|except|instead|keep(?:ing)?",)
)

_GOOD = "(?:fine|ok|okay|great|good|perfect|lovely|alright)"
# What has come as it should is not what is meant, where something else is named.
HAS_COME = Phrases(
    "has_come",
    zh=(
        r"(?<![没未只才就])(?:收到|到|拿到)了(?=\W|$)|没(?:有)?(?:什么|啥)?(?:问题|毛病)(?=\W|$)|没[坏事](?=\W|$)",
        "(?<!不)(?:好好|完好|挺好|很好|蛮好|是好|还好)(?:用)?(?:的)?(?=\\W|$)|(?<!不)(?:挺|很|蛮|还)?不错(?=\\W|$)",
    ),
    en=(
        "^\\W*(?:i |we )?(?:have )?(?:got|received) (?:both|the|my|all)(?: \\w+){1,3}\\W*$",
        f"(?:is|are|was|were|looks?|works?|seems?)(?: \\w+)? {_GOOD}(?! for| to)|{_GOOD}(?=\\W*$)",
    ),
)
# So many are wanted, however many of them are faulty.
WANTS_SO_MANY = re.compile(
    rf"[退换补修要](?:货|回|掉|我|发)?({FIGURE}|{CHINESE}|[俩仨])(?!样|点|下|起|共|[^\n]{{0,4}}[里中])"
    r"|(?<![a-z])(?:return|exchange|refund|send back|swap|replace)(?:ing)? (?:me )?(?:the |all )?"
    r"(?:one|two|three|four|five|six|[2-9])(?![a-z0-9])"
)

# What follows, or stands before, is left out. The group `what` names it.
LEFT_OUT: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"除了?(?P<what>[^\n]{1,30}?)(?:以外|之外|外|都|全|其他|其它|其余|剩下|别的|\n|$)",
        r"(?:(?<!都)(?<!了)(?:不|别|不要|不用|不想|先不)[退换](?![货款了吧])|留下?|保留)"
        r"(?P<what>[^\n]{1,20}?)(?=[是退换]|\n|$)",
        r"(?<![^\n和跟与、])(?P<what>[^\n和跟与、]{1,20}?)(?:[我就先]|可以|暂时|还是|自己){0,3}"
        r"(?:(?:不用|不要|不想|别|不)[退换寄]了?|留着|留下|保留|不动)[^\n]{0,2}(?=[\n,]|$)",
        r"(?<![a-z])(?:except|apart from|other than|excluding|but not|all but|everything but|besides|leave out|"
        r"keep(?:ing)?|not(?= return| send| exchang))(?: for)?"
        r"(?: return| returning| send| sending back| exchange| exchanging)?"
        r"(?: the| my)(?P<what> [^\n]{1,40}?)"
        r"(?= and (?:return|send|exchange|refund)| just | only |\n|$)",
        r"(?<![a-z])(?:except|all but|everything but|(?<!candy )(?<!chocolate )bar(?= the| my)|barring|minus|save for)"
        r"(?: for)?(?P<what> [^\n]{1,40}?)(?=\n|$)",
        r"(?<![a-z])(?:keep(?:ing)?)(?P<what> (?:one|two|three|[1-9])(?: of)? [^\n]{1,30}?)"
        r"(?= and (?:return|send|exchange|refund)| just | only |\n|$)",
        rf"(?<![^\n和跟与、])(?P<what>[^\n和跟与、]{{1,12}}?留(?:下)?(?:{CHINESE}|[1-9]|[俩仨])[个件双条只台本盒瓶副支]?)",
    )
)
# What is set against something else; it leaves out only where that is named: "不是杯子，是耳机".
SET_AGAINST: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"不是(?P<what>[^\n]{1,20}?)(?=[是退换]|\n|$)",
        r"(?<![a-z])not(?: the| my| that| this)(?P<what> [^\n]{1,40}?)(?= and | just | only | but |\n|$)",
    )
)
REST = Phrases(
    "rest",
    zh=("其他的?|其它的?|其余的?|剩下的?|别的|剩余的?",),
    en=(
        "the rest|the others|the other(?: (?:ones|items|things|two|three)|(?= *(?:[^a-z ]|$)))"
        "|everything else|all others|"
        "remaining",
    ),
)
# Each part names things of its own, with a count of its own.
PARTS = re.compile(r"和|跟|与|还有|以及|及|、|,|;|&|\+|\n|(?<![a-z])(?:and|plus|as well as)(?![a-z])")
