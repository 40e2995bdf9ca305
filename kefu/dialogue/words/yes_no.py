"""Whether a message says yes or no, and nothing else.

A yes writes an order's fate down, so that only a message that consists of words of agreement is one. What is left when
they are taken out ("好的，[我再问问老婆]") makes it none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import Span, without

YES = Phrases(
    "yes",
    zh=(
        "(?<![板服家位上午您你亲])好(?!麻烦(?:了|啊|呀|哦|\\W|$))(?:的|滴|哒|嘞|呀|啊|吧|呢|叭|啦|咧|勒|de)*",
        "行(?:的|吧|啊|呀|叭|啦|呗|嘞)*|可以(?:的|吧|啊|呀|了|滴)*|可(?![能是惜不])",
        "对(?:的|呀|啊|头|滴|哒|了|呢)*|是(?:的|滴|呀|啊|哒|呢|这样|嘅)*|嗯(?:呢|哪|啊|呐|哼)*",
        "恩(?:呢)?|欧克|没(?:有)?(?:问题|毛病|错|意见|异议)(?:的|了|啊|呀)?|木问题|冇问题|中(?:嘞)?",
        r"成(?:吧|交)?|妥(?:了|妥的)?|得嘞|得了?(?=\W|$)|就(?:它|这个|这些)(?:了|吧)*|要得|准",
        "必须[的滴]?|当然要(?:啦|了)?|就恁(?:办|弄|着|整)?|(?:就)?是(?:它|这个|这单|这一单)|正是|说得对|当然(?:可以|了|啦)?",
        "我?(?:同意|赞成|认可)|我?确认(?:无误|了|的)?|我?确定(?:的|了)?|无误|正确",
        "(?<!那)(?<!先)就(?:这样|这么)(?:吧|弄|搞|做|办吧?|定了?|着吧?|来吧?)*|就酱|照办",
        r"安排(?:吧|上)?|系(?:嘅|的)?|(?<![a-z])okk?的?(?![a-z])|不错(?:的)?|需要|要(?:的)?(?=\W*$)",
        "没说的|听你的|按你说的(?:办|来)?",
    ),
    en=(
        "yes|yep|yeah|yea|yup|ya|yah|ye|y|aye|ok|okay|okey|okie|dokie|k|kk|okk|sure|sure thing",
        "of course|alright|all right|fine|fine (?:with|by) me|good|great|perfect|lovely|brilliant",
        "sounds (?:good|great|fine|right)|looks (?:good|right|fine|correct|ok|okay)",
        "(?:that is |it is |this is |all )?(?:correct|right|fine|good|ok|okay|perfect)|exactly|indeed",
        "absolutely|definitely|certainly|confirm|confirmed|i confirm|approved|agreed|i agree",
        "go (?:ahead|on|for it)|please do|do (?:it|that|so)|proceed|carry on|continue|that works",
        "works for me|by all means|no problem|affirmative|let us (?:do|go)(?: it| that| with that)?",
        "i am (?:sure|happy with that)|happy with that|cool|true|i would(?: like that)?|uh huh|mhm",
        "mm hm|yes it is|it is|i do|that is it|that is the one|that would be great|you got it|spot on",
        "bang on|right you are|very well|yes that one|that one|sure why not|roger|why not|deal",
    ),
)
# Going on with what is under way; which way, the values of the message say.
PROCEED = Phrases(
    "proceed",
    zh=(
        "(?:直接|马上|现在|立刻)(?:给我|帮我)?(?:办|弄|处理|申请|退|换|提交)|提交(?:吧|了|申请|一下)*",
        "(?:帮我|给我|麻烦|就|那就|直接|马上|现在)*(?:办理?|弄|整|搞|处理|申请|继续|下一步|退|退了|退货|退款|"
        "换|换货|补发|维修)(?:吧|呗|了吧|一下吧?|嘛)",
        "继续|下一步|(?:赶紧|赶快|快点?|抓紧)(?:帮我|给我)?(?:办理?|弄|处理|退|提交|安排)",
        "帮我(?:提交|办|弄|处理|申请)",
    ),
    en=(
        "submit(?: it| that| this)?",
        "(?:please )?(?:return|refund|exchange|send|process|file|book|start) (?:it|them|that|this)(?: back)?",
        "go|make it so|go through with it|send it off|finali[sz]e(?: it)?",
    ),
)
# What goes on with a cancellation, or with stopping a parcel, where that is what he was asked about.
CANCEL_IT = Phrases(
    "cancel_it",
    zh=("取消(?:吧|掉|了|订单|它)*|撤(?:单|销|了)?吧?",),
    en=("cancel(?: it| that| this| the order| my order)?",),
)
STOP_IT = Phrases(
    "stop_it",
    zh=("拦(?:截|一下|下来?|住|回来?)*(?:吧|呗|了)?|退回(?:来)?吧?|追回(?:来)?吧?",),
    en=("(?:try to )?stop (?:it|that|the parcel|the package)|intercept(?: it)?|try (?:it|that)|have it stopped",),
)
# What takes up the offer of a person.
HAND_OVER = Phrases(
    "hand_over",
    zh=("转(?:接|过去|一下)*(?:吧|呗|了|啊)?",),
    en=("(?:hand|put|transfer|connect) me(?: over| through)?|get (?:me )?(?:one|someone|somebody)",),
)
# Politeness and noise, which neither say yes nor take it back.
_FILLER = Phrases(
    "filler",
    zh=(
        "别(?:问|废话|啰嗦|磨叽)了?|少?废话|这[回次下]|谢谢(?:你|您|啦|了|哈|哦)*|多谢|感谢",
        "辛苦(?:了|啦|你了|您了)?|麻烦(?:你|您)?(?:了|啦)?|尽快|快点|请|吧|啊|呀|哦|哈|啦|呗|喔|噢|诶",
        "哎|唉|那|就|都|亲|老板|客服|拜托|了|算了|帮我|的|呢",
    ),
    en=(
        "please|thanks|thank you|thank you very much|so much|much|very|then|now|just|a lot|cheers|ta",
        "mate|all|well|oh|and|so|it|that|this|i|am|is|with|me|dear|sir|asap|really|would|like|to|want",
        "for|lol|the|my|too|quickly|finally|already|at last",
    ),
)
NO = Phrases(
    "no",
    zh=(
        "不(?:是(?:这样|这么|这个|那个|这些)(?:的|回事|说的)?|是|对|要|行|用|可以|同意|好|想|确定|需要|"
        "太对|准确|提交|确认|取消|拦截?|成|中|必)?(?:的|了|啊|呀|吧|哦|啦|呢)*",
        "没有?(?:的|呢|哦|啊)?|否|别(?:提交|弄|办|急|拦截?|追|取消)?|错(?:了|啦)?",
        "先(?:不|别)(?:提交|提|要|弄|办|申请|确认|退|换|拦|取消)?|暂时不(?:要|用)?|还没(?:有|想好|呢)?",
        "唔(?:系|好|使|要)|木有|莫得|都不是|并不是|才不是|非也",
    ),
    en=(
        "(?:absolutely|definitely|certainly|of course|hell|oh) (?:not|no)|no|nope|nah|na|n|nay|noo|nop",
        "not|never|negative|do not",
        "not (?:yet|now|really|quite|at all|right|correct|true|that|this|sure about that)",
        "no (?:thanks|thank you|way|need)|that is (?:wrong|not right|not correct|incorrect|not it)",
        "wrong|incorrect|i do not|please do not",
        "do not (?:submit|do it|do that|send|confirm)(?: it| that| yet)*|hold off|rather not",
        "i would rather not|disagree|certainly not|by no means",
    ),
)
# Neither yes nor no, whatever else is said.
WAITS = Phrases(
    "waits",
    zh=(
        "等(?:等|一?下|会|一会|着)|稍等|稍后|慢着|且慢",
        "(?:再|先|让我|我)?(?:想想|想一想|想一下|考虑|看看|问问|问下|确认下|核对|商量)|回头|晚点|过会",
        "待会|一会儿|明天|后天|改天|下次|可能|也许|大概|好像|不确定|不知道|不一定|没想好|纠结|犹豫",
        r"嗯+ ?(?:\.{2,}|…)|随便|如果|要是|除非|的话|但|不过|只是|先不说",
    ),
    en=(
        "wait(?! for (?:it|them|the|my))|hold on|hang on|one (?:sec|second|moment|minute)",
        "a (?:sec|second|moment|minute|min)",
        "let me (?:think|check|see|ask)|think about it|thinking|not sure|unsure|maybe|perhaps|possibly",
        "probably|later|tomorrow|do not know|i guess|if|unless|but|though|however|except|depends",
        "whatever|hmm+|hm|mm+|umm*|erm?|until|first",
    ),
)
# Words that may follow a no: "not correct", "don't submit that yet".
_REFUSED = Phrases("refused", en=("submit|yet|do|that|it|correct|right|confirm",))
_HESITATES = re.compile(r"(?:嗯|恩|呃|额|(?<![a-z])(?:u+m+|h+m+|er+m*))\s*(?:\.{2,}|。{2,})")
# "Hmm, ok, yes": he has made up his mind.
_HAS_PONDERED = re.compile(
    r"^\W*(?:h+m+|u+m+|uh)[\s,]+(?=[^\n]*(?<![a-z])(?:yes|yeah|yep|sure|go ahead|no|nope|not)(?![a-z]))"
)
# "Is that right" asks back what "that is right" would grant.
_ASKS_BACK = re.compile(r"^\W*(?:is|are|would|was) (?:that|it|this|they|these)(?: be)?(?![a-z'])[^\n,;]*$")
_WEAK = re.compile("就?是|要|中|成|准|可|需要|true|it is|i do")
# Right before what would go on with it, they refuse: "他说[不要]取消".
_REFUSES_TO = re.compile(r"(?:先?(?:不要?|别|不用|不想|不能)|勿|(?<![a-z])(?:not|never)(?: want to| going to)?)\s*$")
# Thumbs and the like; a variation selector or a skin colour may follow.
YES_SIGNS = re.compile("[👌👍✅✔☑🆗🙆💯🤝👏]")
_NO_SIGNS = re.compile("[👎❌✖✗🚫🙅⛔]")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Stance:
    """What a message says to a question of yes or no. ``waits``: he wants time, or makes a condition."""

    answer: Literal["yes", "no"] | None
    waits: bool = False


def read_stance(
    text: str,
    intent: str | None,
    *,
    cut: Sequence[Span] = (),
    understood: Sequence[Span] = (),
    proceeds: Sequence[Span] = (),
) -> Stance:
    """Read a yes that is all of a folded message, or a no.

    :param cut: its clauses.
    :param intent: what the classifier took it for. It may hint at a no, never at a yes: a yes changes an order.
    :param understood: what was read of it otherwise; whether that changes anything is for the caller to see.
    :param proceeds: what goes on with this very form.
    """
    text = _HAS_PONDERED.sub(lambda match: " " * len(match.group()), text)
    if asks_for_time(text):
        return Stance(None, waits=True)
    if _ASKS_BACK.match(text):
        return Stance(None)
    refused = [span for span in (*PROCEED.spans(text), *proceeds) if _REFUSES_TO.search(text[: span[0]])]
    if refused and not YES.within(without(text, [(0, refused[-1][1])])):
        return Stance("no")
    agrees = [span for span in YES.spans(text) if not _is_within(span, understood)]  # 需要 in 不需要
    agrees += [*PROCEED.spans(text), *proceeds]
    refuses = [span for span in NO.spans(text) if not _is_within(span, understood)]
    says_yes = bool(agrees or YES_SIGNS.search(text)) and not _NO_SIGNS.search(text)
    says_no = bool(refuses or _NO_SIGNS.search(text)) and not YES_SIGNS.search(text)
    if says_yes and is_nothing_but_filler(without(text, [*agrees, *understood])):
        # "就是过敏啊" only says once more what is wrong: beside what was read of it, a yes must be a plain one.
        is_plain = not understood or any(_WEAK.fullmatch(text[start:end]) is None for start, end in agrees)
        return Stance("yes" if is_plain or YES_SIGNS.search(text) else None)
    left = without(text, [*refuses, *understood])
    if says_no and is_nothing_but_filler(without(left, _REFUSED.spans(left))):
        return Stance("no")
    if declines_with_a_reason(text, cut):
        return Stance("no")
    agrees = [span for span in agrees if not _is_within(span, refuses)]  # 是 in 不是
    is_told = bool(understood) and is_nothing_but_filler(without(text, understood))
    return Stance("no" if intent == "deny" and not agrees and not is_told else None)


def declines_with_a_reason(text: str, cut: Sequence[Span]) -> bool:
    """Say whether a folded text begins with a plain no and goes on with what explains it: "不了，我还要用".

    :param cut: its clauses. What goes on with a yes behind the no ("no, it's fine, go ahead") is none.
    """
    said = [text[start:end] for start, end in cut]
    if len(said) < 2 or not _is_nothing_but_a_no(said[0]):
        return False
    return not any(PROCEED.within(clause) or is_nothing_but_agreement(clause) for clause in said[1:])


def _is_nothing_but_a_no(text: str) -> bool:
    spans = NO.spans(text)
    return bool(spans) and is_nothing_but_filler(without(text, spans))


def asks_for_time(text: str) -> bool:
    """Say whether a folded text puts off, doubts, or makes a condition."""
    return WAITS.within(text) or _HESITATES.search(text) is not None


def is_nothing_but_an_answer(text: str) -> bool:
    """Say whether a folded text agrees or refuses and says no more."""
    return is_nothing_but_agreement(text) or _is_nothing_but_a_no(text)


def is_nothing_but_agreement(text: str) -> bool:
    """Say whether a folded text agrees and says no more."""
    spans = YES.spans(text)
    return bool(spans) and is_nothing_but_filler(without(text, spans))


def is_nothing_but_filler(text: str) -> bool:
    """Say whether a folded text says nothing beside thanks and particles."""
    return not _NO_LETTERS.sub("", without(text, _FILLER.spans(text)))


def _is_within(span: Span, others: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)
