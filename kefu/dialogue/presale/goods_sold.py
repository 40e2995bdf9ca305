"""What is sold at all, all of a kind, and devices that others make: "你们都卖啥", "what phones do you have"."""

import re

from kefu.dialogue.presale.asked import Asked
from kefu.dialogue.presale.query import Presale
from kefu.dialogue.words.phrases import Phrases
from kefu.dialogue.words.wording import without

_NAME = "§"
_SHOP_ZH = "(?:请问|你们?|咱们?|您|贵?店|店里|这家|家|这里|这儿|那|都|主要|平时|现在|目前|还|一般|是)*"
_WHAT_ZH = "(?:什么|啥|哪些|些什么|些啥)"
_GOODS_ZH = "(?:样的|好的?|类型的?|种类的?)?(?:产品|商品|东西|货|好东西|好货|宝贝|品类)"
_END_ZH = r"[的呢啊呀吗嘛哦呗么~]*\W*"
_LED_EN = r"^\W*(?:(?:hi|hello|hey|so|and|ok|okay|well)\W+){0,2}"
_SELL_EN = (
    "(?:do|can|does) (?:you|u|ur shop|your (?:shop|store)|this shop) (?:guys |all |actually |even )*"
    "(?:sell|offer|stock|carry)"
)
_HAVE_EN = "(?:do (?:you|u) (?:guys )?(?:have|sell|offer|stock|carry)|are (?:there|on offer)|have you got)"
_THINGS_EN = "(?:products?|goods|items|things|stuff|merchandise)"
_RANGE = Phrases(
    "range",
    zh=(
        rf"^\W*{_SHOP_ZH}卖(?:的是|的)?(?:些|点)?{_WHAT_ZH}(?:{_GOODS_ZH})?{_END_ZH}$",
        rf"^\W*{_SHOP_ZH}(?:有|卖)(?:些|点)?{_WHAT_ZH}{_GOODS_ZH}(?:卖|在卖|推荐|可以买|值得买|值得推荐|介绍){{0,2}}{_END_ZH}$",
    ),
    en=(
        rf"{_LED_EN}what {_SELL_EN}(?: here)?\W*$",
        rf"{_LED_EN}what (?:kinds? of |types? of |sorts? of |other )?{_THINGS_EN} {_HAVE_EN}(?: here)?\W*$",
        rf"{_LED_EN}what (?:can i (?:buy|order|get) (?:here|from you)|is (?:there|on sale) (?:to buy )?here)\W*$",
    ),
)
# All of a kind, whose name stands as a mark.
_OF_KIND = Phrases(
    "of_kind",
    zh=(
        rf"^\W*{_SHOP_ZH}(?:有|卖)(?:些|点)?(?:{_WHAT_ZH}|哪几[款种个])(?:样的?|牌子的?|型号的?|好的?|款式的?)?{_NAME}+(?:卖|在卖|推荐)?{_END_ZH}$",
        rf"^\W*{_SHOP_ZH}{_NAME}+{_SHOP_ZH}(?:有|卖)(?:{_WHAT_ZH}|哪几[款种个]){_END_ZH}$",
    ),
    en=(
        rf"{_LED_EN}(?:what|which)(?: kinds? of| types? of| sorts? of| other)? {_NAME}+s? {_HAVE_EN}"
        r"(?: here| in stock)?\W*$",
    ),
)
# Whether there is one device of a name, which is marked with its number and kind.
_HAS_ONE = Phrases(
    "has_one",
    zh=(
        rf"^\W*{_SHOP_ZH}(?:有没有卖?|[有在]卖|有|卖不卖|卖)(?:这款|那款|新款|最新的?)?\W*"
        rf"{_NAME}[{_NAME} ]*(?:卖|有货)?的?(?:吗|么|嘛|不|没有?)?\W*$",
        rf"^\W*{_SHOP_ZH}{_NAME}[{_NAME} ]*(?:有没有|有|卖不卖)(?:货|现货|卖)?(?:吗|么|嘛|没有?)?\W*$",
    ),
    en=(
        rf"{_LED_EN}(?:do (?:you|u) (?:guys |also |still )*(?:have|sell|carry|stock)|(?:have )?(?:you )?got)"
        rf"(?: the| an?| any)?(?: new| latest)? {_NAME}[{_NAME} ]*s?(?: in stock| for sale)?\W*$",
    ),
)
_BEFORE_NUMBER = re.compile("(?<=[a-z])(?=[0-9])")  # "iphone17"
_MODEL = r" ?(?:[0-9]{1,3}(?:g|s|t|x)?)?(?: ?(?:pro|max|plus|ultra|mini|air|se))*(?![a-z0-9])"


def read_sold(asked: Asked) -> Presale | None:
    """Read a question for what is sold: all shelves, all of one shelf, or a device that others make."""
    if _RANGE.within(asked.text):
        return Presale("range")
    kinds = asked.names.kinds(asked.text)
    marked = without(asked.text, [kind.span for kind in kinds], _NAME)
    keys = {key for kind in kinds for key in kind.keys}
    if len(keys) == 1 and _OF_KIND.within(marked):
        return Presale("recommend", shelf=keys.pop())
    return _device(asked)


def _device(asked: Asked) -> Presale | None:
    """Read "有 iPhone 17 吗": a device of a system's maker that has a number or a kind, and is no article."""
    text = _BEFORE_NUMBER.sub(" ", asked.text)
    told = [one for one in asked.names.systems(text) if len(one.keys) == 1]
    if len(told) != 1 or asked.found:
        return None
    system = told[0]
    shelf = asked.names.catalogue.systems[min(system.keys)].shelf
    rest = re.match(_MODEL, text[system.span[1] :])
    end = system.span[1] + (rest.end() if rest else 0)
    kinds = [kind for kind in asked.names.kinds(text) if kind.span[0] >= system.span[0]]
    is_told = bool(rest and rest.group().strip()) or bool(kinds)
    if shelf is None or not is_told or any(kind.keys != {shelf} for kind in kinds):
        return None
    marked = without(text, [(system.span[0], end), *(kind.span for kind in kinds)], _NAME)
    return Presale("recommend", shelf=shelf, system=min(system.keys)) if _HAS_ONE.within(marked) else None
