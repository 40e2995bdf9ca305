"""Slips and habits of customers' typing: the student sees them, the teacher does not. Learning from synthetic noise of
several kinds carries over to natural slips in part (Belinkov & Bisk 2018).

Chinese: characters taken for ones that sound alike (input methods offer them; the sounds are pypinyin's), pinyin left
unconverted, dropped, doubled and swapped characters, traditional characters, full-width letters. English: dropped,
doubled, swapped and neighbouring letters, missing spaces, short forms. Both: a word in the other language.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

# Written so on purpose or by habit, in shop talk; what merely sounds alike comes from the table of sounds.
_HABITS = [
    ("怎么", "咋"), ("什么", "啥"), ("什么", "神马"), ("没有", "木有"), ("为什么", "为啥"), ("你", "妮"),
    ("优惠券", "优惠卷"), ("这样", "酱紫"), ("喜欢", "稀饭"), ("谢谢", "3q"), ("可以", "阔以"),
    ("什么时候", "啥时候"), ("知道", "造"), ("不", "8"), ("吗", "嘛"), ("吗", "不"), ("的", "滴"), ("我", "俺"),
    ("客服", "客fu"), ("东西", "东东"), ("订单", "单子"),
]  # fmt: skip
_SHORT_FORMS = [
    ("you", "u"), ("are", "r"), ("please", "pls"), ("please", "plz"), ("want to", "wanna"),
    ("going to", "gonna"), ("thanks", "thx"), ("because", "cuz"), ("tomorrow", "tmrw"), ("my", "me"),
    ("your", "ur"), ("to", "2"), ("for", "4"), ("order", "ordr"), ("address", "adress"),
    ("received", "recieved"), ("receive", "recieve"), ("delivery", "delivry"), ("what is", "whats"),
    ("how long", "hw long"), ("when", "wen"), ("with", "w/"), ("and", "n"), ("before", "b4"),
    ("message", "msg"), ("package", "pkg"), ("account", "acct"), ("something", "smth"), ("can't", "cant"),
    ("don't", "dont"), ("won't", "wont"), ("didn't", "didnt"), ("isn't", "isnt"), ("i'm", "im"),
    ("it's", "its"), ("through", "thru"), ("though", "tho"), ("their", "thier"), ("refund", "refnd"),
    ("which", "wich"),
]  # fmt: skip
_MIXED = [
    ("订单", "order"), ("退货", "return"), ("退款", "refund"), ("快递", "package"), ("包裹", "parcel"),
    ("优惠券", "coupon"), ("发货", "ship"), ("地址", "address"), ("颜色", "color"), ("尺码", "size"),
    ("发票", "invoice"), ("密码", "password"), ("账号", "account"), ("会员", "VIP"), ("积分", "points"),
    ("客服", "customer service"), ("取消", "cancel"), ("付款", "pay"), ("支付", "payment"), ("邮箱", "email"),
    ("验证码", "code"), ("物流", "tracking"), ("运费", "shipping fee"), ("保修", "warranty"),
    ("礼品卡", "gift card"), ("换货", "exchange"), ("分期", "instalments"), ("投诉", "complain"),
    ("质量", "quality"), ("评价", "review"), ("折扣", "discount"), ("便宜", "cheap"), ("门店", "shop"),
    ("下单", "order"), ("正品", "authentic"), ("安装", "install"), ("人工", "human"), ("破损", "damaged"),
    ("手机号", "phone number"), ("降价", "price drop"), ("补货", "restock"), ("现货", "in stock"),
    ("包邮", "free shipping"), ("关税", "customs"), ("修改", "change"), ("预售", "pre-order"),
    ("定金", "deposit"), ("签收", "delivered"), ("赠品", "free gift"),
]  # fmt: skip
_DROPPABLE = "的了吗呢啊吧呀哦么我你请"
_NEIGHBOURS = {
    "a": "qsz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
_OPENERS = {
    "zh": [
        "你好，", "亲，", "请问", "请问一下，", "在吗，", "麻烦问下，", "hi，", "急！", "那个，", "老板，",
        "客服，", "我想问一下", "亲亲，", "你们家", "哎，", "问下", "您好，", "喂，", "晕，", "不好意思，",
        "想咨询下，",
    ],
    "en": [
        "hi, ", "hello, ", "pls ", "excuse me, ", "hey ", "ok so ", "urgent: ", "sorry, ", "good morning, ",
        "um, ", "quick question: ", "hi there! ", "hello team, ", "could you tell me ", "I'd like to know ",
        "guys, ",
    ],
}  # fmt: skip
_CLOSERS = {
    "zh": [
        "，谢谢", "，急", "！", "？", "？？", "呢", "啊", "，在线等", "~", "呀", "，谢谢啦", "，求解", "呗",
        "哈", "，烦死了", "。", "…",
    ],
    "en": [
        "?", "??", "!", ", thanks", " please", " pls", " asap", " thx", ".", "...", ", thank you", " mate",
        "?!", " lol", ", I'm really annoyed",
    ],
}  # fmt: skip
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?", re.IGNORECASE)


def is_chinese(text: str) -> bool:
    """Tell whether the text has a Chinese character."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


