"""What a customer says of the state of the goods, as far as the policy asks (``condition`` in ``policy.yml``)."""

import re
from dataclasses import dataclass

from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import Span

# He speaks of another thing than this one: of the brand, of one alike, of somebody's.
_ANOTHER_ZH = (
    "(?![^\\n,;!?。]{0,8}(?:牌子|品牌|这家|你家|你们家|类似|相似|别的|其他|其它|另外|同款|同类|同样|一样|差不多|上一代|老款|旧款|好多款"
    "|这种|那种|这类|(?:朋友|同事|别人|人家|同学|邻居|室友|[妈爸姐哥妹弟])的))"
)
_BEFORE_THIS_ONE_ZH = "(?<!以前)(?<!从前)(?<!曾经)(?<!之前)(?<!以前也)(?<!之前也)(?<!去年)(?<!上次)(?<!一直)"
_NO_GOODS_EN = (
    "(?! (?:\\w+ )?(?:code|coupon|voucher|link|app|site|website|form|points|gift|discount|wrong|right|correct|same|"
    "other|old|previous|size|sizing|chart|guide|address|e ?mail|card|account|number|search|filters?|wifi|manual|"
    "instructions?|label|chat|bot|calculator|default|express|payment|brand)s?(?![a-z]))"
)
_CONDITIONS: tuple[Phrases, ...] = (
    Phrases(
        "tags_cut",
        zh=(
            "(?:吊牌|标签|标牌|商标|牌子|水洗标|(?:领口?|衣服|裤子|上)的?标)[^\\n]{0,5}(?:剪|拆|撕|扯|掉了|没了|不在|扔|丢|摘)(?:了|掉|下来)*",
            "(?:剪|拆|撕|扯|摘|扔)(?:了|掉)*[^\\n]{0,2}(?:吊牌|标签|标牌|商标|标)",
        ),
        en=(
            r"(?:cut|cutting|snipped|clipped|took|taken|take|removed|remove|ripped|tore|pulled|threw)"
            r"(?: \w+){0,3} (?:tags?|"
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
_LOST_ZH = "(?:弄|搞)?(?:丢|扔|不见|找不到|坏)(?:了|掉)+"
_LOST_EN = "(?:lost|misplaced|binned|threw away|threw out|thrown away|thrown out|can not find|no longer have)"
_ACCESSORIES_ZH = "(?:配件|附件|说明书|充电(?:线|盒|器|头|仓)|数据线|遥控器|(?<![递装纸外])盒(?:子)?|盖子)"
_ACCESSORIES_EN = "(?:accessories|accessory|charger|charging (?:case|cable)|cable|case|manual|remote|lid|adapter)"
# What the customer lacks of what has to come back with the goods, named as `no_` and what the policy requires.
_LACKS: tuple[Phrases, ...] = (
    Phrases(
        "no_accessories",
        zh=(f"{_ACCESSORIES_ZH}[^\\n]{{0,3}}(?:被我)?{_LOST_ZH}|(?:丢|扔|弄丢)了?[^\\n]{{0,2}}{_ACCESSORIES_ZH}",),
        en=(f"{_LOST_EN}(?: \\w+){{0,2}}? {_ACCESSORIES_EN}", f"{_ACCESSORIES_EN} (?:is|are|got) (?:lost|gone)"),
    ),
    Phrases(
        "no_gifts",
        zh=("(?:赠品|送的(?:东西|礼物|小样))[^\\n]{0,3}(?:丢|扔|用|吃|喝|送人|不见|找不到)(?:了|掉|完)+",),
        en=(
            f"(?:{_LOST_EN}|used(?: up)?|gave away|ate)(?: \\w+){{0,2}}? (?:gift|freebie|samples?)",
            "(?:gift|freebie|samples?) (?:is|are) (?:lost|gone|used(?: up)?)",
        ),
    ),
    Phrases(
        "no_intact",
        zh=(
            "(?:手|水)?洗(?:过|了)(?![^\\n]{0,4}(?:掉色|褪色|缩水|起球|变形))|下过水|穿出(?:去|门)[过了]|穿(?:出?去|了)[^\\n]{0,4}[天周月次回]",
            "(?<!试)(?<!别人)(?<!人家)(?<!被人)(?:用|戴|穿)(?:过|了)(?:好?几|[一两三四五六七八九十半0-9]+)(?:个?[周月次回年天]|个?(?:星期|礼拜))"
            f"(?![^\\n]{{0,3}}就){_ANOTHER_ZH}",
            f"(?<!别人)(?<!人家)(?<!被人)(?<!试){_BEFORE_THIS_ONE_ZH}(?:使用|用)过(?!的?(?:券|优惠|积分|码)){_ANOTHER_ZH}",
        ),
        en=(
            "been (?:using|wearing) (?:it|them|these|the \\w+)",
            f"(?:washed|wore|worn|used)(?: it| them| these| the{_NO_GOODS_EN} \\w+)"
            "(?! to (?!an? |the |work|school|bed))(?! before(?! i| we| notic| seeing))"
            "(?! (?:once |twice |one time )?and (?:it|they|the))",
            "(?:used|worn|wore|washed) (?:once|twice|outside|outdoors|a few times|several times)(?! and (?:it|they|"
            "the))",
            "(?:it|they) (?:has|have) been (?:washed|worn|used)",
        ),
    ),
)
# "没有把衣服的吊牌", "还没来得及", "不敢"; "nobody has", "had no time to", "never worn or".
_DENIED_BEFORE = re.compile(
    r"(?:没有?|未|从未|不曾|不会|(?<!特)(?<!分)(?<!区)别|不(?=敢|想|打算|舍得|愿意?|准备))"
    r"(?:人|怎么|真的?|[被拿去把将给敢想]|来得及|舍得|打算|愿意?|准备|时间|工夫|动手|自己|它们?|这[个件双]|[^\W我]{1,4}的)*$"
    r"|(?<![a-z])(?:not|never|without|no|nobody|no one|none of (?:us|them|the|my family)|nor|forgot to|refused to)"
    r"(?: (?:even|been|yet|have|has|had|actually|be|ever|really|once|one|also|(?:time|chance|reason|need|want|wish"
    r"|dare|intend|plan|going|manage|bother|trying|get (?:a )?(?:round|around|chance|time)) to"
    r"|\w+(?: it| them)? n?or))* ?$"
)
_DENIED_INSIDE = re.compile(
    r"没(?!了|注意|看|留意|想到|忍住)|未|还在|都在|不会|(?<![a-z])(?:not|never|still)(?![a-z])"
)
_DENIED_LOSS = re.compile(r"(?:没有?|未|不会|不是)(?:被我?|给|弄|搞)*(?:丢|扔|用|吃|喝|送|坏|不见|找不到)")
# "穿过一次都没有", "吊牌剪都没剪", not "用了两天都没有效果".
_DENIED_BEHIND = re.compile(
    r"(?:[一两三几半0-9]+(?:个?[周月次回年天]|下))?(?:也|都)(?:从来?|还)?没有?"
    r"(?:[过呢啊呀哦的]|[剪拆撕摘扯穿戴用洗丢扔动]过?)?(?=$|\W|_)"
)
# It came so, no doing of his: cut when it was received, and nobody said to have cut it then.
_CAME_BEFORE = re.compile(
    r"(?:收到|到手|寄来|发来|拿到|来的|打开|发现|看到)(?P<then>[^\n;!?。]{0,10})$"
    r"|(?<![a-z])(?:came|arrived|got|received|sent|delivered)(?: (?:it|them|me|us))?(?P<meanwhile>(?: \w+){0,5} )$"
)
_CAME_BEHIND = re.compile(
    r"[^\n,;!?。]{0,6}(?:寄来|来的时候|来就|收到就|收到的?时)"
    r"|[^\n]{0,30}when (?:it|they|i|we) (?:came|arrived|got|received)"
)
_CUT_BY_SOMEBODY = re.compile(
    r"(?:你们|店家|商家|卖家|厂家|仓库|别人|有人|(?:上|前)一?[个位任手]"
    r"|(?:之前|别|前面|其他)的?(?:人|客人|顾客|买家|客户)|被(?!我)|发现|看到)(?:[^我\n]|我的|给我|我[买收]){0,13}$"
    r"|不是(?:我们?|本人)(?:自己)?$|(?<![a-z])not (?:me|us) (?:who|that) $"
    r"|(?<![a-z])(?:with|without|assistant|cashier|clerk|someone|somebody|they|you|seller|shop|store|factory|warehouse"
    r"|courier|your (?:staff|people)|(?:previous|other|another|last|first|earlier|former)"
    r" (?:customer|buyer|owner|person|one"
    r"|guy|lady|man|woman|shopper|client)s?)"
    r"(?: (?:had|have|has|must|may|might|already|probably|the|just|simply))* ?$"
)
_CUT_BY_HIM = re.compile(r"我|自己|后|了[,，]|把|手快|不小心|(?<![a-z])(?:i|we|then)(?![a-z])")
_ACTIVE_EN = re.compile(
    r"(?:cut|cutting|snipped|clipped|took|taken|take|removed?|ripped|tore|pulled|threw)(?: \w+){0,3} (?:tags?|labels?)"
)
_PASSIVE_ZH = re.compile(r"被(?!我)|寄来|来就|收到就")
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
            if phrases.key == "tags_cut" and _came_so(text, start, end):
                continue
            is_denied = _is_denied(text, start, end) or _DENIED_INSIDE.search(text, start, end)
            (absent if is_denied else present).add(phrases.key)
            spans.append((start, end))
    for phrases in _LACKS:
        for start, end in phrases.spans(text):
            if not _is_denied(text, start, end) and not _DENIED_LOSS.search(text, start, end):
                present.add(phrases.key)
                spans.append((start, end))
    for name, phrases in _NONE.items():
        if found := phrases.spans(text):
            absent.add(name)
            spans += found
    return SaidConditions(frozenset(present - absent), frozenset(absent), tuple(spans))


def _is_denied(text: str, start: int, end: int) -> bool:
    """Say whether the words around a stretch of a folded text deny it."""
    return _DENIED_BEFORE.search(text[max(0, start - 32) : start]) is not None or (
        _DENIED_BEHIND.match(text, end) is not None
    )


def _came_so(text: str, start: int, end: int) -> bool:
    """Say whether tags that are cut, as a stretch of a folded text says, were so when the goods came."""
    if _PASSIVE_ZH.search(text[start:end]) or _CAME_BEHIND.match(text, end):
        return True
    before = text[max(0, start - 40) : start]
    if _CUT_BY_SOMEBODY.search(before):
        return True
    came = _CAME_BEFORE.search(before)
    if came is None or _ACTIVE_EN.match(text, start):
        return False
    return _CUT_BY_HIM.search(came["then"] or came["meanwhile"] or "") is None
