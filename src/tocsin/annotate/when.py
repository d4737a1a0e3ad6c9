"""Time expressions and the day of publication in, what they mean as EDTF out; `None` where the words leave it open.

Nothing is given finer than the words have it: *two weeks ago* is that week, *March 2023* that month. Absolute expressions are
`stated`; those that lean on the day of publication `counted`; where a habit of the language had to decide (a season,
*the next day* after the date named before it) `inferred`. Words and numbers come from `ontology/times.yaml`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tocsin.model import Time, When
from tocsin.ontology import load

_WORDS: Mapping[str, Any] = load("times")
_MONTHS: dict[str, int] = _WORDS["months"]
_WEEKDAYS: dict[str, int] = _WORDS["weekdays"]
_NUMBERS: dict[str, int] = {str(key): value for key, value in _WORDS["numbers"].items()}
_ORDINALS: dict[str, int] = _WORDS["ordinals"]
_SEASONS: dict[str, int] = _WORDS["seasons"]
_DAYS_PER_MONTH_THIRD = ((1, 10), (11, 20), (21, 31))


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression leans on: the day of publication, which way it points, the day named before it."""

    today: date | None
    future: bool | None = None
    before: date | None = None


def times(
    spans: Iterable[tuple[int, int]],
    text: str,
    *,
    published: str | None,
    tenses: Mapping[tuple[int, int], str] | None = None,
) -> tuple[Time, ...]:
    """What each time expression of `text` means.

    Args:
        spans: half-open offsets of the expressions, in any order.
        text: the text of the report.
        published: ISO date of publication; without it (or without its day) relative expressions stay open.
        tenses: `past` or `future` by span, where it is known; else the words around the expression decide.

    >>> times([(14, 20)], "They met last Sunday.".replace("last", " on "), published="2024-11-18")[0].when
    When(edtf='2024-11-17', basis='counted')
    """
    today = _day(published)
    before: date | None = None
    result = []
    for start, end in sorted(spans):
        tense = (tenses or {}).get((start, end))
        future = tense == "future" if tense else _points_ahead(text, start, end)
        when = None if _leans_on_what_follows(text, start, end) else meaning(_whole(text, start, end), Frame(today, future, before))
        named = _day(when.edtf) if when and "/" not in when.edtf else None
        before = named or before
        result.append(Time(start, end, text[start:end], when))
    return tuple(result)


def _leans_on_what_follows(text: str, start: int, end: int) -> bool:
    """*two months before Biden left*: counted from something that the expression does not hold."""
    return text[start:end].lower().endswith((" before", " after")) and bool(re.match(r"\s+\w", text[end : end + 3]))


def meaning(words: str, frame: Frame) -> When | None:
    """What one expression means within its frame.

    >>> meaning("17 November 2024", Frame(None))
    When(edtf='2024-11-17', basis='stated')
    >>> meaning("recent weeks", Frame(date(2024, 11, 18))) is None
    True
    """
    bound, rest = _plain(words)
    if bound in ("until", "till", "up to", "by", "no later than") and frame.future is None:
        frame = replace(frame, future=True)
    for pattern, read in _READERS:
        match = pattern.fullmatch(rest)
        if match:
            when = read(match.groupdict(), frame)
            return _bounded(bound, when, frame) if when else None
    if bound in (None, "since") and (stretch := _between(rest, frame)):
        return stretch
    unclocked = _without_clock(rest)
    return meaning(f"{bound or ''} {unclocked}", frame) if unclocked else None


_DATE_GOES_ON = re.compile(r"\.?\s{1,2}\d{1,2}(?:st|nd|rd|th)?\b(?!:|\s?%)(?:,?\s\d{4}\b)?|,?\s\d{4}\b")
_DATE_CAME_BEFORE = re.compile(r"(?<![\w$€£.,-])\d{1,2}(?:st|nd|rd|th)?(?:\sof)?\s$")


def _whole(text: str, start: int, end: int) -> str:
    """The expression with the day and the year that stand right beside a month: spans that break off in the middle of a date are common."""
    words = text[start:end]
    last = re.search(r"([A-Za-z]+)\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?)?$", words)
    if not last or last[1].lower() not in _MONTHS:
        return words
    after = _DATE_GOES_ON.match(text, end)
    if after and re.search(r"\d", words) and not re.search(r"\d{4}", after[0]):
        after = None  # 17 November 12: no year
    before = None if re.search(r"\d", words) or (after and re.match(r"\.?\s+\d{1,2}(?!\d)", after[0])) else _DATE_CAME_BEFORE.search(text[:start])
    return (before[0] if before and words[:1].isupper() else "") + words + (after[0] if after else "")


# --- words -------------------------------------------------------------------------------------------------------

