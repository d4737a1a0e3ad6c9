"""Dates as written in, ISO 8601 text out, with the precision they had; `None` for what cannot be read for sure."""

from __future__ import annotations

import functools
import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from tocsin.ontology import load

_PARTIAL = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{8})(?:[T ]?(\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d{1,9})?)? ?(?:Z|[+-]\d{2}:?\d{2})?))?")
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_TIME = r"(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[AaPp]\.?[Mm]\.?)?\s*\(?(?:[A-Z]{1,5}|[+-]\d{2}:?\d{2})?\)?"
_ENDS_LINE = re.compile(rf"[\s,|·)–-]*(?:{_TIME})?\s*$")
_ENDS_DATELINE = re.compile(r"[\s,]*(?:\([^()\n]{1,40}\)\s*)?(?:—|–|--|-\s)")


def iso(value: object) -> str | None:
    """A date in ISO 8601: `2024`, `2024-11`, `2024-11-18`, or with its time if one was given.

    Reads ISO 8601, RFC 2822, English dates with the month as a word, and numeric dates that can only be read one way;
    `None` for all else, as for `03/04/2024`, which is in March for some and in April for others.

    >>> iso("Mon, 18 Nov 2024 10:20:00 +0200"), iso("Nov. 18, 2024"), iso("11/18/2024"), iso("03/04/2024")
    ('2024-11-18T10:20:00+02:00', '2024-11-18', '2024-11-18', None)
    """
    if isinstance(value, datetime):
        midnight = value.tzinfo is None and (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat()  # tables keep dates as midnights
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join(str(value).split())
    if _PARTIAL.fullmatch(text):
        return text
    return _standard(re.sub(r" (?:UTC|GMT)$", "Z", text)) or _numeric(text) or _worded(text) or (_rfc2822(text) if ":" in text else None)


def dateline(text: str) -> str | None:
    """The date of the dateline of a news text, if it has one near its beginning.

    The date stands at the end of a line of its own, or before a dash, after nothing but names, labels and weekdays; a
    date inside a sentence is none.

    >>> dateline("WASHINGTON, Nov. 18, 2024 (Agency) — The United States has let Ukraine ...")
    '2024-11-18'
    >>> dateline("Russia invaded on Feb. 24, 2022 — and the war goes on.") is None
    True
    """
    for line in text[: load("inputs.yaml")["dateline"]["within"]].split("\n"):
        for found in _written().finditer(line):
            if _is_dateline(line[: found.start()], line[found.end():]):
                return _from_words(found)
    return None


def _is_dateline(before: str, after: str) -> bool:
    rule = load("inputs.yaml")["dateline"]
    words = re.findall(r"[^\W\d_][\w.'’]*", before)
    names = [word for word in words if word.lower().strip(".") not in rule["labels"]]
    if len(words) > 8 or any(word[0].islower() or word.lower() in rule["stops"] for word in names):
        return False
    if names and before.rstrip()[-1] not in ",|·:;()–—-" and not before.isupper():
        return False
    return bool(_ENDS_LINE.match(after) or (words == names and _ENDS_DATELINE.match(after)))


@functools.cache
def _written() -> re.Pattern[str]:
    month = "(?:" + "|".join(load("inputs.yaml")["months"]) + r")[a-z]{0,6}"
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    return re.compile(
        rf"\b(?:(?P<m1>{month})\.?\s+(?P<d1>{day}),?\s+(?P<y1>\d{{4}})"
        rf"|(?P<d2>{day})\s+(?P<m2>{month})\.?,?\s+(?P<y2>\d{{4}})|(?P<iso>\d{{4}}-\d{{2}}-\d{{2}}))\b",
        re.IGNORECASE,
    )


def _from_words(found: re.Match[str]) -> str | None:
    if found["iso"]:
        return _standard(found["iso"])
    year, name, day = (found[key + "1"] or found[key + "2"] for key in "ymd")
    month = load("inputs.yaml")["months"].index(name[:3].lower()) + 1
    return _day(int(year), month, int(re.sub(r"\D", "", day)))


def _worded(text: str) -> str | None:
    words = text.split()
    while words and words[0].lower().strip(".,:") in load("inputs.yaml")["dateline"]["labels"]:
        words.pop(0)
    found = _written().fullmatch(" ".join(words))
    return _from_words(found) if found else None


def _standard(text: str) -> str | None:
    found = _ISO.fullmatch(text)
    if not found:  # `fromisoformat` alone would read digits into a sense of its own
        return None
    day, time = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time.replace(' ', '')}" if time else day)
    except ValueError:
        return None
    return moment.isoformat() if time else moment.date().isoformat()


def _rfc2822(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError):  # what the parser of the standard library lets through
        return None


def _numeric(text: str) -> str | None:
    found = _NUMERIC.fullmatch(text)
    if not found:
        return None
    first, second, year = map(int, found.groups())
    if "." in text or first > 12:  # with points the day is always first
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 or first == second else None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
