"""Read documents in, the same documents with actors, places and joined events out: names, offices and places resolved.

`Linker.link` is a pure function over one document. It fills `actors` and `places`, gives every slot its id and the name a reader
would write (quotes and offsets stay as they are), dates tenures from the table of offices, and joins mentions of one event.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tocsin.link import actors as _actors
from tocsin.link.events import merged
from tocsin.link.permissions import joined
from tocsin.link.places import Atlas
from tocsin.link.tenures import checked
from tocsin.model import LAYERS, Actor, Document, Evidence, Place, Slot, field_types

__all__ = ["Linker"]


@dataclass(frozen=True, slots=True)
class Linker:
    """Resolves names within one report, with the tables of the package and its gazetteer (opened on first use)."""

    atlas: Atlas

    @classmethod
    def load(cls) -> Linker:
        """The linker with the tables that travel in the package.

        >>> Linker.load().atlas is not None
        True
        """
        return cls(Atlas.load())

    def link(self, document: Document) -> Document:
        """The document with `actors`, `places`, resolved slots, dated tenures and joined events. Deterministic.

        Raises:
            OntologyError: a table of the package is damaged.
        """
        cast = _actors.cast(document)
        places = self.atlas.places(document)
        resolver = _Resolver(document, dict(cast.by_span), dict(places), {})
        layers: dict[str, Any] = {
            layer: _resolved(getattr(document, layer), resolver) for layer in LAYERS if layer not in ("actors", "places")
        }
        found = {place.id: place for place in places.values()}
        linked = replace(
            document,
            actors=(*cast.actors, *resolver.implied.values()),
            places=tuple(sorted(found.values(), key=lambda place: (place.mentions[0].start if place.mentions else -1, place.id))),
            **layers,
        )
        return joined(checked(merged(linked)))


@dataclass(frozen=True, slots=True)
class _Resolver:
    """Spans of one document and what they mean. `implied` collects actors that no words name."""

    document: Document
    actors: dict[tuple[int, int], Actor]
    places: dict[tuple[int, int], Place]
    implied: dict[str, Actor]

    def who(self, slot: Slot, evidence: tuple[Evidence, ...]) -> Slot:
        """The slot with the id and name of its actor, or of its place."""
        if slot.start is None or slot.end is None:
            return self._implied(slot, evidence)
        thing = self.actors.get((slot.start, slot.end)) or self.places.get((slot.start, slot.end))
        return replace(slot, id=thing.id, name=thing.name) if thing else slot

    def where(self, slot: Slot, evidence: tuple[Evidence, ...]) -> Slot:
        """The slot with the id and name of its place."""
        if slot.start is None or slot.end is None:
            return slot
        place = self.places.get((slot.start, slot.end))
        return replace(slot, id=place.id, name=place.name) if place else self.who(slot, evidence)

    def _implied(self, slot: Slot, evidence: tuple[Evidence, ...]) -> Slot:
        actor = _actors.implied(slot, self.document, evidence[:1])
        known = {actor.id: actor for actor in self.actors.values()}
        actor = known.get(actor.id) or self.implied.setdefault(actor.id, actor)
        return replace(slot, id=actor.id, name=actor.name)


def _resolved(layer: tuple[Any, ...] | None, resolver: _Resolver) -> tuple[Any, ...] | None:
    if layer is None:
        return None
    return tuple(_walk(record, resolver, resolver.who, record.evidence) for record in layer)


def _walk(value: Any, resolver: _Resolver, change: Callable[[Slot, tuple[Evidence, ...]], Slot], evidence: tuple[Evidence, ...]) -> Any:
    """`model.map_slots`, with slots of a field `place` looked up among the places first."""
    if isinstance(value, Slot):
        return change(value, evidence)
    if isinstance(value, tuple):
        return tuple(_walk(item, resolver, change, evidence) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        new = {
            name: _walk(getattr(value, name), resolver, resolver.where if name == "place" else resolver.who, evidence)
            for name in field_types(type(value))
        }
        return replace(value, **new)
    return value
