"""What an answer may say beside what it answers: greetings, comfort, numbers (checked elsewhere), empty words."""

import re

_FILLER = re.compile(
    r"您好|你好|亲|请?您?放心|您?别(?:担心|着急)|不用(?:担心|着急)|很?抱歉|不好意思|感谢.*|谢谢.*|希望.*帮.*"
    r"|要的|有的|是的|好的|当然"
    r"|可以的|不(?:会|能|可以|行)的?|没问题|看情况"
    r"|yes|no|sure|of course|certainly|unfortunately(?: not)?|sorry.*|so no worries|no worries|don't worry.*"
    r"|happens to .*"
    r"|(?:i )?hope (?:this|that) helps|(?:it|that) depends.*|(?:i'm afraid|very likely)(?: not| yes)?|we do"
    r"|you can|in that case"
    r"|thank.*|请您?留意.*|please note|for reference",
    re.IGNORECASE,
)
_NO_CONTENT = re.compile(
    r"\d|\b\w+'(?:m|s|re|ll|ve|d|t)\b|[零〇一二两三四五六七八九十百千万半]+(?:个?工作日"
    r"|[次件张份个位节片枚成岁层项种款单笔人只天日周年月点])|大概|大约|左右"
    r"|这种情况|情况|多半|麻烦|记得|注意|请问|一个|之后|然后|知道|即可|就行|才行|可能|确实|真的|另说|另外|首先"
    r"|不好意思|属于|其中|如果|准备好|准备|建议"
    r"|要是|先|给|让|说|看|试|才|只|已|如|所|以|得|着|过|去|来|上|下|做|办|想|即|均|仍|由|哦|呀|哈|啦|呢|不|没"
    r"|无|未|可|能|该"
    r"|您|我们|咱|自己|本人|他|她|它|一"
    r"|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty"
    r"|hundred|half|am|pm"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?|own|bring|give|their|them|like|good|already|way"
    r"|anywhere|roughly"
    r"|expect|otherwise|simply|still|far|later|instead|find|found|either|further|both|whether|case|here|first"
    r"|again|done|make"
    r"|made|need|want|happen|happened|happens|exact|exactly|precise|normal|much|more|less|long|short|enough|now"
    r"|soon|right"
    r"|straight|bear in mind|mind|note|let|know|keep|have|having|put|set|go|goes|going|come|comes|see|look"
    r"|think|seems?|thing"
    r"|things|part|someone|somebody|anyone|person|people|every|each|another|other|others|same|around|about|till"
    r"|unless|ahead"
    r"|towards?|per|via|yourself|myself|themselves|place|excluded|afraid|yet|also|been)\b",
    re.IGNORECASE,
)


def is_filler(clause: str) -> bool:
    """Say whether a whole clause claims nothing."""
    return _FILLER.fullmatch(clause.strip(" .!！。~～")) is not None


def without_filler(text: str) -> str:
    """Leave out words and numbers that are no content to compare, a space in the place of each."""
    return _NO_CONTENT.sub(" ", text)
