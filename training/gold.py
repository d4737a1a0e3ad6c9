"""Annotated reports → `Document`s whose graph is the gold one, so that the rules can be tried on perfect input."""

from __future__ import annotations

from tocsin.model import Document, Edge, Graph, Node, Report
from training.graph import ATTRIBUTES, AnnotatedReport


def gold_document(report: AnnotatedReport) -> Document:
    """The report with sentences and graph as annotated; times are left empty."""
    nodes = [
        Node(
            node.kind, node.start, node.end, 1.0,
            **{
                name: node.attributes.get(name, attribute["values"][0])
                for name, attribute in ATTRIBUTES.items() if node.kind in attribute["kinds"]
            },
        )
        for node in report.nodes
    ]
    edges = [Edge(hub, thing, role, 1.0) for hub, thing, role in report.edges]
    for hub, start, end, role in report.clauses:
        edges.append(Edge(hub, len(nodes), role, 1.0))
        nodes.append(Node("clause", start, end, 1.0))
    return Document(
        Report.of(report.text, published=report.meta.get("published"), source=report.meta.get("source")),
        sentences=tuple(report.sentences), graph=Graph(tuple(nodes), tuple(edges)), times=(),
    )
