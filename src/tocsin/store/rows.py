"""A `Document` → the rows of one reading, and rows → records and documents again; pure, no database.

Rows refer to each other by their index in `Rows.records`; the store adds the number at which it writes them.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from tocsin.errors import StoreError
from tocsin.model import (
    LAYERS,
    Actor,
    Document,
    Graph,
    Place,
    Record,
    Report,
    Slot,
    Time,
    decode,
    encode,
    field_types,
)
from tocsin.store.dates import days

Row = dict[str, Any]

# Which field of a layer's records goes into the columns `type`, `factuality` and `date`.
TYPE = {
    "actors": "kind", "places": "kind", "events": "type", "claims": "kind", "red_lines": "aim", "permissions": "state",
    "capabilities": "kind", "tenures": "standing", "links": "relation", "doubts": "kind",
}
FACTUALITY = {"events": "factuality", "permissions": "factuality", "claims": "certainty", "links": "certainty"}
DATE = {"events": "when", "permissions": "since"}
THINGS = {"instruments", "means", "system"}


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows by table, `record` and `filler` being indices into `records`."""

    report: Row
    reading: Row
    records: list[Row]
    slots: list[Row]
    known_as: list[Row]
    evidence: list[Row]


def fold(name: str) -> str:
    """The form under which names are compared: case and spacing do not count.

    >>> fold("  North   KOREA ")
    'north korea'
    """
    return " ".join(name.casefold().split())


def to_rows(document: Document) -> Rows:
    """All rows of a reading, but its numbers and the time.

    Raises:
        StoreError: the report's id is empty, the text is not normalised, or evidence does not quote it.
    """
    report = document.report
    _refuse_unclean(report)
    found = list(document.records())
    for layer, record in found:
        _refuse_misquoted(layer, record, report)
    actors, places = _numbers(found, "actors"), _numbers(found, "places")
    fillers = {"actor": places | actors, "place": actors | places}
    return Rows(
        report=_report_row(report),
        reading=_reading_row(document, len(found)),
        records=[_record_row(layer, record, report) for layer, record in found],
        slots=[row for number, (layer, record) in enumerate(found) for row in _slot_rows(number, layer, record, fillers)],
        known_as=[row for number, (_, record) in enumerate(found) for row in _name_rows(number, record)],
        evidence=[
            {"record": number, "start": words.start, "end": words.end, "quote": words.quote}
            for number, (_, record) in enumerate(found) for words in record.evidence
        ],
    )


def slots(record: object, role: str = "") -> Iterator[tuple[str, Slot]]:
    """Every slot of a record with the path of its field.

    >>> from tocsin.model import Scope
    >>> [role for role, _ in slots(Scope(Slot(None, "Mali", None, None, None, True), ()))]
    ['place']
    """
    if isinstance(record, Slot):
        yield role, record
    else:
        for name, part in _parts(record):
            yield from slots(part, f"{role}.{name}".strip("."))


def misquotes(value: object, text: str) -> Iterator[str]:
    """Quotes, at any depth, that are not the words at their offsets."""
    quote, start, end = (getattr(value, name, None) for name in ("quote", "start", "end"))
    if quote is not None and not _quotes(text, start, end, quote):
        yield quote
    for _, part in _parts(value):
        yield from misquotes(part, text)


def to_report(row: Any) -> Report:
    """A row of `report` → the report."""
    return Report(
        row.id, row.source, row.url, row.title, row.author, row.published, row.retrieved, row.lang, row.text
    )


def to_record(layer: str, text: str) -> Record:
    """The JSON of a record → the record.

    Raises:
        StoreError: it is damaged, or of a form that this version does not know.
    """
    return cast(Record, _parsed(f"a record of {layer}", text, lambda value: decode(LAYERS[layer], value)))


