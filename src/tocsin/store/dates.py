"""EDTF or ISO text → the first and the last day that it covers, as ISO text that sorts and compares.

The store filters by day; the record's JSON keeps the date with its own precision.
"""

from __future__ import annotations

import calendar
import re

POINT = re.compile(r"(\d{4}|\d{3}X|\d{2}XX)(?:-(\d\d|XX))?(?:-(\d\d|XX))?(?=T|$)", re.ASCII)


def days(edtf: str | None) -> tuple[str | None, str | None]:
    """First and last day; `None` where that end is open, unknown or unreadable.

    Approximate (`~`, `?`, `%`) counts as if it were sure; seasons and quarters (months above 12) as the whole year.

    >>> days("2024-02~")
    ('2024-02-01', '2024-02-29')
    >>> days("2022/..")
    ('2022-01-01', None)
    >>> days("199X")
    ('1990-01-01', '1999-12-31')
    """
    start, slash, end = (edtf or "").partition("/")
    return _point(start, last=False), _point(end if slash else start, last=True)


def _point(edtf: str, *, last: bool) -> str | None:
    found = POINT.match(re.sub("[~?%]", "", edtf.strip()))
    if found is None:
        return None
    year, month, day = found.groups()
    year = year.replace("X", "9" if last else "0")
    if month is None or not month.isdigit() or not 1 <= int(month) <= 12:
        return f"{year}-12-31" if last else f"{year}-01-01"
    if day is None or not day.isdigit():
        return f"{year}-{month}-{_length(year, month):02}" if last else f"{year}-{month}-01"
    return f"{year}-{month}-{day}"


def _length(year: str, month: str) -> int:
    return calendar.monthrange(max(int(year), 1), int(month))[1]
