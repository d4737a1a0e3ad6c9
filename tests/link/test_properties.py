"""What must hold for any graph over any text: nothing is raised, quotes agree, slots lead somewhere, linking again changes no id."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.code import read_records
from tocsin.link import Linker
from tocsin.model import Document, Edge, Evidence, Graph, Node, Report, Slot
from tocsin.ontology import load

LINKER = Linker.load()
SCHEMA = load("graph")
WORDS = [
    "Russia", "Moscow", "the Kremlin", "Ukrainian", "troops", "Biden", "Joe", "President", "he", "they", "it", "we", "Kyiv", "Mali", "NATO", "(RSF)", "RSF",
    "Rapid", "Support", "Forces", "officials", "hundreds of", "protesters", "attack", "attacked", "said", ".", ",", "U.S.", "’s", "'s", "Georgia", "border",
    "area", "northern", "of", "in", "Paris", "Texas", "minister", "army", "Kim", "Putin", "Élysée", "\u200b", "𝔘", "İ", "ß", "-", "Mr", "ministry", "St.",
]


@st.composite
def linkable(draw: st.DrawFn) -> Document:
    """A document with a graph of any nodes and edges over any words, and the records that the rules read off it."""
    words = draw(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=25))
    text = " ".join(words)
    report = Report.of(text, published=draw(st.sampled_from([None, "2024-11-18", "1998", "0001-01-01", "soon"])))
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(1, 18)), max_size=14))
    nodes = sorted((draw(node(start, min(len(text), start + size))) for start, size in spans), key=lambda n: (n.start, n.end))
    pairs = draw(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13), st.sampled_from([*SCHEMA["edges"], *SCHEMA["clauses"]])), max_size=20))
    edges = tuple(Edge(a, b, role, 0.5) for a, b, role in pairs if a < len(nodes) and b < len(nodes))
    return read_records(Document(report, ((0, len(text)),), Graph(tuple(nodes), edges), ()))


@st.composite
def node(draw: st.DrawFn, start: int, end: int) -> Node:
    kind = draw(st.sampled_from([*SCHEMA["things"], *SCHEMA["offices"], *SCHEMA["happenings"], "clause"]))
    values = {
        name: draw(st.sampled_from([None if value == "-" else value for value in entry["values"]]))
        for name, entry in SCHEMA["attributes"].items() if kind in entry["kinds"]
    }
    defaults = {name: SCHEMA["attributes"][name]["values"][0] for name, value in values.items() if value is None and name not in ("type", "mode", "tenure", "role")}
    return Node(kind, start, end, 0.5, **values | defaults)


def slots(value: Any) -> list[Slot]:
    if isinstance(value, Slot):
        return [value]
    if isinstance(value, tuple):
        return [slot for item in value for slot in slots(item)]
    if is_dataclass(value) and not isinstance(value, type):
        return [slot for field in fields(value) for slot in slots(getattr(value, field.name))]
    return []


def evidence(value: Any) -> list[Evidence]:
    if isinstance(value, Evidence):
        return [value]
    if isinstance(value, tuple):
        return [spot for item in value for spot in evidence(item)]
    if is_dataclass(value) and not isinstance(value, type):
        return [spot for field in fields(value) for spot in evidence(getattr(value, field.name))]
    return []


@settings(deadline=None, max_examples=150)
@given(linkable())
def test_linking(document: Document) -> None:
    result = LINKER.link(document)
    text = result.report.text
    records = [record for _, record in result.records()]
    for spot in evidence(tuple(records)):
        assert text[spot.start : spot.end] == spot.quote
    ids = {thing.id for thing in (*(result.actors or ()), *(result.places or ()))}
    assert len(ids) == len(result.actors or ()) + len(result.places or ())
    for slot in slots(tuple(records)):
        assert slot.id is None or slot.id in ids
        if slot.start is not None and slot.end is not None:
            assert text[slot.start : slot.end] == slot.quote
    spans = {(node.start, node.end) for node in (document.graph or Graph((), ())).nodes if node.kind == "actor"}
    assert spans == {(spot.start, spot.end) for actor in result.actors or () for spot in actor.mentions}
    assert all(0 <= record.confidence <= 1 for record in records)
    assert all(record.evidence for record in records)


@settings(deadline=None, max_examples=60)
@given(linkable())
def test_linking_again_changes_no_id(document: Document) -> None:
    once = LINKER.link(document)
    twice = LINKER.link(once)
    for layer in ("actors", "places", "events", "claims", "tenures", "doubts"):
        assert [record.id for record in getattr(once, layer)] == [record.id for record in getattr(twice, layer)], layer
    assert LINKER.link(document) == once


@settings(deadline=None, max_examples=60)
@given(linkable(), st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_matter_to_who_is_named(document: Document, random: Any) -> None:
    assert document.graph
    edges = list(document.graph.edges)
    random.shuffle(edges)
    shuffled = replace(document, graph=Graph(document.graph.nodes, tuple(edges)))
    one, two = (LINKER.link(item) for item in (document, shuffled))
    assert {place.id for place in one.places or ()} == {place.id for place in two.places or ()}
    assert {spot for actor in one.actors or () for spot in actor.mentions} == {spot for actor in two.actors or () for spot in actor.mentions}
