"""Two annotations of the same reports → how far they agree; a corpus before and after a review → what it changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from tocsin.annotate.heads import Labels
from training.gold import gold_document
from training.graph import ATTRIBUTES, KINDS, SCHEMA, AnnotatedReport
from training.score import Scores, compare


def agreement(pairs: Iterable[tuple[AnnotatedReport, AnnotatedReport]]) -> Scores:
    """Two annotations of the same texts, as `training.score.compare` counts them.

    Raises:
        ValueError: if the two differ in text.
    """
    checked = []
    for one, two in pairs:
        if (one.id, one.text) != (two.id, two.text):
            raise ValueError(f"{one.id}: the second annotation has another text; annotate the same sentences")
        checked.append((one, gold_document(two).graph))
    return compare(((one, graph) for one, graph in checked if graph is not None), Labels.of(SCHEMA))


def changed(before: Iterable[AnnotatedReport], after: Iterable[AnnotatedReport]) -> dict[str, Any]:
    """What a review changed: by kind the nodes, edges and clauses that it added and took out, of how many."""
    later = {report.id: report for report in after}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    seen = Counter[str]()
    for report in before:
        other = later.get(report.id)
        if other is None or other.text != report.text:
            seen["text changed or left out"] += 1
            continue
        seen["reports"] += 1
        seen["sentences"] += len(report.sentences)
        old, new = _items(report), _items(other)
        for kind, item in old | new:
            found[kind]["before"] += (kind, item) in old
            found[kind]["taken out"] += (kind, item) not in new
            found[kind]["added"] += (kind, item) not in old
        for key in {item for kind, item in old if kind in KINDS} & {item for kind, item in new if kind in KINDS}:
            mine, theirs = _attributes(report, key), _attributes(other, key)
            found["attributes"]["before"] += len(mine | theirs)
            found["attributes"]["taken out"] += sum(mine.get(k) != theirs.get(k) for k in mine | theirs)
    return {"seen": dict(seen), "kinds": {kind: dict(n) for kind, n in sorted(found.items())}}


def _items(report: AnnotatedReport) -> set[tuple[str, tuple[Any, ...]]]:
    place = [(node.kind, node.start, node.end) for node in report.nodes]
    nodes = {(node.kind, (report.id, *place[i])) for i, node in enumerate(report.nodes)}
    edges = {(f"edge {role}", (report.id, place[hub][1:], place[thing][1:])) for hub, thing, role in report.edges}
    return nodes | edges | {(f"clause {role}", (report.id, place[hub][1:], start, end)) for hub, start, end, role in report.clauses}


def _attributes(report: AnnotatedReport, key: tuple[Any, ...]) -> dict[str, str]:
    node = next(n for n in report.nodes if (n.kind, n.start, n.end) == key[1:])
    defaults = {name: a["values"][0] for name, a in ATTRIBUTES.items() if node.kind in a["kinds"]}
    return defaults | node.attributes | {"country": node.country or ""}
