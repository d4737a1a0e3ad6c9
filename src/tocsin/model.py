"""The words of Tocsin: frozen records that every stage speaks; their fields are the JSON of a document.

Goes in: nothing (standard library alone). Comes out: `Report` (one publication), the passage graph (`Node`, `Edge`),
the records read off it, and `Document`, a report with stand-off layers. A layer that is `None` was not run; an empty
one found nothing. Offsets are half-open and count code points of `Report.text`.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

SCHEMA_VERSION = "1"

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a report: half-open code-point offsets and the exact quote.

    >>> Evidence.at("Mali closed the border.", 5, 11).quote
    'closed'
    """

    start: int
    end: int
    quote: str

    @classmethod
    def at(cls, text: str, start: int, end: int) -> Evidence:
        return cls(start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class Slot:
    """Who or what fills a role. `name` is what a reader would write; `quote` the words, `None` where the text leaves it out.

    `id` leads to the entry under `actors` or `places`; it is `None` until `link` has run and for systems.
    """

    id: str | None
    name: str
    start: int | None
    end: int | None
    quote: str | None
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One publication by one source; `id` is a hash of its content and origin. Dates are ISO 8601 / EDTF text."""

    id: str
    source: str | None
    url: str | None
    title: str | None
    author: str | None
    published: str | None
    retrieved: str | None
    lang: str | None
    text: str

    @classmethod
    def of(
        cls,
        text: str,
        *,
        source: str | None = None,
        url: str | None = None,
        title: str | None = None,
        author: str | None = None,
        published: str | None = None,
        retrieved: str | None = None,
        lang: str | None = None,
    ) -> Report:
        """A report with its id. `text` must be normalised already (`tocsin.acquire.text.normalise`)."""
        key = content_id("r", source, url, published, text)
        return cls(key, source, url, title, author, published, retrieved, lang, text)


@dataclass(frozen=True, slots=True)
class When:
    """A date or interval as EDTF text (`2024-11-17`, `2024-11`, `2024-11-11/2024-11-17`, `2024-11~`).

    `basis`: `stated` (the text gives it), `counted` (from the date of publication), `inferred`.
    """

    edtf: str
    basis: str


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression found in the text and what it means; `when` is `None` where that stays open."""

    start: int
    end: int
    quote: str
    when: When | None


# --- the passage graph -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the passage graph. `kind` and the attributes are those of `ontology/graph.yaml`; `clause` for clauses.

    Attributes that the kind does not have are `None`. `confidence` is between 0 and 1.
    """

    kind: str
    start: int
    end: int
    confidence: float
    type: str | None = None
    mode: str | None = None
    factuality: str | None = None
    certainty: str | None = None
    claim: str | None = None
    aim: str | None = None
    change: str | None = None
    relation: str | None = None
    sign: str | None = None
    tenure: str | None = None
    actor_kind: str | None = None
    role: str | None = None
    standing: str | None = None
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """From the node at index `source` (a hub) to the node at index `target`, in the role `role`."""

    source: int
    target: int
    role: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in order of their start and the edges between them, by index."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def targets(self, hub: int, *roles: str) -> tuple[int, ...]:
        """Indices of the nodes that `hub` has in one of these roles, in order of the text."""
        return tuple(sorted(edge.target for edge in self.edges if edge.source == hub and edge.role in roles))


# --- records -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever can act or be acted upon. `country` is ISO 3166 alpha-3, `role` a PLOVER code."""

    id: str
    name: str
    kind: str
    country: str | None
    role: str | None
    part_of: str | None
    aliases: tuple[str, ...]
    mentions: tuple[Evidence, ...]
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place; coordinates in degrees (WGS 84), `radius_km` says how far off they may be."""

    id: str
    name: str
    kind: str
    country: str | None
    admin1: str | None
    latitude: float | None
    longitude: float | None
    radius_km: float | None
    geonames_id: int | None
    disputed: str | None
    aliases: tuple[str, ...]
    mentions: tuple[Evidence, ...]
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as published: `what` it counts, `value` in `unit`, the `hedge` before it, and the words (`text`)."""

    what: str
    value: float | None
    unit: str | None
    hedge: str | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to whom. `type` is PLOVER or `None`; `factuality` says whether it happened at all."""

    id: str
    type: str | None
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: str | None
    actors: tuple[Slot, ...]
    recipients: tuple[Slot, ...]
    affected: tuple[Slot, ...]
    instruments: tuple[Slot, ...]
    place: Slot | None
    when: When | None
    factuality: str
    polarity: str
    holder: Slot | None
    figures: tuple[Figure, ...]
    mentions: tuple[Evidence, ...]
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody holds to be so. `holder` is `None` only for the author's own voice."""

    id: str
    holder: Slot | None
    proposition: str
    kind: str
    certainty: str
    hedges: tuple[str, ...]
    events: tuple[str, ...]
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text with what was read off it: who, does what, to whom, with what, where."""

    quote: str
    start: int
    end: int
    actor: Slot | None
    act: str | None
    means: Slot | None = None
    place: Slot | None = None
    target: Slot | None = None
    polarity: str | None = None
    named: bool | None = None


@dataclass(frozen=True, slots=True)
class Force:
    """How strongly a threat is worded: the hedges in it, and whether it is explicit, quoted, said before."""

    hedges: tuple[str, ...]
    explicit: bool
    quoted: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Is it clear what crosses the line, and what would follow? `clear`, `vague` or `not stated`."""

    threshold: str
    consequence: str


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One step in the life of a red line, with its date and the words that show it."""

    status: str
    date: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RedLine:
    """Who threatens what if what happens, and what became of it."""

    id: str
    issuer: Slot | None
    issuer_level: str | None
    addressees: tuple[Slot, ...]
    condition: Clause | None
    consequence: Clause | None
    aim: str
    force: Force
    ambiguity: Ambiguity
    wordings: tuple[Evidence, ...]
    status: str
    status_log: tuple[StatusEntry, ...]
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a permission reaches: where, and the limits as worded."""

    place: Slot | None
    limits: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Permission:
    """Who lets whom do what. A permission is never the thing permitted."""

    id: str
    grantor: Slot | None
    grantee: Slot | None
    act: Evidence | None
    system: Slot | None
    scope: Scope
    state: str
    change: str | None
    since: When | None
    replaces: str | None
    factuality: str
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Capability:
    """A system as reported: maker, holders, published figures. Public facts only."""

    id: str
    system: Slot
    aliases: tuple[str, ...]
    kind: str | None
    maker: Slot | None
    holders: tuple[Slot, ...]
    figures: tuple[Figure, ...]
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who holds which office, from when to when (EDTF), with the standing at the report's date."""

    id: str
    person: Slot
    office: str
    country: str | None
    from_: str | None
    to: str | None
    standing: str
    basis: str
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """One end of a link: the words and, where one was read there, the event."""

    quote: str
    start: int
    end: int
    event: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """Cause or reason → effect, according to whom (`None`: the author)."""

    id: str
    relation: str
    cause: LinkEnd
    effect: LinkEnd
    sign: str
    certainty: str
    holder: Slot | None
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What the report leaves open. `hangs_on` are ids of records."""

    id: str
    text: str
    outcomes: tuple[str, ...]
    resolution: str | None
    deadline: str | None
    hangs_on: tuple[str, ...]
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What does not fit, inside a report or against what is known."""

    id: str
    kind: str
    what: str
    why: str
    confidence: float
    evidence: tuple[Evidence, ...]


Record = (
    Actor | Place | Event | Claim | RedLine | Permission | Capability | Tenure | Link | Question | Doubt
)

LAYERS: dict[str, type] = {
    "actors": Actor,
    "places": Place,
    "events": Event,
    "claims": Claim,
    "red_lines": RedLine,
    "permissions": Permission,
    "capabilities": Capability,
    "tenures": Tenure,
    "links": Link,
    "questions": Question,
    "doubts": Doubt,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A report with stand-off layers; `reader` names the model and version that read it."""

    report: Report
    sentences: tuple[tuple[int, int], ...] | None = None
    graph: Graph | None = None
    times: tuple[Time, ...] | None = None
    actors: tuple[Actor, ...] | None = None
    places: tuple[Place, ...] | None = None
    events: tuple[Event, ...] | None = None
    claims: tuple[Claim, ...] | None = None
    red_lines: tuple[RedLine, ...] | None = None
    permissions: tuple[Permission, ...] | None = None
    capabilities: tuple[Capability, ...] | None = None
    tenures: tuple[Tenure, ...] | None = None
    links: tuple[Link, ...] | None = None
    questions: tuple[Question, ...] | None = None
    doubts: tuple[Doubt, ...] | None = None
    reader: str | None = None

    def records(self) -> Iterator[tuple[str, Record]]:
        """Every record with the name of its layer, in the order of `LAYERS`."""
        for layer in LAYERS:
            for record in getattr(self, layer) or ():
                yield layer, record

    def to_dict(self) -> JSON:
        """The document as JSON values: report, sentences and records; the schema is `tocsin schema`.

        >>> Document(Report.of("Mali closed the border."), sentences=((0, 23),)).to_dict()["sentences"]
        [[0, 23]]
        """
        return {"report": encode(self.report), "sentences": encode(self.sentences)} | {
            layer: encode(getattr(self, layer)) for layer in LAYERS
        }

    def to_json(self) -> str:
        """`to_dict` on one line; the same text read by the same model gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_dict(cls, data: JSON) -> Document:
        """The inverse of `to_dict`; the graph and the times are not part of the JSON and stay `None`."""
        kept = {"report", "sentences", *LAYERS}
        return typing.cast(Document, decode(cls, {key: value for key, value in data.items() if key in kept}))


def content_id(prefix: str, *parts: object) -> str:
    """A short id from content alone: the same parts give the same id.

    >>> content_id("e", "x", 1) == content_id("e", "x", 1)
    True
    """
    raw = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str)
    return f"{prefix}{hashlib.sha256(raw.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def map_slots(record: Any, change: Callable[[Slot], Slot]) -> Any:
    """The record with `change` applied to each `Slot` in it, at any depth."""
    if isinstance(record, Slot):
        return change(record)
    if isinstance(record, tuple):
        return tuple(map_slots(item, change) for item in record)
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        new = {name: map_slots(getattr(record, name), change) for name in field_types(type(record))}
        return dataclasses.replace(record, **new)
    return record


def encode(value: Any) -> Any:
    """Records → JSON values; a trailing underscore of a field's name falls away (`from_` → `from`)."""
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name.rstrip("_"): encode(getattr(value, name)) for name in field_types(type(value))}
    return value


def decode(kind: Any, value: Any) -> Any:
    """JSON values → records of the given type; the inverse of `encode`."""
    if value is None:
        return None
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)
        parts = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(decode(part, item) for part, item in zip(parts, value, strict=True))
    if dataclasses.is_dataclass(kind):
        fields = field_types(typing.cast(type, kind))
        given = {name: name.rstrip("_") for name in fields}
        known = {name: decode(fields[name], value[key]) for name, key in given.items() if key in value}
        return typing.cast(type, kind)(**known)
    return float(value) if kind is float else value


@functools.cache
def field_types(kind: type) -> dict[str, Any]:
    """The fields of a dataclass with their resolved types, in order."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
