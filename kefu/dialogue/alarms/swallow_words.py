"""Words of somebody who has swallowed what is no food, or chokes: the doctor comes before the goods."""

from kefu.dialogue.words.phrases import Phrases

_SMALL_ZH = (
    "(?:电池|磁力?[珠球铁片]|螺丝|零件|配件|干燥剂|弹?珠子?|玻璃|钉|碎片|清洁[剂液]|消毒液|洗[^\\n]{1,2}[液精]|凝珠"
    "|硬币|纽扣"
    "|硅胶|橡胶|塑料|泡沫|耳[塞帽]|贴纸|标签|胶水|香薰液)"
)
_LITTLE_ZH = (
    "(?:孩子|小孩|宝宝|宝贝|娃|儿子|女儿|孙子|孙女|外孙|弟弟|妹妹|侄[子女]|狗|猫|老人|奶奶|爷爷|外婆|外公|老公|老婆"
    "|爸|妈|他|她)"
)
_LITTLE_EN = (
    "(?:kids?|sons?|daughters?|baby|toddler|child|infant|newborn|(?:year|month) old|boy|girl|twins?|dog|cat|puppy"
    "|kitten"
    "|brother|sister|nephew|niece|grandson|granddaughter|grandma|grandpa|mum|mom|dad|husband|wife|someone|somebody"
    "|he|she)"
)
_THINGS_EN = (
    "(?:batter(?:y|ies)|magnets?|screws?|beads?|parts?|pieces?|bits?|buttons?|cells?|detergent|bleach|silica|gel"
    "|glass|coins?"
    "|marbles?|cleaner|pods?|liquid|balls?|silicone|rubber|plastic|foam|tips?|caps?|stickers?|packets?|sachets?"
    "|desiccant"
    "|glue)"
)
SWALLOWED = Phrases(
    "swallowed",
    zh=(
        f"(?:吞|咽|误[食服饮喝吃])[下了进掉到]{{0,2}}[^\\n]{{0,4}}{_SMALL_ZH}|{_SMALL_ZH}[^\\n]{{0,5}}(?:吞"
        f"|咽)[了下进掉]",
        f"{_LITTLE_ZH}[^\\n,;!?。]{{0,6}}(?:吃|喝|咬)[了下进掉][^\\n]{{0,4}}{_SMALL_ZH}|误[吞食服饮喝][了下进]",
        f"(?:{_LITTLE_ZH}|不小心|不慎)[^\\n,;!?。]{{0,14}}(?:吞|咽)(?:[了进]|下[去了肚])"
        f"|把[^\\n,;!?。]{{1,10}}[吞咽](?:下|进|到)"
        "(?:去|了|肚|胃)",
        f"{_LITTLE_ZH}[^\\n,;!?。]{{0,8}}把[^\\n,;!?。]{{0,6}}{_SMALL_ZH}[^\\n,;!?。]{{0,3}}(?:吃|喝|咽)(?:了|下|进"
        f"|掉)",
        f"卡[^\\n]{{0,3}}(?:喉|嗓子|气管|食道)|{_LITTLE_ZH}[^\\n]{{0,8}}噎[到住着]",
    ),
    en=(
        f"(?:swallow(?:ed|s)|ingested|inhaled)(?: \\w+){{0,4}} {_THINGS_EN}",
        f"{_LITTLE_EN}(?: (?!not |never )\\w+){{0,4}} (?:swallowed|ingested)(?! (?:(?:his|her|the|my|this|that|its)"
        f" )?"
        "(?:pride|costs?|loss|losses|hard|price|words|anger|up|fees?))",
        "i(?: (?!not |never )\\w+){0,2} (?:swallowed|ingested) (?:a|an|the|it|one|some|something|part)",
        f"{_LITTLE_EN}(?: \\w+)? (?:ate|drank)(?! through)(?: \\w+){{0,3}} {_THINGS_EN}",
        "chok(?:ed|ing) on|(?:stuck|lodged) in (?:his|her|my|their|the \\w+) throat",
        "(?:baby|kid|son|daughter|child|toddler|dog|cat|he|she)(?: \\w+){0,8} (?:choked|choking)(?! up)",
    ),
)
