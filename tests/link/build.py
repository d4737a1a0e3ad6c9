"""Reports in the graph format in, `Document`s out: what the annotator would hand to `link`, with certainty 1."""

from __future__ import annotations

from tocsin.model import Document, Edge, Graph, Node, Report
from training.graph import parse

DEFAULTS = {
    "event": {"type": None, "mode": None, "factuality": "asserted", "tenure": None},
    "actor": {"actor_kind": "state"},
    "office": {"standing": "incumbent"},
}


def documents(source: str) -> list[Document]:
    """All reports of a text in the graph format."""
    result = []
    for found in parse(source):
        order = sorted(range(len(found.nodes)), key=lambda i: (found.nodes[i].start, found.nodes[i].end))
        place = {old: new for new, old in enumerate(order)}
        nodes = []
        for index in order:
            node = found.nodes[index]
            values = DEFAULTS.get(node.kind, {}) | {key: None if value == "-" else value for key, value in node.attributes.items()}
            nodes.append(Node(node.kind, node.start, node.end, 1.0, **values))
        edges = [Edge(place[hub], place[target], role, 1.0) for hub, target, role in found.edges]
        for hub, start, end, role in found.clauses:
            nodes.append(Node("clause", start, end, 1.0))
            edges.append(Edge(place[hub], len(nodes) - 1, role, 1.0))
        report = Report.of(found.text, published=found.meta.get("published"), source=found.meta.get("source"), title=found.meta.get("title"))
        result.append(Document(report, tuple(found.sentences), Graph(tuple(nodes), tuple(edges)), ()))
    return result


def document(source: str) -> Document:
    """The only report of a text in the graph format."""
    (only,) = documents(source)
    return only