_PREPOSITION = re.compile(r"(?:(?:on|in|at|during|over|of|for|from|as|around the time of|throughout|within|into|back|only|just|the)\s+)")
_STRETCH = re.compile(
    r"(?:over|within|in|for|from) (?:(?:about|around|roughly|some|less than|more than|just|only|under) )?(?:the (?:next|coming|past|last)\b|(?:\d[\d,.]*|"
    + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")(?:[- ]\w+)? (?:more )?(?:minute|hour|day|week|fortnight|month|year|decade)s?\b)"
)
_NO_BOUND = re.compile(r"by the time|before last|until recently|before (?:" + "|".join(_WORDS["hours"]) + r")\b")
_BOUND = re.compile(r"(since|until|till|up to|by|before|no later than)\s+(?=\S)")


def _plain(words: str) -> tuple[str | None, str]:
    """The expression without case, articles and prepositions, and the bound (*since*, *until*) it stands under."""
    text = re.sub(r"[‐‑‒–—−]", "-", words.lower().replace("’", "'").replace("‘", "'"))
    text = re.sub(r"\s*-\s*", "-", re.sub(r"\s+", " ", text)).strip(" .,;:\"“”()")
    text = re.sub(r"\b(" + "|".join((*_MONTHS, *_WEEKDAYS)) + r")\.", r"\1", text)
    bound = None
    while True:
        limit = _BOUND.match(text)
        if limit and not _NO_BOUND.match(text):
            bound, text = limit[1], text[limit.end() :]
        elif (lead := _PREPOSITION.match(text)) and not _STRETCH.match(text):
            text = text[lead.end() :]
        else:
            break
    if re.fullmatch(r"(?:on )?.*'s", text) and text not in _WORDS["feasts"]:
        text = text[:-2]
    onward = re.fullmatch(r"(.+) (?:on|onwards?)", text)
    if onward and bound is None:
        bound, text = "since", onward[1]
    return bound, _with_digits(text)


_HOUR = (
    r"(?:" + "|".join(_WORDS["hours"]) + r"|(?:half past|quarter (?:to|past)) \w+|\w+ o'clock|\d{1,2}(?:[:.]\d\d(?: ?[ap]\.?m\.?)?| ?[ap]\.?m\.?|(?= on))"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))(?: in the (?:morning|afternoon|evening)| at night)?"
)
_CLOCK_FIRST = re.compile(rf"(?:(?:shortly|just|well|soon|about) )?(?:(?:before|after|past|at|around|by) )?(?:the )?{_HOUR},? (?:(?:on|of) )?(?P<day>[a-z0-9].*)")
_CLOCK_LAST = re.compile(rf"(?P<day>.+?),? at (?:about )?(?:the )?{_HOUR}")


def _without_clock(rest: str) -> str | None:
    """The day of *midnight on Thursday*, *half past four on Monday morning*, *tomorrow at five*."""
    match = _CLOCK_FIRST.fullmatch(rest) or _CLOCK_LAST.fullmatch(rest)
    day = match["day"] if match else ""
    known = any(re.search(rf"\b{word}\b", day) for word in (*_MONTHS, *_WEEKDAYS, "today", "yesterday", "tomorrow", "tonight", "this", "day", "eve"))
    return day if known else None


def _with_digits(text: str) -> str:
    """*the twenty-sixth of September* → *26th of september*."""
    match = re.fullmatch(r"(?:the )?([a-z]+(?:-[a-z]+)?)(?: day(?= of))?( of .+)?", text)
    number = _ORDINALS.get(match[1]) if match else None
    return f"{number}th{match[2] or ''}" if match and number and not (match[2] or "").endswith(("year", "century")) else text


def _points_ahead(text: str, start: int, end: int) -> bool | None:
    """Do the words around the expression put it ahead (True) or behind (False)? The nearest cue in the clause before it decides, else after."""
    left = re.split(r"[.!?;]\s|\n|[“”]", text[max(0, start - 200) : start])[-1]
    clause = re.split(r",\s|:\s|\(|\)| that | who | which | after | and ", left)[-1]
    right = re.split(r"[.!?;]\s|\n|[“”]", text[end : end + 120])[0]
    for words in (_cues(clause)[::-1], _cues(right), _cues(left)[::-1]):
        if words:
            return words[0]
    return None


def _cues(text: str) -> list[bool]:
    found = []
    tokens = re.findall(r"[\w']+", text.lower())
    for index, token in enumerate(tokens):
        previous = tokens[index - 1] if index else ""
        infinitive = previous in ("is", "are") and token == "to"
        if token in _FUTURE or infinitive or token.endswith("'ll"):
            found.append(True)
        elif token in _PAST or (token.endswith("ed") and len(token) > 4 and previous not in ("be", "to", "been", "is", "are", "being")):
            found.append(False)
    return found


_FUTURE, _PAST = frozenset(_WORDS["future"]), frozenset(_WORDS["past"])


# --- dates as text -----------------------------------------------------------------------------------------------


def _day(edtf: str | None) -> date | None:
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", edtf or "")
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _ymd(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """EDTF text of a year, a month or a day that exists."""
    if month is None:
        return f"{year:04}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year:04}-{month:02}"
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04}-{month:02}-{day:02}"


