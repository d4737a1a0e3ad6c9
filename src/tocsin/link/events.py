"""A linked document in, the same with mentions of one event joined: every mention and all evidence kept, empty roles filled.

Two readings are joined where the graph says that one refers back to the other, or where type, trigger, factuality and a participant agree and
nothing speaks against it. What happened is never joined with what did not, is planned or is only threatened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeVar

from tocsin.model import Claim, Document, Event, Evidence, Figure, Link, LinkEnd, Question, Slot

_TOLD = frozenset(("asserted", "attributed", "reported"))  # told as having happened, by whomever
_GENERAL = frozenset(("do", "make", "take", "move", "act", "step", "say", "go", "come"))
Item = TypeVar("Item")


def merged(document: Document) -> Document:
    """The document with its events joined, and ids that led to a joined event led to the one that is left."""
    events = document.events
    if not events:
        return document
    root = list(range(len(events)))
    for later, earlier in _references(document, events):
        if _same_standing(events[earlier], events[later]):
            _join(root, earlier, later)
    for bucket in _buckets(events):
        for earlier, later in combinations(bucket, 2):
            if _find(root, earlier) != _find(root, later) and _alike(events[earlier], events[later]):
                _join(root, earlier, later)
    groups: dict[int, list[Event]] = {}
    for index, event in enumerate(events):
        groups.setdefault(_find(root, index), []).append(event)
    joined = tuple(_one(group) for group in groups.values())
    new = {event.id: one.id for group, one in zip(groups.values(), joined, strict=True) for event in group}
    return _renamed(replace(document, events=joined), new)


def _buckets(events: Sequence[Event]) -> list[list[int]]:
    """Positions of events with the same type, standing and trigger: only these can be one without an edge saying so."""
    found: dict[tuple[str | None, str, str, str], list[int]] = {}
    for index, event in enumerate(events):
        stem = _stem(event.mentions[0].quote) if event.mentions else ""
        if stem and stem not in _GENERAL:
            found.setdefault((event.type, event.factuality, event.polarity, stem), []).append(index)
    return list(found.values())


def _find(root: Sequence[int], index: int) -> int:
    while root[index] != index:
        index = root[index]
    return index


def _join(root: list[int], one: int, two: int) -> None:
    low, high = sorted((_find(root, one), _find(root, two)))
    root[high] = low


def _references(document: Document, events: Sequence[Event]) -> list[tuple[int, int]]:
    """(later, earlier) positions of events whose triggers a `same` edge ties together."""
    if document.graph is None:
        return []
    by_span = {(spot.start, spot.end): index for index, event in enumerate(events) for spot in event.mentions}
    pairs = []
    for edge in document.graph.edges:
        if edge.role == "same":
            ends = [document.graph.nodes[node] for node in (edge.source, edge.target)]
            found = [by_span.get((node.start, node.end)) for node in ends]
            if found[0] is not None and found[1] is not None and found[0] != found[1]:
                pairs.append((found[0], found[1]))
    return pairs


def _same_standing(earlier: Event, later: Event) -> bool:
    """May a mention refer back to another, as far as the event happened at all?"""
    if earlier.polarity != later.polarity:
        return False
    return earlier.factuality == later.factuality or {earlier.factuality, later.factuality} <= _TOLD


def _alike(one: Event, two: Event) -> bool:
    """Of two events of one bucket: nothing but the words says that they are one, so all that is known must agree."""
    if None not in (one.mode, two.mode) and one.mode != two.mode:
        return False
    shared = [_share(left, right) for left, right in ((one.actors, two.actors), (one.recipients, two.recipients))]
    if False in shared or True not in shared:
        return False
    return _open_or_equal(_place(one), _place(two)) and _open_or_equal(one.when, two.when) and _figures_agree(one, two)


def _share(one: Sequence[Slot], two: Sequence[Slot]) -> bool | None:
    """`None` where one of them is empty."""
    left, right = ({slot.id or slot.name for slot in side} for side in (one, two))
    return bool(left & right) if left and right else None


def _place(event: Event) -> str | None:
    return (event.place.id or event.place.name) if event.place else None


def _open_or_equal(one: object, two: object) -> bool:
    return one is None or two is None or one == two


def _figures_agree(one: Event, two: Event) -> bool:
    left, right = ({figure.what: figure.value for figure in event.figures} for event in (one, two))
    return all(left[what] == right[what] for what in left.keys() & right.keys())


def _stem(words: str) -> str:
    """A rough stem, enough to tell *attacked*, *attacks* and *the attack* as one.

    >>> _stem("deployment"), _stem("deployed")
    ('deploy', 'deploy')
    """
    word = re.split(r"\s+", words.lower().strip())[0]
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and (word[-1] == "e" or word[-1] == word[-2]) else word


# --- one event out of several ------------------------------------------------------------------------------------------


def _one(group: Sequence[Event]) -> Event:
    """The first event with what the others add; the first mention decides on its standing."""
    first = group[0]
    if len(group) == 1:
        return first
    held = next((event for event in group if event.holder), first)
    return replace(
        first,
        mode=_first(event.mode for event in group),
        type=_first(event.type for event in group),
        contexts=_unique(context for event in group for context in event.contexts),
        cameo=_first(event.cameo for event in group),
        quad=_first(event.quad for event in group),
        actors=_filled(event.actors for event in group),
        recipients=_filled(event.recipients for event in group),
        affected=_filled(event.affected for event in group),
        instruments=_filled(event.instruments for event in group),
        place=_first(event.place for event in group),
        when=_first(event.when for event in group),
        holder=held.holder if first.factuality == held.factuality else first.holder,
        figures=_figures(figure for event in group for figure in event.figures),
        mentions=_spots(spot for event in group for spot in event.mentions),
        confidence=max(event.confidence for event in group),
        evidence=_spots(spot for event in group for spot in event.evidence),
    )


def _first(values: Iterable[Item | None]) -> Item | None:
    return next((value for value in values if value is not None), None)


def _unique(values: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(values))


def _filled(slots: Iterable[tuple[Slot, ...]]) -> tuple[Slot, ...]:
    """The slots of the first mention that has any, and whomever the others name that is not there yet."""
    result: list[Slot] = []
    for side in slots:
        known = {slot.id or slot.name for slot in result}
        if not result or not any((slot.id or slot.name) in known for slot in side):
            result += [slot for slot in side if (slot.id or slot.name) not in known] if not result else []
    return tuple(result)


def _figures(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple({(figure.start, figure.end, figure.what): figure for figure in figures}.values())


def _spots(spots: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(set(spots), key=lambda spot: (spot.start, spot.end)))


def _renamed(document: Document, new: Mapping[str, str]) -> Document:
    """Records that name an event by its id, with the id of the one it became."""

    def claim(record: Claim) -> Claim:
        return replace(record, events=_unique(new.get(key, key) for key in record.events))

    def end(record: LinkEnd) -> LinkEnd:
        return replace(record, event=new.get(record.event, record.event) if record.event else None)

    def link(record: Link) -> Link:
        return replace(record, cause=end(record.cause), effect=end(record.effect))

    def question(record: Question) -> Question:
        return replace(record, hangs_on=_unique(new.get(key, key) for key in record.hangs_on))

    return replace(
        document,
        claims=tuple(map(claim, document.claims)) if document.claims is not None else None,
        links=tuple(map(link, document.links)) if document.links is not None else None,
        questions=tuple(map(question, document.questions)) if document.questions is not None else None,
    )
