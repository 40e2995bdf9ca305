"""How files of the shop's data write amounts, and one of demo orders times and days, which count from the present."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from kefu.errors import DataError
from kefu.shop.fields import Fields
from kefu.yaml_text import SAFE_LOADER

ZONE = ZoneInfo("Asia/Shanghai")

_AGO = re.compile(r"-(?:(\d+)d(?: (\d\d):(\d\d))?|(\d+)h|(\d+)m)")
_DAY = re.compile(r"([+-]\d+)d")
_YUAN = re.compile(r"(\d+)(?:\.(\d{1,2}))?")


class _Loader(SAFE_LOADER):
    """Leaves numbers with a point as the text they are: 59.9 is an amount, which no binary fraction equals."""

    yaml_constructors = {
        **SAFE_LOADER.yaml_constructors,
        "tag:yaml.org,2002:float": SAFE_LOADER.construct_yaml_str,
    }


def read_yaml(file: Path, what: str = "orders") -> Any:
    """Read a file, whose numbers with a point stay texts; ``what`` it holds is said in errors.

    :raises DataError: if it cannot be read or is not YAML.
    """
    try:
        return yaml.load(file.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise DataError(f"The {what} {file} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"The {what} {file} cannot be read: not valid YAML: {error}") from error


def moment(text: str, now: datetime, where: str) -> datetime:
    """Read "-3d 14:20" (three days ago, at that time of day), "-3d", "-5h" or "-40m".

    :raises DataError: if it is none of these, or has not come yet.
    """
    match = _AGO.fullmatch(text)
    if match is None:
        raise DataError(f'`{where}` must be such as "-3d 14:20", "-3d", "-5h" or "-40m"; it is {text!r}.')
    days, hour, minute, hours, minutes = match.groups()
    then = now - timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0))
    if hour is not None:
        then = then.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if then > now:
        raise DataError(f"`{where}` lies in the future: use hours or minutes for what happened today.")
    return then


def day(text: str, now: datetime, where: str) -> date:
    """Read "+4d" (the day in four days' time) or "-2d".

    :raises DataError: if it is neither.
    """
    match = _DAY.fullmatch(text)
    if match is None:
        raise DataError(f'`{where}` must be a day such as "+4d" or "-2d"; it is {text!r}.')
    return (now + timedelta(days=int(match.group(1)))).date()


def cents(fields: Fields, key: str) -> int:
    """Read an amount in yuan such as 59, 59.9 or 59.90 as cents, exactly.

    :raises DataError: if it is missing, negative, or finer than cents.
    """
    value = fields.get(key)
    text = str(fields.whole_number(key)) if isinstance(value, int) else fields.text(key)
    match = _YUAN.fullmatch(text)
    if match is None:
        raise DataError(
            f"`{fields.where}.{key}` must be yuan with at most two decimals, such as 59.9; it is {text!r}."
        )
    yuan, fraction = match.groups()
    return int(yuan) * 100 + int((fraction or "").ljust(2, "0"))
