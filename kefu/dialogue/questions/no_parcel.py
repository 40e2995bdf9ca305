"""Questions that sound like a look-up ("where is …") and are about no order: the shop itself, its hours."""

from kefu.dialogue.words.phrases import Phrases

_SHOP_EN = (
    "(?:(?:physical|retail|nearest|closest|offline|brick and mortar) )?"
    "(?:stores?|shops?|branch(?:es)?|showroom|outlet)(?: (?:located|please|then|anyway|actually))?"
)
OF_THE_SHOP = Phrases(
    "of_the_shop",
    zh=(
        "(?:门店|实体店|线下店|分店|你们店|贵店|店铺|商店)[^\\n买快包货单件]{0,4}"
        "(?:在哪|哪里|哪儿|地址|怎么走|几点|营业|开门|关门|位置)",
    ),
    en=(
        f"where (?:is|are|can i find|do i find)(?: (?:the|your|a|any))? {_SHOP_EN}(?=\\W*$)",
        f"(?:address|location|directions|opening hours)(?: \\w+){{0,2}} {_SHOP_EN}(?=\\W*$)",
        f"how do i get to (?:the|your) {_SHOP_EN}(?=\\W*$)|is (?:the|your) {_SHOP_EN} (?:open|closed)",
        f"(?:when|what time) (?:does|do|is|are)(?: (?:the|your))? {_SHOP_EN} (?:open|close)",
    ),
)
