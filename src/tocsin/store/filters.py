"""What a caller wants to see → `Filter`, a frozen set of conditions that all hold at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Conditions on records or documents; `None` asks for nothing.

    Attributes:
        actor: name or alias (whole, case does not count), ISO 3166 alpha-3 code or id of somebody in the record.
        dyad: two such, both in the record, in either order, as different parties.
        place: name or alias, ISO code, admin-1, GeoNames id or id of a place in the record.
        since, until: ISO text, both days included; `2024-11` since its first, until its last day. Compared is the
            first day of an event's (or a permission's) own date, else the day of publication. What has neither is
            left out. For whole documents and for search it is the day of publication.
        type: PLOVER type of events; the kind of claims, actors, places, capabilities and doubts; the aim of red
            lines, the state of permissions, the standing of tenures, the relation of links.
        factuality: of events and permissions; the certainty of claims and links.
        source: name of the source, case does not count.
        report: id of a report, or the beginning of one.

    >>> Filter(dyad=("USA", "RUS"), since="2024-11").until is None
    True
    """

    actor: str | None = None
    dyad: tuple[str, str] | None = None
    place: str | None = None
    since: str | None = None
    until: str | None = None
    type: str | None = None
    factuality: str | None = None
    source: str | None = None
    report: str | None = None


EVERYTHING = Filter()
