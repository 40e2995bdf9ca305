"""What a customer says of the state of the goods, as far as the policy asks (``condition`` in ``policy.yml``)."""

import re
from dataclasses import dataclass

from kefu.dialogue.phrases import Phrases
from kefu.dialogue.wording import Span

_CONDITIONS: tuple[Phrases, ...] = (
    Phrases(
        "tags_cut",
        zh=(
            "(?:吊牌|标签|标牌|商标|牌子|水洗标)[^\\n]{0,5}(?:剪|拆|撕|扯|掉了|没了|不在|扔|丢|摘)(?:了|掉|下来)*",
            "(?:剪|拆|撕|扯|摘|扔)(?:了|掉)*[^\\n]{0,2}(?:吊牌|标签|标牌|商标|标)",
        ),
        en=(
            r"(?:cut|cutting|took|taken|take|removed|remove|ripped|tore|pulled|threw)(?: \w+){0,3} (?:tags?|"
            "labels?)(?: off| away)?",
            "(?:tags?|labels?) (?:is |are |were |was |have been |has been |got )?(?:already )?(?:cut|off|"
            "removed|gone|ripped|torn)(?: off)?",
        ),
    ),
    Phrases(
        "activated",
        zh=("激活(?!不|失败|码)(?:了|过|的)?|(?:绑定|登录|注册)(?:了|过)(?:账号|帐号)?",),
        en=("activated|set (?:it|the phone|this) up|registered (?:it|the)",),
    ),
    Phrases(
        "opened_to_inspect",
        zh=(
            "拆(?:开|封|包|过|箱|了(?!吊|标))(?:看|了|过|来|一下)*|开(?:封|箱)(?:了|过|看)*",
            "打开(?:看|过|检查|瞧)(?:了|过)*",
        ),
        en=(
            "opened (?:it|them|the (?:box|package|parcel|packaging|bag|seal)|to (?:look|check|inspect))",
            "unboxed|unsealed|unwrapped|broke the seal|out of the box",
        ),
    ),
)
_DENIED_BEFORE = re.compile(
    r"(?:没有?|未|还没|从未|没怎么|不曾|别|不会)(?:[被拿去]|自己)*$"
    r"|(?<![a-z])(?:not|never|without|no)(?: (?:even|been|yet|have|actually|be|had))* ?$"
)
_DENIED_INSIDE = re.compile(r"没(?!了)|未|还在|都在|不会|(?<![a-z])(?:not|never|still)(?![a-z])")
# Said outright that there is nothing of the kind.
_NONE = {
    "tags_cut": Phrases(
        "tags_cut",
        zh=("(?:吊牌|标签|标牌)[^\\n]{0,3}(?:还在|都在|在的|完好|齐全|没动)",),
        en=("tags? (?:are |is )?(?:still )?(?:on|attached|intact)",),
    ),
    "opened_to_inspect": Phrases(
        "opened_to_inspect", zh=("全新|原封",), en=("unopened|still sealed|sealed|never opened",)
    ),
}


@dataclass(frozen=True)
class SaidConditions:
    """Conditions that a text says are there, those it says are not, and by what words."""

    present: frozenset[str]
    absent: frozenset[str]
    spans: tuple[Span, ...] = ()


def read_conditions(text: str) -> SaidConditions:
    """Read what a folded text says of the state of the goods."""
    present: set[str] = set()
    absent: set[str] = set()
    spans: list[Span] = []
    for phrases in _CONDITIONS:
        for start, end in phrases.spans(text):
            is_denied = _DENIED_BEFORE.search(text[max(0, start - 20) : start]) or _DENIED_INSIDE.search(
                text[start:end]
            )
            (absent if is_denied else present).add(phrases.key)
            spans.append((start, end))
    for name, phrases in _NONE.items():
        if found := phrases.spans(text):
            absent.add(name)
            spans += found
    return SaidConditions(frozenset(present - absent), frozenset(absent), tuple(spans))
