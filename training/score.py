"""Gold graphs and predicted graphs → scores: exact spans and kinds, attributes where the node was found, edges, clauses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tocsin.annotate.decode import Reader, read_graph
from tocsin.annotate.heads import Labels
from tocsin.model import Graph
from training.graph import ATTRIBUTES, CLAUSES, HAPPENINGS, AnnotatedReport

Scores = dict[str, float]


def f1(hits: int, predicted: int, gold: int) -> float:
    """Harmonic mean of precision and recall; 0 where nothing hit."""
    return 2 * hits / (predicted + gold) if hits else 0.0


def score(reader: Reader, reports: Iterable[AnnotatedReport], labels: Labels) -> Scores:
    """Read each report's gold sentences with `reader` and compare; keys as in `compare`."""
    return compare(((report, read_graph(reader, report.text, report.sentences)) for report in reports), labels)


def compare(pairs: Iterable[tuple[AnnotatedReport, Graph]], labels: Labels) -> Scores:
    """Annotations with other graphs of the same text: the model's, or another annotator's.

    Keys: `things`, `offices`, `happenings` (span and kind, F1), `F1 <kind>`, `acc <attribute>` on nodes found,
    `type` (trigger span with PLOVER type, F1), `dyad` (trigger, type, actor and recipient spans, F1), `edges`,
    `F1 edge <role>`, `edges of shared nodes` (edges between nodes that stand in both), `clauses` (exact), `F1 <clause>`,
    `overlap <kind>`, `overlap <clause>` (any shared character), `kappa <attribute>` (Cohen's, on shared nodes), `factuality`
    (macro-F1 on nodes found).
    """
    count: Counter[tuple[str, str]] = Counter()
    confusion: Counter[tuple[str, str]] = Counter()
    both: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for report, graph in pairs:
        _count_nodes(report, graph, labels, count)
        _count_attributes(report, graph, both, confusion)
        _count_edges(report, graph, count)
        _count_clauses(report, graph, count)
    scores = {
        name: f1(count[name, "hit"], count[name, "predicted"], count[name, "gold"])
        for name in sorted({name for name, _ in count})
    }
    for name, pairs_of in sorted(both.items()):
        scores[f"acc {name}"] = sum(n for (one, two), n in pairs_of.items() if one == two) / sum(pairs_of.values())
        scores[f"kappa {name}"] = kappa(pairs_of)
    scores["factuality"] = macro_f1(confusion)
    return {name: round(value, 4) for name, value in scores.items()}


def macro_f1(confusion: Counter[tuple[str, str]]) -> float:
    """Mean F1 over the labels that occur in gold; `confusion` counts (gold, predicted)."""
    labels = sorted({gold for gold, _ in confusion})
    each = [
        f1(
            confusion[label, label],
            sum(n for (_, predicted), n in confusion.items() if predicted == label),
            sum(n for (gold, _), n in confusion.items() if gold == label),
        )
        for label in labels
    ]
    return sum(each) / len(each) if each else 0.0


def kappa(confusion: Counter[tuple[str, str]]) -> float:
    """Cohen's kappa of two annotators' labels; 1 where both gave one label only.

    >>> round(kappa(Counter({("yes", "yes"): 4, ("no", "no"): 4, ("no", "yes"): 1, ("yes", "no"): 1})), 2)
    0.6
    """
    total = sum(confusion.values())
    one, two = Counter[str](), Counter[str]()
    for (mine, theirs), n in confusion.items():
        one[mine] += n
        two[theirs] += n
    seen = sum(n for (mine, theirs), n in confusion.items() if mine == theirs) / total
    chance = sum(one[label] * two[label] for label in one) / total**2
    return (seen - chance) / (1 - chance) if chance < 1 else 1.0


def _tally(count: Counter[tuple[str, str]], name: str, gold: set[object], predicted: set[object]) -> None:
    count[name, "hit"] += len(gold & predicted)
    count[name, "gold"] += len(gold)
    count[name, "predicted"] += len(predicted)


def _count_nodes(report: AnnotatedReport, graph: Graph, labels: Labels, count: Counter[tuple[str, str]]) -> None:
    gold = {(n.kind, n.start, n.end) for n in report.nodes}
    predicted = {(n.kind, n.start, n.end) for n in graph.nodes if n.kind != "clause"}
    for name, kinds in zip(("things", "offices", "happenings"), labels.layers, strict=True):
        _tally(count, name, {g for g in gold if g[0] in kinds}, {p for p in predicted if p[0] in kinds})
        for kind in kinds:
            mine, theirs = {g for g in gold if g[0] == kind}, {p for p in predicted if p[0] == kind}
            _tally(count, f"F1 {kind}", set(mine), set(theirs))
            _near(count, f"overlap {kind}", {(k, 0, a, b) for k, a, b in mine}, {(k, 0, a, b) for k, a, b in theirs})
    _tally(
        count, "type",
        {(n.start, n.end, n.attributes["type"]) for n in report.nodes if n.attributes.get("type", "-") != "-"},
        {(n.start, n.end, n.type) for n in graph.nodes if n.type not in (None, "-")},
    )


