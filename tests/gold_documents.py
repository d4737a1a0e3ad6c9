"""Annotated reports (`tests/gold/*.graph`) → read documents by way of the rules and the linker: good records without the model."""

from __future__ import annotations

import functools
from pathlib import Path

from tocsin.annotate.when import times
from tocsin.code import read_records
from tocsin.link import Linker
from tocsin.model import Document, Edge, Graph, Node, Report
from training.graph import ATTRIBUTES, AnnotatedReport, load

GOLD = Path(__file__).parent / "gold"


@functools.cache
def gold_documents(name: str = "examples.graph") -> tuple[Document, ...]:
    """The documents of one gold file, in its order."""
    return tuple(map(document_of, load([GOLD / name])))


def document_of(annotated: AnnotatedReport) -> Document:
    """The document that a model without fault would give."""
    nodes = [
        Node(node.kind, node.start, node.end, 1.0, **{
            name: node.attributes.get(name, entry["values"][0]) for name, entry in ATTRIBUTES.items() if node.kind in entry["kinds"]
        })
        for node in annotated.nodes
    ]
    edges = [Edge(hub, target, role, 1.0) for hub, target, role in annotated.edges]
    for hub, start, end, role in annotated.clauses:
        edges.append(Edge(hub, len(nodes), role, 1.0))
        nodes.append(Node("clause", start, end, 1.0))
    report = Report.of(
        annotated.text, published=annotated.meta.get("published"), source=annotated.meta.get("source"),
        title=annotated.text.partition("\n")[0],
    )
    spans = [(node.start, node.end) for node in nodes if node.kind == "time"]
    document = Document(
        report, sentences=tuple(annotated.sentences), graph=Graph(tuple(nodes), tuple(edges)),
        times=times(spans, report.text, published=report.published), reader="gold",
    )
    return Linker.load().link(read_records(document))
