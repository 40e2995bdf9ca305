"""Text of bytes in whatever encoding a spreadsheet program or an old shop system has written it."""

import codecs

from kefu.errors import DataError

LARGEST_FILE = 64 * 1024 * 1024  # bytes
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FIRST_OF_THREE_BYTES = "\u0800"  # characters from here on take three bytes in UTF-8, Chinese ones among them
_SURE = 2  # such characters in a line of GB18030 are no valid UTF-8, but for a chance in thousands
_CANDIDATES = ["gb18030", "big5", "cp1252", "shift_jis", "euc_kr"]


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Give the text without its byte order mark, and the encoding.

    Where some lines are UTF-8 and others are not, the others keep their bytes as surrogates (PEP 383): they are found
    by :func:`is_foreign`, so that each row that has any can be named.

    :raises DataError: if it is too large, or no text.
    """
    if len(data) > LARGEST_FILE:
        raise DataError(f"{name} has {len(data):,} bytes; {LARGEST_FILE:,} are allowed. Import it in parts.")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, name), encoding
    if b"\0" in data:
        encoding = _utf_16(data)
        return _decoded(data, encoding, name), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if any(_is_surely_utf_8(line) for line in data.splitlines()):
            return data.decode("utf-8", "surrogateescape"), "utf-8"
        return _legacy(data, name)


def is_foreign(text: str) -> bool:
    """Say whether a text holds bytes of another encoding than its file."""
    return any("\udc80" <= character <= "\udcff" for character in text)


def _is_surely_utf_8(line: bytes) -> bool:
    try:
        return sum(character >= _FIRST_OF_THREE_BYTES for character in line.decode("utf-8")) >= _SURE
    except UnicodeDecodeError:
        return False


def _utf_16(data: bytes) -> str:
    """Tell the byte order by where the zeros of ASCII characters, such as commas and line ends, stand."""
    return "utf-16-le" if data[1::2].count(0) >= data[0::2].count(0) else "utf-16-be"


def _legacy(data: bytes, name: str) -> tuple[str, str]:
    try:
        text = data.decode("gb18030")
        text.encode("gb2312")  # what is meant as Chinese is common Chinese; other encodings' bytes are not
        return text, "gb18030"
    except UnicodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_CANDIDATES).best()
    if best is None:
        raise DataError(f"{name}: its encoding cannot be told. Save it as UTF-8.")
    return str(best), best.encoding


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise DataError(
            f"{name}: row {line}: it begins as {encoding}, and is not from here on. Save it as UTF-8."
        ) from error
    if "\0" in text:
        raise DataError(f"{name} is no text: it has NUL characters.")
    return text