class Noise:
    """Changes texts as customers would; made once for the characters and words of the corpus."""

    def __init__(self, texts: Iterable[str], words: Iterable[tuple[str, str]], rng: random.Random) -> None:
        self._rng = rng
        counts = Counter(character for text in texts for character in text if "\u4e00" <= character <= "\u9fff")
        self._sound, self._alike = _sounds([character for character, _ in counts.most_common(3000)])
        pairs = [pair for pair in dict.fromkeys([*words, *_MIXED]) if len(pair[0]) > 1]
        self._mixed = sorted(pairs, key=lambda pair: -len(pair[0]))
        self._traditional = _traditional(counts)

    def dress(self, text: str) -> str:
        """Put an opening or a closing of no further meaning around the text."""
        side = "zh" if is_chinese(text) else "en"
        if self._rng.random() < 0.5:
            text = self._rng.choice(_OPENERS[side]) + text
        if self._rng.random() < 0.5:
            text = text.rstrip("？?。！!.") + self._rng.choice(_CLOSERS[side])
        return text

    def mix(self, text: str) -> str:
        """Say one or two of its words in the other language."""
        side = 0 if is_chinese(text) else 1
        padded = f" {text} "
        known = [pair for pair in self._mixed if (pair[0] in text if side == 0 else f" {pair[1]} " in padded)]
        for pair in self._rng.sample(known, min(len(known), self._rng.choice((1, 1, 2)))):
            other = pair[1 - side]
            if side == 0 and self._rng.random() < 0.5:
                other = f" {other} "
            wanted, instead = (pair[0], other) if side == 0 else (f" {pair[1]} ", f" {other} ")
            padded = padded.replace(wanted, instead, 1)
        return padded.strip()

    def slip(self, text: str) -> str:
        """Give the text with slips of its language, more in a long one; the shortest texts stay as they are."""
        if len(text) < 3:
            return text
        change = self._slip_chinese if is_chinese(text) else self._slip_latin
        length = len(text) if is_chinese(text) else len(text) // 3  # in characters that say about as much
        for _ in range(self._rng.choice((1, 1, 2, 2, 3, 4) if length > 12 else (1, 1, 1, 2, 2)) if length > 3 else 1):
            text = change(text)
        return text

    def _slip_chinese(self, text: str) -> str:
        if len(text) < 3:
            return text
        kind, rng = self._rng.random(), self._rng
        if kind < 0.45:
            return self._sounding_alike(text)
        if kind < 0.57:
            return self._habit(text, _HABITS)
        if kind < 0.67:
            return self._pinyin(text)
        if kind < 0.72:
            return "".join(self._traditional.get(character, character) for character in text)
        at = rng.randrange(len(text) - 1)
        if kind < 0.80:
            droppable = [place for place, character in enumerate(text) if character in _DROPPABLE]
            place = rng.choice(droppable) if droppable and rng.random() < 0.7 else at
            return text[:place] + text[place + 1 :]
        if kind < 0.86:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if kind < 0.91:
            return text[: at + 1] + text[at:]
        if kind < 0.94:
            return "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)
        return re.sub(r"[，。？！、,.?!]", rng.choice(("", " ")), text).strip() or text

    def _sounding_alike(self, text: str) -> str:
        places = [place for place, character in enumerate(text) if self._alike.get(character)]
        if not places:
            return text
        place = self._rng.choice(places)
        return text[:place] + self._rng.choice(self._alike[text[place]]) + text[place + 1 :]

    def _pinyin(self, text: str) -> str:
        places = [place for place, character in enumerate(text) if character in self._sound]
        if not places:
            return text
        start = self._rng.choice(places)
        length = len(text) if len(text) <= 5 and self._rng.random() < 0.4 else self._rng.choice((1, 2, 2))
        start = 0 if length == len(text) else start
        gap = self._rng.choice(("", "", " "))
        spelt = gap.join(self._sound.get(character, character) for character in text[start : start + length])
        return text[:start] + spelt + text[start + length :]

    def _slip_latin(self, text: str) -> str:
        kind, rng = self._rng.random(), self._rng
        if kind < 0.22:
            return self._habit(text.lower(), _SHORT_FORMS)
        if kind < 0.32:
            return text.lower().translate(str.maketrans("", "", "?.!,'"))
        if kind < 0.35:
            return text.upper()
        spaces = [place for place, character in enumerate(text) if character == " "]
        if kind < 0.43 and spaces:
            place = rng.choice(spaces)
            return text[:place] + text[place + 1 :]
        words = [match for match in _WORD.finditer(text) if len(match[0]) > 2]
        if not words:
            return text
        word = rng.choices(words, [len(match[0]) for match in words])[0]
        return text[: word.start()] + self._misspelt(word[0]) + text[word.end() :]

    def _misspelt(self, word: str) -> str:
        kind, at = self._rng.random(), self._rng.randrange(len(word) - 1)
        if kind < 0.3:
            return word[: at + 1] + word[at + 2 :]
        if kind < 0.5:
            return word[: at + 1] + word[at:]
        if kind < 0.75:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind < 0.87:
            vowels = [place for place, letter in enumerate(word) if letter in "aeiou"]
            place = self._rng.choice(vowels) if vowels else at
            return word[:place] + self._rng.choice("aeiou") + word[place + 1 :]
        letter = word[at].lower()
        return word[:at] + self._rng.choice(_NEIGHBOURS.get(letter, letter)) + word[at + 1 :]

    def _habit(self, text: str, habits: list[tuple[str, str]]) -> str:
        padded = f" {text} "
        latin = habits is _SHORT_FORMS
        known = [pair for pair in habits if (f" {pair[0]} " if latin else pair[0]) in padded]
        if not known:
            return text
        right, wrong = self._rng.choice(known)
        if latin:
            return padded.replace(f" {right} ", f" {wrong} ", 1).strip()
        return text.replace(right, wrong, 1)


def _sounds(characters: list[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Give each character's pinyin without tone, and the frequent characters that sound the same or nearly."""
    from pypinyin import lazy_pinyin

    sound = {character: lazy_pinyin(character)[0] for character in characters}
    same: dict[str, list[str]] = defaultdict(list)
    for character, spelt in sound.items():
        same[spelt].append(character)
        blurred = _blur(spelt)
        if blurred != spelt:
            same[blurred].append(character)
    alike = {}
    for character, spelt in sound.items():
        others = [other for other in same[spelt][:14] if other != character]
        nearly = [other for other in same[_blur(spelt)][:6] if other not in others and other != character]
        alike[character] = others * 3 + nearly
    return sound, alike


def _blur(spelt: str) -> str:
    """Merge sounds that many speakers do not tell apart (zh and z, n and l, ing and in)."""
    for right, wrong in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in")):
        spelt = spelt.replace(right, wrong)
    return "l" + spelt[1:] if spelt.startswith("n") else spelt


def _traditional(characters: Iterable[str]) -> dict[str, str]:
    from opencc import OpenCC

    convert = OpenCC("s2t").convert
    return {character: other for character in characters if (other := convert(character)) != character}