def to_document(report: Report, reading: Any, records: Iterable[tuple[str, Record]]) -> Document:
    """Report, a row of `reading` and its records in order → the document."""
    layers: dict[str, list[Record]] = {layer: [] for layer in json.loads(reading.layers)}
    for layer, record in records:
        layers[layer].append(record)
    sentences = _parsed("sentences", reading.sentences, lambda value: decode(tuple[tuple[int, int], ...], value))
    graph = _parsed("a graph", reading.graph, lambda value: decode(Graph, value))
    times = _parsed("times", reading.times, lambda value: decode(tuple[Time, ...], value))
    found: dict[str, Any] = {layer: tuple(items) for layer, items in layers.items()}
    return Document(report, sentences, graph, times, reader=reading.reader or None, **found)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    """The fields of a record, or the items of a tuple under no name."""
    if isinstance(value, tuple):
        yield from (("", item) for item in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from ((name, getattr(value, name)) for name in field_types(type(value)))


def _parsed(what: str, text: str | None, build: Callable[[Any], Any]) -> Any:
    if text is None:
        return None
    try:
        return build(json.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"holds {what} that this version cannot read ({error}): {text[:80]}", where="store",
            todo="read the report again, or use the version that wrote it",
        ) from error


def _refuse_unclean(report: Report) -> None:
    fields = {name: getattr(report, name) for name in field_types(Report)}
    if not report.id:
        raise StoreError("a report without an id", where="store", todo="make it with Report.of")
    for name, value in fields.items():
        if value is not None and ("\0" in value or value != value.encode("utf-8", "replace").decode("utf-8")):
            raise StoreError(
                f"the report's {name} holds a NUL or half a character", where=report.id, allowed="normalised text",
                todo="pass it through tocsin.acquire.text.normalise first",
            )


def _refuse_misquoted(layer: str, record: Record, report: Report) -> None:
    for words in record.evidence:
        if not _quotes(report.text, words.start, words.end, words.quote):
            raise StoreError(
                f"evidence {words.quote[:60]!r} is not the text at {words.start}:{words.end}",
                where=f"{report.id}, {layer} {record.id}", allowed="quote == text[start:end]",
                todo="this is a fault of the reader that made the record: report it",
            )


def _quotes(text: str, start: int | None, end: int | None, quote: str) -> bool:
    return start is not None and end is not None and 0 <= start <= end <= len(text) and text[start:end] == quote


def _numbers(found: list[tuple[str, Record]], layer: str) -> dict[str, int]:
    return {record.id: number for number, (name, record) in enumerate(found) if name == layer}


def _report_row(report: Report) -> Row:
    row: Row = {name: getattr(report, name) for name in field_types(Report)}
    return row | {"source_key": fold(report.source) if report.source else None, "date": days(report.published)[0]}


def _reading_row(document: Document, records: int) -> Row:
    return {
        "reader": document.reader or "",
        "layers": json.dumps([layer for layer in LAYERS if getattr(document, layer) is not None]),
        "records": records,
        "sentences": _json(document.sentences),
        "graph": _graph_json(document.graph),
        "times": _json(document.times),
    }


def _record_row(layer: str, record: Record, report: Report) -> Row:
    when = getattr(record, DATE[layer]) if layer in DATE else None
    first, last = days(when.edtf) if when else (None, None)
    return {
        "layer": layer,
        "id": record.id,
        "type": getattr(record, TYPE[layer]) if layer in TYPE else None,
        "factuality": getattr(record, FACTUALITY[layer]) if layer in FACTUALITY else None,
        "quad": getattr(record, "quad", None),
        "date": first or days(report.published)[0],
        "date_to": last,
        "json": json.dumps(encode(record), ensure_ascii=False, separators=(",", ":")),
    }


def _slot_rows(number: int, layer: str, record: Record, fillers: dict[str, dict[str, int]]) -> Iterator[Row]:
    for role, slot in slots(record):
        part = _part(layer, role)
        filler = fillers["place" if part == "place" else "actor"].get(slot.id) if slot.id else None
        yield {"record": number, "role": role, "part": part, "filler": filler, "key": fold(slot.name)}


def _part(layer: str, role: str) -> str:
    """What stands in this role. Who merely tells of an event is a voice: a filter by actor does not mean it."""
    last = role.rpartition(".")[2]
    if last == "place":
        return "place"
    if last in THINGS:
        return "thing"
    return "voice" if layer == "events" and last == "holder" else "actor"


def _name_rows(number: int, record: Record) -> Iterator[Row]:
    if not isinstance(record, Actor | Place):
        return
    names = [record.id, record.name, record.country, *record.aliases]
    part = "actor" if isinstance(record, Actor) else "place"
    if isinstance(record, Place):
        names += [record.admin1, str(record.geonames_id) if record.geonames_id else None]
    for key in dict.fromkeys(fold(name) for name in names if name):
        yield {"key": key, "part": part, "record": number}


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(encode(value), ensure_ascii=False, separators=(",", ":"))


def _graph_json(graph: Graph | None) -> str | None:
    """Nodes without the attributes that they do not have: that is most of them."""
    if graph is None:
        return None
    nodes = [{key: value for key, value in node.items() if value is not None} for node in encode(graph.nodes)]
    return json.dumps({"nodes": nodes, "edges": encode(graph.edges)}, ensure_ascii=False, separators=(",", ":"))
