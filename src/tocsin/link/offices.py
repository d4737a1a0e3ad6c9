"""A name, an office or a country, and a date in; who held which office then, out of `ontology/offices.tsv`.

Dates are ISO text of any precision and are compared as far as both are precise. A row without an end whose source
was last seen before the date asked for says nothing about that date.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.link.names import fold
from tocsin.ontology import load

_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_HEADS_OF_STATE = ("president", "king", "queen", "emir", "sultan", "leader", "supreme leader", "chairman of the sovereign council")
_HEADS_OF_GOVERNMENT = ("prime minister", "chancellor", "premier")
_SAME = {
    "premier": "prime minister", "defense minister": "defence minister", "defense secretary": "defence secretary",
    "secretary of defense": "defence secretary", "foreign secretary": "foreign minister", "defence secretary": "defence secretary",
    "secretary general": "secretary-general", "secretary-general": "secretary-general", "treasury secretary": "treasury secretary",
    "vice-president": "vice president", "external affairs minister": "foreign minister", "minister of defense": "defence minister",
    "minister of defence": "defence minister", "minister of foreign affairs": "foreign minister", "director general": "director-general",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One person's time in one office. `to` is `None` for until now or unknown; then `seen` tells how far the source goes."""

    country: str
    office: str
    person: str
    aliases: tuple[str, ...]
    since: str
    to: str | None
    seen: str | None
    basis: str

    def covers(self, day: str) -> bool | None:
        """Was the office held on that day? `None` where the table cannot say.

        >>> holders("UKR", "president", "2024-11-18")[0].covers("2024-11-18")
        True
        """
        if not _reaches(self.since, day):
            return False
        if self.to:
            return _reaches(day, self.to)
        return True if not self.seen or _reaches(day, self.seen) else None


def _reaches(early: str, late: str) -> bool:
    size = min(len(early), len(late))
    return early[:size] <= late[:size]


def named(name: str) -> tuple[Holding, ...]:
    """All rows of whoever may be meant by a name: a full name, or a surname alone.

    >>> sorted({row.person for row in named("Zelenskyy")})
    ['Volodymyr Zelensky']
    """
    key = _key(name)
    if not key:
        return ()
    rows = _by_name().get(" ".join(key), ())
    if rows or len(key) == 1:
        return rows
    return tuple(row for row in dict.fromkeys(_by_name().get(key[-1], ())) if any(_agree(key, _key(form)) for form in (row.person, *row.aliases)))


def holders(country: str, office: str, day: str) -> tuple[Holding, ...]:
    """Who surely held an office of a country (or organisation) on a day; empty where the table cannot say."""
    wanted = normal_office(office)
    rows = [row for row in _by_country().get(country, ()) if row.covers(day)]
    found = tuple(row for row in rows if row.office == wanted)
    if not found and wanted == "president":
        return tuple(row for row in rows if row.office == "leader")
    return found


def normal_office(title: str) -> str:
    """The title as the table has it.

    >>> normal_office("Vice-President"), normal_office("Premier")
    ('vice president', 'prime minister')
    """
    plain = re.sub(r"\s+", " ", title.casefold()).strip()
    plain = re.sub(r"^(?:former|ex-|acting|interim|then|outgoing|incoming|deputy assistant)\s*", "", plain)
    return _SAME.get(plain, plain)


def is_head(office: str) -> bool:
    """Head of state or of government, for whom the table is complete enough to contradict a text."""
    return normal_office(office) in (*_HEADS_OF_STATE[:4], *_HEADS_OF_GOVERNMENT)


def _key(name: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s.]+", fold(name)) if word and word not in _SUFFIXES)


def _agree(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Two names of at least two words: the surname agrees and so does a first name."""
    if len(one) < 2 or len(two) < 2:
        return one == two
    return one[-1] == two[-1] and (one[0] == two[0] or one[0] in two[:-1] or two[0] in one[:-1])


@functools.cache
def _rows() -> tuple[Holding, ...]:
    return tuple(
        Holding(row["country"], row["office"], row["person"], tuple((row["aliases"] or "").split("|")) if row["aliases"] else (),
                row["from"], row["to"], row["seen"], row["basis"])
        for row in load("offices")
    )


@functools.cache
def _by_country() -> Mapping[str, tuple[Holding, ...]]:
    return _grouped((row.country, row) for row in _rows())


@functools.cache
def _by_name() -> Mapping[str, tuple[Holding, ...]]:
    """Rows by every full name and by every surname (the last word; for names of three words also the last two)."""
    pairs = []
    for row in _rows():
        for form in (row.person, *row.aliases):
            key = _key(form)
            if key:
                pairs += [(" ".join(key), row), (key[-1], row), (" ".join(key[-2:]), row)]
            if row.country in ("CHN", "PRK", "KOR", "VNM", "TWN", "KHM") and len(key) > 1:
                pairs.append((key[0], row))
    return _grouped(dict.fromkeys(pairs))


def _grouped(pairs: Iterable[tuple[str, Holding]]) -> Mapping[str, tuple[Holding, ...]]:
    groups: dict[str, list[Holding]] = {}
    for key, row in pairs:
        groups.setdefault(key, []).append(row)
    return {key: tuple(rows) for key, rows in groups.items()}
