"""Documents made for the tests: `made(n)` by hand, `documents()` by hypothesis, anything that the model allows."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from hypothesis import strategies as st

from tocsin.model import (
    LAYERS,
    Actor,
    Claim,
    Document,
    Event,
    Evidence,
    Place,
    Report,
    Slot,
    When,
    content_id,
    field_types,
)

CLEAN = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = st.text(CLEAN, max_size=6) | st.sampled_from(["Mali", "ASSAULT", "2024-11", "2024-11-18", "e1"])


def at(text: str, words: str) -> Evidence:
    start = text.index(words)
    return Evidence(start, start + len(words), words)


def actor(report: Report, name: str, *aliases: str, country: str | None = None) -> Actor:
    words = at(report.text, name)
    return Actor(content_id("a", report.id, name), name, "state", country, "GOV", None, aliases, (words,), 0.9, (words,))


def place(report: Report, name: str, country: str, *aliases: str) -> Place:
    words = at(report.text, name)
    key = content_id("p", report.id, name)
    return Place(key, name, "city", country, None, 1.5, 2.5, 5.0, 7, None, aliases, (words,), 0.9, (words,))


def slot(report: Report, thing: Actor | Place | str) -> Slot:
    name = thing if isinstance(thing, str) else thing.name
    words = at(report.text, name)
    return Slot(None if isinstance(thing, str) else thing.id, name, words.start, words.end, words.quote)


def event(report: Report, words: str, **given: Any) -> Event:
    found = at(report.text, words)
    fields: dict[str, Any] = dict.fromkeys(field_types(Event)) | {
        "id": content_id("e", report.id, words), "factuality": "asserted", "polarity": "positive", "confidence": 0.8,
        "evidence": (found,), "mentions": (found,),
    }
    many = dict.fromkeys(("contexts", "actors", "recipients", "affected", "instruments", "figures"), ())
    return Event(**fields | many | given)


def claim(report: Report, holder: Slot, words: str) -> Claim:
    found = at(report.text, words)
    return Claim(content_id("c", report.id, words), holder, words, "denial", "attributed", (), (), 0.7, (found,))


def made(number: int, *, records: int = 3, reader: str = "model-1") -> Document:
    """A report with two actors, a place and so many events, no two numbers alike."""
    acts = [f"struck depot {index}" for index in range(records)]
    text = f"Report {number}. Russia {', '.join(acts)} of Ukraine near Odesa. Moscow denied it."
    report = Report.of(text, source="Wire", title=f"Number {number}", published=f"2024-11-{number % 28 + 1:02}")
    russia, ukraine = actor(report, "Russia", "Moscow", country="RUS"), actor(report, "Ukraine", country="UKR")
    odesa = place(report, "Odesa", "UKR")
    events = tuple(
        event(
            report, act, type="ASSAULT", actors=(slot(report, russia),), recipients=(slot(report, ukraine),),
            place=slot(report, odesa),
        )
        for act in acts
    )
    claims = (claim(report, slot(report, russia), "Moscow denied it"),)
    return Document(
        report, sentences=((0, len(text)),), actors=(russia, ukraine), places=(odesa,), events=events, claims=claims,
        doubts=(), reader=reader,
    )


def dated(document: Document, edtf: str) -> Document:
    events = tuple(dataclasses.replace(event, when=When(edtf, "stated")) for event in document.events or ())
    return dataclasses.replace(document, events=events)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any document whose evidence quotes its text; ids are unique inside a layer."""
    text = draw(st.text(CLEAN, max_size=20))
    given = {name: draw(values(kind, text)) for name, kind in field_types(Report).items() if name != "text"}
    report = dataclasses.replace(Report(text=text, **given), id=content_id("r", given, text))
    layers = {layer: draw(st.none() | lists(kind, text)) for layer, kind in LAYERS.items()}
    rest = {name: draw(values(field_types(Document)[name], text)) for name in ("sentences", "graph", "times")}
    return Document(report, reader=draw(st.none() | st.just("model-1")), **layers, **rest)


def lists(kind: type, text: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values(kind, text), max_size=2, unique_by=lambda record: record.id).map(tuple)


def values(kind: Any, text: str) -> st.SearchStrategy[Any]:
    """Values of a field's type, as the model declares it."""
    if kind is Evidence:
        spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
        return spans.map(lambda span: Evidence.at(text, *span))
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return st.none() | values(typing.get_args(kind)[0], text)
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)
        if inner[-1] is Ellipsis:
            return st.lists(values(inner[0], text), max_size=2).map(tuple)
        return st.tuples(*(values(part, text) for part in inner))
    if dataclasses.is_dataclass(kind):
        return st.builds(kind, **{name: values(part, text) for name, part in field_types(kind).items()})
    simple = {str: WORDS, int: st.integers(), bool: st.booleans(), float: st.floats(allow_nan=False, allow_infinity=False)}
    return simple[kind]