def _shift(year: int, month: int, months: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + months
    return index // 12, index % 12 + 1


def _clipped(year: int, month: int, days: tuple[int, int]) -> str:
    last = calendar.monthrange(year, month)[1]
    return f"{_ymd(year, month, days[0])}/{_ymd(year, month, min(days[1], last))}"


def _edge(edtf: str, last: bool) -> str:
    return edtf.split("/")[-1 if last else 0].rstrip("~?")


def _ends(edtf: str) -> tuple[date, date] | None:
    """First and last day that EDTF text covers."""
    days = []
    for last in (False, True):
        parts = [int(part) for part in _edge(edtf, last).split("-") if part.isdigit()]
        if not parts:
            return None
        year, month, day = parts[0], *([*parts[1:], 0, 0])[:2]
        month = month or (12 if last else 1)
        days.append(date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1)))
    return days[0], days[1]


def _week(day: date, weeks: int = 0) -> str:
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return f"{monday}/{monday + timedelta(days=6)}"


def _bounded(bound: str | None, when: When, frame: Frame) -> When:
    """The interval that *since*, *until*, *by* or *before* makes of a date."""
    if bound is None:
        return when
    if bound == "since":
        ends = _ends(when.edtf)
        to = str(frame.today) if frame.today and ends and ends[0] <= frame.today else ".."
        return When(_interval(_edge(when.edtf, False), to), when.basis)
    if bound == "before":
        return When(f"../{_previous(_edge(when.edtf, False))}", when.basis)
    return When(f"../{_edge(when.edtf, True)}", when.basis)


def _previous(edtf: str) -> str:
    """The day, month or year before.

    >>> _previous("2025-03"), _previous("2024-03-01"), _previous("2020")
    ('2025-02', '2024-02-29', '2019')
    """
    parts = [int(part) for part in edtf.split("-")]
    if len(parts) == 3:
        return str(date(*parts) - timedelta(days=1))
    return _ymd(*_shift(parts[0], parts[1], -1)) or edtf if len(parts) == 2 else f"{parts[0] - 1:04}"


def _interval(low: str, high: str) -> str:
    return low if low == high else f"{low}/{high}"


def _number(words: str) -> int | None:
    """`three`, `24`, `twenty-four`, `a couple of` → a number.

    >>> _number("twenty-four")
    24
    """
    words = words.strip().replace(",", "")
    if words.isdigit():
        return int(words)
    if words in _NUMBERS:
        return _NUMBERS[words]
    parts = [_NUMBERS.get(part) for part in re.split(r"[-\s]", words)]
    if len(parts) == 2 and parts[0] and parts[1]:
        return parts[0] * parts[1] if parts[1] == 100 else parts[0] + parts[1]
    return None


# --- readers: one for each shape of expression ----------------------------------------------------------------------

Groups = dict[str, str | None]
_PARTS = {"early": 0, "beginning of": 0, "start of": 0, "mid": 1, "middle of": 1, "late": 2, "end of": 2, "closing days of": 2,
          "first days of": 0, "opening days of": 0, "last days of": 2, "turn of": 0}


def _part(word: str | None) -> int | None:
    return _PARTS.get(re.sub(r"-| the$| of$|in$|^the |^very ", "", word.strip()).strip()) if word else None


def _third(part: str | None) -> int | None:
    """Which third *early*, *mid-* or *the end of* means."""
    if not part:
        return None
    return next((third for name, third in _PARTS.items() if part.strip().replace("-", "").startswith(name.replace(" of", ""))), None)


def _read_calendar(groups: Groups, frame: Frame) -> When | None:
    """A day or month by name, with or without its year, with or without *early*, *mid-*, *late*."""
    month = _MONTHS[groups.get("month") or ""]
    day = int(re.sub(r"\D", "", groups["day"] or "")) if groups.get("day") else None
    given, basis = groups.get("year"), "stated"
    year = int(given) if given else None
    if year is None:
        if frame.today is None:
            return None
        year, basis = _year_of(month, day, groups.get("which"), frame), "counted"
    third = _third(groups.get("part"))
    if third is not None and day is None:
        return When(_clipped(year, month, _DAYS_PER_MONTH_THIRD[third]), basis)
    edtf = _ymd(year, month, day)
    return When(edtf + ("~" if groups.get("about") else ""), basis) if edtf else None


def _year_of(month: int, day: int | None, which: str | None, frame: Frame) -> int:
    """The year of a month or day named without one: the last unless something points ahead."""
    today = frame.today
    assert today is not None
    here = (today.month, today.day if day else 0)
    behind = today.year - ((month, day or 0) > here)
    ahead = today.year + ((month, day or 0) < here)
    which = (which or "").replace("of ", "").strip()
    if which in ("last", "last year", "of last year", "the previous year"):
        return today.year - 1 if "year" in which else today.year - (month >= today.month)
    if which in ("next", "next year"):
        return today.year + 1 if "year" in which else today.year + (month <= today.month)
    if which in ("this", "this year", "the current year"):
        return today.year
    if which in ("past", "this past"):
        return behind
    if which in ("coming", "this coming"):
        return ahead
    if frame.future is None and ahead != behind:
        nearly = date(ahead, month, min(day or 1, 28)) - today
        return ahead if nearly.days <= 21 else behind
    return ahead if frame.future else behind