Placed = tuple[str, int, int, int]  # role or kind, hub, start, end


def _near(count: Counter[tuple[str, str]], name: str, gold: set[Placed], predicted: set[Placed]) -> None:
    """Spans that share a character with one of the other side, each used once."""
    left = sorted(predicted)
    for role, hub, start, end in sorted(gold):
        other = next((p for p in left if p[:2] == (role, hub) and min(end, p[3]) > max(start, p[2])), None)
        if other:
            left.remove(other)
            count[name, "hit"] += 1
    count[name, "gold"] += len(gold)
    count[name, "predicted"] += len(predicted)


def _count_attributes(
    report: AnnotatedReport, graph: Graph, both: dict[str, Counter[tuple[str, str]]], confusion: Counter[tuple[str, str]]
) -> None:
    found = {(n.kind, n.start, n.end): n for n in graph.nodes}
    for node in report.nodes:
        other = found.get((node.kind, node.start, node.end))
        if other is None:
            continue
        for name, attribute in ATTRIBUTES.items():
            if node.kind in attribute["kinds"]:
                gold = node.attributes.get(name, attribute["values"][0])
                both[name][gold, getattr(other, name)] += 1
                if name == "factuality" and node.kind in ("event", "permit", "withhold", "threat"):
                    confusion[gold, getattr(other, name)] += 1


def _count_edges(report: AnnotatedReport, graph: Graph, count: Counter[tuple[str, str]]) -> None:
    def key(nodes: Sequence[object], index: int) -> tuple[int, int]:
        return nodes[index].start, nodes[index].end  # type: ignore[attr-defined]

    gold = {(role, key(report.nodes, hub), key(report.nodes, thing)) for hub, thing, role in report.edges}
    predicted = {(e.role, key(graph.nodes, e.source), key(graph.nodes, e.target)) for e in graph.edges if e.role not in CLAUSES}
    _tally(count, "edges", set(gold), set(predicted))
    shared = {(n.start, n.end) for n in report.nodes} & {(n.start, n.end) for n in graph.nodes}
    _tally(
        count, "edges of shared nodes",
        {g for g in gold if {g[1], g[2]} <= shared}, {p for p in predicted if {p[1], p[2]} <= shared},
    )
    for role in {r for r, *_ in gold | predicted}:
        _tally(count, f"F1 edge {role}", {g for g in gold if g[0] == role}, {p for p in predicted if p[0] == role})
    _tally(count, "dyad", set(_dyads(_gold_frames(report))), set(_dyads(_read_frames(graph))))


Frame = tuple[tuple[int, int], str, dict[str, set[tuple[int, int]]]]


def _gold_frames(report: AnnotatedReport) -> Iterable[Frame]:
    for index, node in enumerate(report.nodes):
        if node.kind in HAPPENINGS and node.attributes.get("type", "-") != "-":
            roles: dict[str, set[tuple[int, int]]] = defaultdict(set)
            for hub, thing, role in report.edges:
                if hub == index:
                    roles[role].add((report.nodes[thing].start, report.nodes[thing].end))
            yield (node.start, node.end), node.attributes["type"], roles


def _read_frames(graph: Graph) -> Iterable[Frame]:
    for index, node in enumerate(graph.nodes):
        if node.kind in HAPPENINGS and node.type not in (None, "-"):
            roles: dict[str, set[tuple[int, int]]] = defaultdict(set)
            for edge in graph.edges:
                if edge.source == index:
                    roles[edge.role].add((graph.nodes[edge.target].start, graph.nodes[edge.target].end))
            yield (node.start, node.end), str(node.type), roles


def _dyads(frames: Iterable[Frame]) -> Iterable[object]:
    """Type with each pair of actor and recipient; an empty role is a filler of its own."""
    for trigger, type_, roles in frames:
        for actor in sorted(roles.get("actor") or {(-1, -1)}):
            for recipient in sorted(roles.get("recipient") or {(-1, -1)}):
                yield trigger, type_, actor, recipient


def _count_clauses(report: AnnotatedReport, graph: Graph, count: Counter[tuple[str, str]]) -> None:
    gold = {(role, report.nodes[hub].start, start, end) for hub, start, end, role in report.clauses}
    predicted = {
        (e.role, graph.nodes[e.source].start, graph.nodes[e.target].start, graph.nodes[e.target].end)
        for e in graph.edges if e.role in CLAUSES
    }
    _tally(count, "clauses", set(gold), set(predicted))
    for role in CLAUSES:
        mine, theirs = {g for g in gold if g[0] == role}, {p for p in predicted if p[0] == role}
        _tally(count, f"F1 {role}", set(mine), set(theirs))
        _near(count, f"overlap {role}", mine, theirs)
