"""Whether a text still has a figure in it that nobody has read. A reader of amounts or pieces that leaves one unread
has not understood the question."""

import re

_HARMLESS = re.compile(
    r"一共|一起|一下|一并|一样|一般|一些|一点|统一|万一|唯一|十分|百搭|(?<![0-9])[1-9一两二三几][款种样]"
    r"|(?<![a-z])(?:this|that|which|the|any|good|every|no|a) (?:[a-z]+ )?ones?(?![a-z])"
    r"|(?<![a-z])a (?:couple|few) of suggestions(?![a-z])"
)
_MEASURES = "个件双对条只台本盒瓶支箱包套部份副把张块斤袋组枚根颗罐顶枝打百千万十"
_FIGURE = re.compile(
    rf"[0-9二两三四五六七八九十百千万几俩仨各每倍半]|一[{_MEASURES}]"
    r"|(?<![a-z])(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|twenty|thirty|fort?y"
    r"|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|grand|dozens?|couple|several|few|both|pairs?|double|triple"
    r"|twice|half|each|per)(?![a-z])"
)


def has_figure(text: str) -> bool:
    """Say whether a folded text has a number, in figures or words, or speaks of several without saying how many."""
    return _FIGURE.search(_HARMLESS.sub(" ", text)) is not None