def _read_iso(groups: Groups, frame: Frame) -> When | None:
    year, month, day = (int(groups[key] or 0) or None for key in ("year", "month", "day"))
    edtf = _ymd(year or 0, month, day)
    return When(edtf, "stated") if edtf else None


def _read_slashes(groups: Groups, frame: Frame) -> When | None:
    """`17/11/2024`: a day only where one of the two numbers can be no month."""
    one, two, year = (int(groups[key] or 0) for key in ("one", "two", "year"))
    edtf = _ymd(year, two, one) if one > 12 or groups["mark"] == "." else _ymd(year, one, two) if two > 12 else None
    return When(edtf, "stated") if edtf else None


def _read_year(groups: Groups, frame: Frame) -> When | None:
    year, third = int(groups["year"] or 0), _third(groups.get("part"))
    if groups.get("part") in ("end of", "end of the", "start of", "beginning of", "turn of"):
        return When(_ymd(year, 12 if third == 2 else 1) or "", "stated")
    if third is not None:
        return When(f"{_ymd(year, 4 * third + 1)}/{_ymd(year, 4 * third + 4)}", "stated")
    return When(f"{year}" + ("~" if groups.get("about") else ""), "stated")


def _read_years(groups: Groups, frame: Frame) -> When | None:
    """`2022/23`, `1998-2003`."""
    first, second = groups["first"] or "", groups["second"] or ""
    second = first[: 4 - len(second)] + second
    return When(f"{first}/{second}", "stated") if first < second else None


def _read_decade(groups: Groups, frame: Frame) -> When | None:
    decade = int(groups["decade"] or 0)
    year = decade if decade > 999 else 1900 + decade if decade >= 20 else 2000 + decade
    low, high = {None: (0, 9), 0: (0, 3), 1: (4, 6), 2: (7, 9)}[_third(groups.get("part"))]
    return When(f"{year + low}/{year + high}", "stated")


def _read_century(groups: Groups, frame: Frame) -> When | None:
    word = groups["nth"] or ""
    nth = int(re.sub(r"\D", "", word)) if word[0].isdigit() else _ORDINALS.get(word, 0)
    if not nth:
        return None
    low, high = {None: (1, 100), 0: (1, 33), 1: (34, 66), 2: (67, 100)}[_third(groups.get("part"))]
    return When(f"{(nth - 1) * 100 + low:04}/{(nth - 1) * 100 + high:04}", "stated")


def _read_weekday(groups: Groups, frame: Frame) -> When | None:
    if frame.today is None:
        return None
    today, target, which = frame.today, _WEEKDAYS[groups["weekday"] or ""], (groups.get("which") or "").strip()
    back, ahead = (today.weekday() - target) % 7, (target - today.weekday()) % 7
    if which in ("last", "past", "this past") or groups.get("week") == "last week":
        day = today - timedelta(days=back or 7)
    elif which in ("next", "coming", "this coming", "following") or groups.get("week") == "next week":
        day = today + timedelta(days=ahead or 7)
    else:
        forward = frame.future or (frame.future is None and which == "this")
        day = today + timedelta(days=ahead) if forward else today - timedelta(days=back)
    if groups.get("week"):
        shift = {"last week": -1, "this week": 0, "next week": 1}[groups["week"] or ""]
        day = today - timedelta(days=today.weekday()) + timedelta(weeks=shift, days=target)
    return When(str(day), "counted")


_DEICTIC = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "last night": -1, "this morning": 0, "this afternoon": 0,
            "this evening": 0, "earlier today": 0, "later today": 0, "day before yesterday": -2, "day after tomorrow": 2,
            "yesterday evening": -1, "yesterday morning": -1, "yesterday afternoon": -1, "tomorrow morning": 1,
            "tomorrow night": 1, "tomorrow evening": 1, "late yesterday": -1, "early today": 0, "earlier in day": 0,
            "tomorrow afternoon": 1, "yesterday night": -1, "earlier yesterday": -1}


def _read_deictic(groups: Groups, frame: Frame) -> When | None:
    if frame.today is None:
        return None
    return When(str(frame.today + timedelta(days=_DEICTIC[groups["word"] or ""])), "counted")


def _read_overnight(groups: Groups, frame: Frame) -> When | None:
    if frame.today is None:
        return None
    return When(f"{frame.today - timedelta(days=1)}/{frame.today}", "counted")


def _read_weekend(groups: Groups, frame: Frame) -> When | None:
    if frame.today is None:
        return None
    today, which = frame.today, (groups.get("which") or "").strip()
    back = today - timedelta(days=(today.weekday() - 5) % 7)
    ahead = today + timedelta(days=(5 - today.weekday()) % 7)
    inside = today.weekday() >= 5
    if which in ("last", "past"):
        day = back - timedelta(days=7 if inside else 0)
    elif which in ("next", "coming"):
        day = back + timedelta(days=7)
    else:
        day = back if inside or not (frame.future or which == "this") else ahead
    return When(f"{day}/{day + timedelta(days=1)}", "counted")


_UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_THIS = {"this": 0, "current": 0, "last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1, "upcoming": 1}


def _read_unit(groups: Groups, frame: Frame) -> When | None:
    """*last week*, *next month*, *earlier this year*, *so far this year*, *the end of next month*."""
    if frame.today is None:
        return None
    edtf = _unit(frame.today, groups["unit"] or "", _THIS[(groups["which"] or "this").replace("the ", "")])
    part, ends = groups.get("part") or "", _ends(edtf) if edtf else None
    if not edtf or not ends:
        return None
    third = _third(part)
    if part.startswith(("earlier", "so far")):
        return When(_interval(str(ends[0]), str(min(ends[1], frame.today))), "counted")
    if part.startswith("later"):
        return When(_interval(str(max(ends[0], frame.today)), str(ends[1])), "counted")
    if third is not None:
        return _read_third(edtf, ends, third, part)
    return When(edtf, "counted")


def _read_third(edtf: str, ends: tuple[date, date], third: int, part: str) -> When | None:
    if re.fullmatch(r"\d{4}-\d{2}", edtf):
        return When(_clipped(ends[0].year, ends[0].month, _DAYS_PER_MONTH_THIRD[third]), "counted")
    if re.fullmatch(r"\d{4}", edtf):
        when = _read_year({"year": edtf, "part": part}, Frame(None))
        return replace(when, basis="counted") if when else None
    span = (ends[1] - ends[0]).days // 3
    low = ends[0] + timedelta(days=(span + 1) * third) if third < 2 else ends[1] - timedelta(days=span)
    return When(f"{low}/{min(low + timedelta(days=span), ends[1])}", "counted")


def _unit(today: date, unit: str, shift: int) -> str | None:
    """The calendar unit `shift` away from the day."""
    if unit == "day":
        return str(today + timedelta(days=shift))
    if unit == "week":
        return _week(today, shift)
    if unit == "fortnight":
        return None
    if unit == "year":
        return _ymd(today.year + shift)
    if unit == "month":
        return _ymd(*_shift(today.year, today.month, shift))
    if unit == "quarter":
        year, month = _shift(today.year, (today.month - 1) // 3 * 3 + 1, 3 * shift)
        return f"{_ymd(year, month)}/{_ymd(year, month + 2)}"
    if unit in ("decade", "century"):
        size = _UNIT_MONTHS[unit] // 12
        first = today.year // size * size + size * shift
        return f"{first}/{first + size - 1}"
    return None


def _read_away(groups: Groups, frame: Frame) -> When | None:
    """*two days ago*, *three weeks from now*, *in two months*."""
    count, unit = _number(groups["count"] or ""), groups["unit"] or ""
    if frame.today is None or count is None:
        return None
    if unit in ("hour", "minute"):
        near = count <= 2 or unit == "minute"
        return When(str(frame.today), "counted") if near else _hours(count, groups, frame.today)
    sign = -1 if groups.get("ago") else 1
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    if unit in ("decade", "century"):
        count, unit = count * _UNIT_MONTHS[unit] // 12, "year"
    try:
        edtf = _unit(frame.today, unit, sign * count)
    except (ValueError, OverflowError):
        return None
    round_number = unit == "year" and count >= 10 and count % 5 == 0
    return When(edtf + ("~" if groups.get("about") or round_number else ""), "counted") if edtf else None


def _hours(count: int, groups: Groups, today: date) -> When | None:
    if count % 24:
        return None
    return When(str(today + timedelta(days=(-1 if groups.get("ago") else 1) * count // 24)), "counted")


def _read_stretch(groups: Groups, frame: Frame) -> When | None:
    """*the past three months*, *the next 48 hours*: from or to the day of publication."""
    count, unit = _number(groups.get("count") or "1"), groups["unit"] or ""
    if frame.today is None or count is None:
        return None
    today, ahead = frame.today, groups["which"] in ("next", "coming", "following")
    days = {"hour": -(-count // 24), "day": count, "week": 7 * count, "fortnight": 14 * count}.get(unit)
    try:
        if days is not None:
            other: str | None = str(today + timedelta(days=days if ahead else -days))
        else:
            year, month = _shift(today.year, today.month, _UNIT_MONTHS[unit] * count * (1 if ahead else -1))
            other = _ymd(year, month if unit in ("month", "quarter") else None) if 0 < year < 10_000 else None
    except (ValueError, OverflowError):
        return None
    if other is None:
        return None
    return When(f"{today}/{other}" if ahead else f"{other}/{today}", "counted")


def _read_season(groups: Groups, frame: Frame) -> When | None:
    first, third = _SEASONS[groups["season"] or ""], _third(groups.get("part"))
    basis, which = "inferred", (groups.get("which") or "").strip()
    if groups.get("year"):
        year = int(groups["year"] or 0)
    elif frame.today:
        running = frame.today.year - (first == 12 and frame.today.month < 3)
        started = (running, first) <= (frame.today.year, frame.today.month)
        over = _shift(running, first, 3) <= (frame.today.year, frame.today.month)
        year = running if started else running - 1
        if which in ("last", "past") and not over and started:
            year -= 1
        elif which in ("next", "coming") or (which != "last" and frame.future and over):
            year = running + 1 if started else running
        elif which.startswith("this"):
            year = running
    else:
        return None
    year, month = _shift(year, first, third or 0)
    last = (year, month) if third is not None else _shift(year, month, 2)
    return When(_ymd(year, month) or "" if third is not None else f"{_ymd(year, month)}/{_ymd(*last)}", basis)


def _read_fraction(groups: Groups, frame: Frame) -> When | None:
    """*the first quarter of 2024*, *Q3*, *the second half of the year*."""
    size = {"q": 3, "quarter": 3, "half": 6}[groups["size"] or ""]
    word = groups["nth"] or ""
    nth = {"last": 12 // size}.get(word) or (int(word[0]) if word[:1].isdigit() else _ORDINALS[word])
    given = groups.get("year")
    if nth * size > 12 or (not given and frame.today is None):
        return None
    relative = {"last year": -1, "next year": 1}.get(given or "", 0)
    year = int(given) if given and given.isdigit() else (frame.today.year + relative if frame.today else 0)
    if not year:
        return None
    low = (nth - 1) * size + 1
    return When(f"{_ymd(year, low)}/{_ymd(year, low + size - 1)}", "stated" if given and given.isdigit() else "counted")


def _read_feast(groups: Groups, frame: Frame) -> When | None:
    month, day = _WORDS["feasts"][groups["feast"]]
    if not groups.get("year") and frame.today is None:
        return None
    year = int(groups["year"] or 0) or _year_of(month, day, groups.get("which"), frame)
    return When(_ymd(year, month, day) or "", "stated" if groups.get("year") else "counted")


def _read_named(groups: Groups, frame: Frame) -> When | None:
    return When(_WORDS["named_days"][groups["name"]], "stated")


def _read_after(groups: Groups, frame: Frame) -> When | None:
    """*the same day*, *the next day*, *two days later*: counted from the day named before."""
    if frame.before is None:
        return None
    count = _number(groups.get("count") or "one") or 1
    sign = {"same": 0, "that": 0, "next": 1, "following": 1, "later": 1, "after": 1, "earlier": -1, "before": -1, "previous": -1}
    shift = sign[groups.get("which") or groups.get("after") or "same"] * count
    try:
        edtf = _unit(frame.before, groups["unit"] or "", shift)
    except (ValueError, OverflowError):
        return None
    return When(edtf, "inferred") if edtf else None


def _read_week_of_month(groups: Groups, frame: Frame) -> When | None:
    """*the first week of March*: its first seven days."""
    whole = _read_calendar(groups | {"day": None, "part": None}, frame)
    ends = _ends(whole.edtf) if whole else None
    if not whole or not ends:
        return None
    if groups["nth"] == "last":
        return When(f"{ends[1] - timedelta(days=6)}/{ends[1]}", whole.basis)
    low = ends[0] + timedelta(days=7 * (_ORDINALS[groups["nth"] or ""] - 1))
    return When(f"{low}/{low + timedelta(days=6)}", whole.basis)


def _read_week_of(groups: Groups, frame: Frame) -> When | None:
    when = meaning(groups["words"] or "", frame)
    day = _day(when.edtf) if when and "/" not in when.edtf else None
    return When(_week(day), when.basis) if when and day else None


def _read_date_number(groups: Groups, frame: Frame) -> When | None:
    """*the 17th*: of this month or the last; *the 2nd of this month*."""
    if frame.today is None:
        return None
    year, month, day = frame.today.year, frame.today.month, int(groups["day"] or 0)
    if which := groups.get("which"):
        year, month = _shift(year, month, {"this": 0, "last": -1, "next": 1}[which])
    elif day > frame.today.day and not frame.future:
        year, month = _shift(year, month, -1)
    edtf = _ymd(year, month, day)
    return When(edtf, "counted") if edtf else None


def _read_days_range(groups: Groups, frame: Frame) -> When | None:
    """*3-5 March 2023*, *March 3 to 5*."""
    ends = [_read_calendar(groups | {"day": groups[key]}, frame) for key in ("first", "second")]
    if not ends[0] or not ends[1] or ends[0].edtf > ends[1].edtf:
        return None
    return When(f"{ends[0].edtf}/{ends[1].edtf}", ends[0].basis)


def _between(rest: str, frame: Frame) -> When | None:
    """*from March to May 2023*, *between Monday and Thursday*: from the first day of the one to the last of the other."""
    bare = re.sub(r"^(?:from|between)\s+", "", rest)
    parts = re.split(r"\s+(?:to|until|till|through|and)\s+|-", bare)
    if len(parts) != 2:
        return None
    year = re.search(r"\b(?:1\d|20)\d\d$", parts[1])
    if year and not re.search(r"\d{4}", parts[0]):
        parts[0] += f" {year[0]}"
    ends = [meaning(part, frame) for part in parts]
    if not ends[0] or not ends[1]:
        return None
    if " and " in bare and bare == rest and not _adjacent(ends[0].edtf, ends[1].edtf):
        return None  # two times, no stretch between them
    low, high = _edge(ends[0].edtf, False), _edge(ends[1].edtf, True)
    return When(f"{low}/{high}", ends[0].basis) if low[:4] <= high[:4] and low <= high else None


def _adjacent(one: str, two: str) -> bool:
    first, second = _ends(one), _ends(two)
    return bool(first and second and first[1] + timedelta(days=1) == second[0])


# --- the table of shapes ------------------------------------------------------------------------------------------------

_NAMES = {
    "MONTH": r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")",
    "WEEKDAY": r"(?P<weekday>" + "|".join(sorted(_WEEKDAYS, key=len, reverse=True)) + r")",
    "HOUR": r"(?:(?:the )?(?:early hours|late hours|night|evening|morning|afternoon|eve|dawn) (?:of |on )?|\d{1,2}(?:[:.]\d\d)? ?(?:a\.?m\.?|p\.?m\.?|gmt|utc|local time)?,? (?:on )?(?=[a-z]|\d{1,2} [a-z]))?",
    "WD": r"(?:(?:" + "|".join(sorted(_WEEKDAYS, key=len, reverse=True)) + r"),? (?:the )?)?",
    "DAY": r"(?P<day>\d{1,2})(?:st|nd|rd|th)?",
    "YEAR": r"(?P<year>1\d{3}|2[01]\d{2})",
    "PART": r"(?:(?P<part>(?:very )?(?:early|late|mid|middle of|(?:beginning|start|end|turn|first days|last days|opening days|closing days) of))(?: (?:in|the))?[- ](?:the )?)?",
    "ABOUT": r"(?P<about>(?:about|around|circa|c\.|roughly|approximately|nearly|almost|more than|over|some) (?:the )?)?",
    "CLOCK": r"(?:,? (?:at )?(?:\d{1,2}(?:[:.]\d\d)? ?(?:a\.?m\.?|p\.?m\.?|gmt|utc|local time)?|dawn|noon|midnight|dusk))?",
    "PARTOFDAY": r"(?:,? ?(?:morning|afternoon|evening|night|nights|at dawn|at noon|at midnight|before dawn))?",
    "COUNT": r"(?P<count>\d[\d,]*|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ]\w+)",
    "UNITS": r"(?P<unit>minute|hour|day|week|fortnight|month|quarter|year|decade|century)s?",
    "SEASON": r"(?P<season>" + "|".join(_SEASONS) + r")",
}


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"@([A-Z]+)", lambda name: _NAMES[name[1]], pattern))


_READERS: tuple[tuple[re.Pattern[str], Callable[[Groups, Frame], When | None]], ...] = tuple(
    (_shape(pattern), read)
    for pattern, read in (
        (r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d{2}))?(?:t[\d:.z+-]*)?", _read_iso),
        (r"(?P<one>\d{1,2})(?P<mark>[/.])(?P<two>\d{1,2})[/.](?P<year>\d{4})", _read_slashes),
        (r"(?P<name>" + "|".join(map(re.escape, _WORDS["named_days"])) + ")", _read_named),
        (r"(?P<first>1\d{3}|2[01]\d{2})[-/](?P<second>(?:\d\d){1,2})", _read_years),
        (r"(?P<first>1\d{3}|2[01]\d{2}) (?:to|and|through|until) (?P<second>\d{4})", _read_years),
        (r"(?:the )?@ABOUT@PART(?:the )?(?:calendar |fiscal |financial )?(?:year )?@YEAR(?: a\.?d\.?| ce)?", _read_year),
        (r"@HOUR@WD@ABOUT(?:the )?@DAY (?:of )?@MONTH(?:,? (?:of )?@YEAR| (?P<which>(?:of )?(?:this|last|next) year))?@CLOCK", _read_calendar),
        (r"@HOUR(?:(?:early|late) (?:on )?)?@WD@ABOUT(?P<which>last |next |this )?@MONTH (?:the )?@DAY@PARTOFDAY(?:,? (?:of )?@YEAR| (?:of )?(?:this|last|next) year)?@CLOCK", _read_calendar),
        (r"(?:the )?@PART@ABOUT(?:(?P<which>last|next|this past|this coming|this|past|coming) )?@MONTH(?:,? (?:of )?@YEAR)?", _read_calendar),
        (r"(?:the )?@PART@MONTH (?P<which>(?:of )?(?:this|last|next) year)", _read_calendar),
        (r"@WD(?P<first>\d{1,2})(?:st|nd|rd|th)?(?:-| to | and | through )(?P<second>\d{1,2})(?:st|nd|rd|th)? (?:of )?@MONTH(?:,? @YEAR)?", _read_days_range),
        (r"@WD@MONTH (?P<first>\d{1,2})(?:st|nd|rd|th)?(?:-| to | and | through )(?P<second>\d{1,2})(?:st|nd|rd|th)?(?:,? @YEAR)?", _read_days_range),
        (r"(?:the )?@PART'?(?P<decade>(?:1\d|20)?\d0)'?s", _read_decade),
        (r"(?:the )?@PART(?P<nth>\d{1,2}(?:st|nd|rd|th)|[a-z]+(?:-first)?)[- ]century", _read_century),
        (r"(?:(?:the )?(?:night|evening|morning|afternoon|early hours|dawn|eve) of |(?:early|late|later|earlier)(?: on)? |dawn on )?(?:the )?(?P<which>last |past |this past |this coming |this |next |coming |following )?@WEEKDAY@PARTOFDAY(?: (?P<week>last week|this week|next week))?@CLOCK", _read_weekday),
        (r"@CLOCK(?: on)? @WEEKDAY@PARTOFDAY".replace("@CLOCK(?:", r"\d{1,2}(?:[:.]\d\d)? ?(?:a\.?m\.?|p\.?m\.?|gmt|utc|local time)?,?(?:", 1), _read_weekday),
        (r"(?:the )?(?P<word>" + "|".join(_DEICTIC) + ")@CLOCK", _read_deictic),
        (r"overnight|(?:the )?(?:past|last) night", _read_overnight),
        (r"(?:the )?(?:(?P<which>last|past|this|next|coming) )?weekend", _read_weekend),
        (r"(?:over |in |within |for |during )?(?:the )?(?P<which>past|next|coming) (?P<unit>decade)", _read_stretch),
        (r"(?:the )?@DAY of (?P<which>this|last|next) month", _read_date_number),
        (r"(?:the )?(?P<part>earlier(?: in)?|later(?: in)?|so far(?: in)?) (?:the )?(?P<which>this|current)? ?@UNITS", _read_unit),
        (r"(?:the )?@PART(?P<which>this|current|last|previous|next|coming|upcoming) (?P<unit>week|month|quarter|year|decade|century)", _read_unit),
        (r"(?P<nth>first|second|third|fourth|last) week (?:of|in) @MONTH(?:,? (?:of )?@YEAR)?", _read_week_of_month),
        (r"week (?:of|beginning|starting|from) (?P<words>.+)", _read_week_of),
        (r"(?:the )?(?P<part>(?:end|start|beginning|middle) of) (?:the )?(?P<which>this|current|next|last)? ?(?P<unit>week|month|year|decade)", _read_unit),
        (r"(?:the )?(?P<part>year|month)['-]s?[- ]?end", lambda groups, frame: _read_unit({"unit": groups["part"], "which": "this", "part": "end of"}, frame)),
        (r"@ABOUT@COUNT @UNITS (?P<ago>ago)", _read_away),
        (r"(?:in |within )?@ABOUT@COUNT (?:more )?@UNITS(?: from now|' time|'s time| time| from today)", _read_away),
        (r"in @ABOUT@COUNT @UNITS", _read_away),
        (r"(?:over |in |within |for |during )?(?:the )?(?P<which>past|last|next|coming|previous|following) @COUNT @UNITS", _read_stretch),
        (r"(?:over |in |within |for |during )?(?:the )?(?:past) (?P<unit>day|week|month|year)".replace("(?:past)", "(?P<which>past)"), _read_stretch),
        (r"(?:within|in less than|over) @COUNT @UNITS".replace("(?:within", "(?P<which>within"), lambda groups, frame: _read_stretch(groups | {"which": "next"}, frame) if (groups["which"] or "") == "within" else None),
        (r"(?:the )?(?:@PART)(?:(?P<which>last|past|this past|this coming|this|next|coming) )?@SEASON(?: of)?(?: @YEAR)?", _read_season),
        (r"(?P<size>q)(?P<nth>[1-4])(?: (?:of )?@YEAR)?", _read_fraction),
        (r"(?:the )?(?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th) (?P<size>quarter|half)(?: of)?(?: (?:the )?(?P<year>\d{4}|this year|last year|next year|year))?", _read_fraction),
        (r"(?:(?P<which>last|next|this) )?(?P<feast>" + "|".join(sorted(_WORDS["feasts"], key=len, reverse=True)) + r")(?:,? @YEAR)?", _read_feast),
        (r"(?:the |that )?(?:very )?(?P<which>same|that|next|following|previous) (?P<unit>day|week|month|year|evening|night|morning|afternoon)", lambda groups, frame: _read_after(groups | {"unit": "day" if groups["unit"] in ("evening", "night", "morning", "afternoon") else groups["unit"]}, frame)),
        (r"(?:the )?(?P<unit>day|week|month|year) (?P<after>after|before|later|earlier)", _read_after),
        (r"@ABOUT@COUNT (?P<unit>day|week|month|year)s? (?P<after>later|earlier|before)", _read_after),
        (r"(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)", _read_date_number),
    )
)
