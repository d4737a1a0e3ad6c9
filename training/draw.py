"""An annotated sentence → its passage graph as SVG, and the same as a table.

The words stand on one line; under them the kinds and labels of the nodes and, as bars, the clauses; above them an arc for
each edge, from the happening to the thing.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeVar

from training.graph import ATTRIBUTES, HAPPENINGS, AnnotatedReport

# The twenty sentences of docs/corpus.md, by report and number of the sentence (from 0): every kind of node and edge occurs.
EXAMPLES: tuple[tuple[str, int], ...] = (
    ("loc-016", 3), ("fact-003", 9), ("mena-061", 2), ("eur-005", 3), ("eur-046", 11),
    ("loc-063", 4), ("brf-017", 4), ("brf-027", 6), ("rare-018", 2), ("eur-035", 11),
    ("loc-024", 3), ("fact-016", 1), ("asia-056", 6), ("fact-032", 3), ("brf-003", 3),
    ("rare-019", 8), ("loc-070", 2), ("eur-033", 3), ("loc-067", 4), ("loc-010", 1),
)

T = TypeVar("T")
WIDTH, STEP, TOP = 7.8, 19, 12  # of a character, of a row, above the highest arc; in pixels
COLOURS = {
    "actor": "#1f5fa8", "place": "#2e7d32", "time": "#6d4c41", "system": "#00695c", "quantity": "#5d6470", "office": "#7b4fa3",
    "event": "#b3261e", "permit": "#8a5a00", "withhold": "#8a5a00", "threat": "#b3261e", "cue": "#3f51b5", "link": "#455a64", "question": "#455a64",
}


def label(report: AnnotatedReport, index: int) -> str:
    """Kind and the attributes that are not their list's first, as on an annotator's line."""
    node = report.nodes[index]
    values = {k: v for k, v in node.attributes.items() if v != ATTRIBUTES[k]["values"][0]}
    kind = values.pop("type", "")
    mode = values.pop("mode", "")
    parts = [node.kind, *([f"{kind}/{mode}" if mode else kind] if kind else []), *(f"certainty {v}" if k == "certainty" else v for k, v in values.items())]
    return " ".join([*parts, *([node.country] if node.country else [])])


def draw(report: AnnotatedReport, sentence: int) -> str:
    """The SVG of one sentence's graph; edges to other sentences are left to the table."""
    low, high = report.sentences[sentence]
    nodes = [i for i, node in enumerate(report.nodes) if node.sentence == sentence]
    edges = [(hub, thing, role) for hub, thing, role in report.edges if hub in nodes and thing in nodes]
    clauses = [(hub, start, end, role) for hub, start, end, role in report.clauses if hub in nodes and low <= start < high]

    def x(place: float) -> float:
        return 14 + (place - low) * WIDTH

    def middle(index: int) -> float:
        return x((report.nodes[index].start + report.nodes[index].end) / 2)

    arcs = _rows(sorted(((min(middle(h), middle(t)) - 4, max(middle(h), middle(t), min(middle(h), middle(t)) + 7 * len(r)) + 4, (h, t, r)) for h, t, r in edges),
                        key=lambda arc: arc[1] - arc[0]))
    names = _rows(sorted((x(report.nodes[i].start), x(report.nodes[i].start) + 6.2 * len(label(report, i)) + 8, i) for i in nodes))
    bars = _rows(sorted((x(start), max(x(end), x(start) + 6.2 * (len(role) + 4 + report.nodes[hub].end - report.nodes[hub].start)) + 6, (hub, start, end, role))
                        for hub, start, end, role in clauses))
    line = TOP + (1 + max((row for row, _ in arcs), default=-1)) * STEP + 24
    below = line + 12 + (1 + max((row for row, _ in names), default=-1)) * 14
    bottom = below + 10 + (1 + max((row for row, _ in bars), default=-1)) * 22
    right = max([x(high), *(x(report.nodes[i].start) + 6.2 * len(label(report, i)) for i in nodes)]) + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:.0f} {bottom:.0f}" width="{right:.0f}" role="img" font-family="monospace">',
        f"<title>{escape(report.text[low:high])}</title>", '<rect width="100%" height="100%" fill="#fff"/>',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#444"/></marker></defs>',
    ]
    shift = _spread(edges)
    for row, (hub, thing, role) in arcs:
        y = line - 24 - row * STEP
        start, end = middle(hub) + shift[hub, thing, role], middle(thing)
        parts.append(f'<path d="M{start:.1f} {line - 13} V{y} H{end:.1f} V{line - 14}" fill="none" stroke="#444" marker-end="url(#a)"/>')
        parts.append(_boxed((start + end) / 2, y + 3.5, role))
    for i in nodes:
        node = report.nodes[i]
        style = f'fill="{COLOURS[node.kind]}" fill-opacity="{0.22 if node.kind in HAPPENINGS else 0.10}" stroke="{COLOURS[node.kind]}"'
        inset = 2 if node.kind == "office" else 0
        parts.append(f'<rect x="{x(node.start) - 1:.1f}" y="{line - 12 + inset}" width="{(node.end - node.start) * WIDTH + 2:.1f}" height="{17 - 2 * inset}" rx="3" {style}/>')
    parts.append(f'<text x="{x(low):.1f}" y="{line + 1}" font-size="13" textLength="{(high - low) * WIDTH:.1f}" xml:space="preserve">{escape(report.text[low:high])}</text>')
    for row, i in names:
        node = report.nodes[i]
        parts.append(f'<text x="{x(node.start):.1f}" y="{line + 17 + row * 14}" font-size="10" fill="{COLOURS[node.kind]}">{escape(label(report, i))}</text>')
    for row, (hub, start, end, role) in bars:
        y = below + 8 + row * 22
        parts.append(f'<path d="M{x(start):.1f} {y - 3} v3 H{x(end):.1f} v-3" fill="none" stroke="#444"/>')
        parts.append(f'<text x="{x(start) + 2:.1f}" y="{y + 11}" font-size="10" fill="#222">{escape(f"{role} of “{report.nodes[hub].quote(report.text)}”")}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def table_of(report: AnnotatedReport, sentence: int) -> str:
    """The same as a Markdown table: a row for each node, with all its edges."""
    lines = ["| words | node | edges |", "|---|---|---|"]
    for index, node in enumerate(report.nodes):
        if node.sentence != sentence:
            continue
        edges = [f"{role}: {report.nodes[thing].quote(report.text)}" for hub, thing, role in report.edges if hub == index]
        edges += [f"{role}: “{report.text[start:end]}”" for hub, start, end, role in report.clauses if hub == index]
        lines.append(f"| {node.quote(report.text)} | {label(report, index)} | {'; '.join(edges)} |".replace("\n", " "))
    return "\n".join(lines) + "\n"


def _rows(spans: Iterable[tuple[float, float, T]]) -> list[tuple[int, T]]:
    """Give each span the lowest row in which it touches no other."""
    rows: list[list[tuple[float, float]]] = []
    placed = []
    for start, end, what in spans:
        free = next((n for n, row in enumerate(rows) if all(end <= a or start >= b for a, b in row)), len(rows))
        if free == len(rows):
            rows.append([])
        rows[free].append((start, end))
        placed.append((free, what))
    return placed


def _spread(edges: list[tuple[int, int, str]]) -> dict[tuple[int, int, str], float]:
    """Small shifts, so that the arcs of one happening do not leave it from one point."""
    shift: dict[tuple[int, int, str], float] = {}
    for hub in {h for h, *_ in edges}:
        mine = sorted((e for e in edges if e[0] == hub), key=lambda e: e[1])
        shift |= {edge: 4.0 * (n - (len(mine) - 1) / 2) for n, edge in enumerate(mine)}
    return shift


def _boxed(x: float, y: float, text: str) -> str:
    width = 6.2 * len(text) + 4
    return (
        f'<rect x="{x - width / 2:.1f}" y="{y - 9}" width="{width:.1f}" height="12" fill="#fff"/>'
        f'<text x="{x:.1f}" y="{y}" font-size="10" text-anchor="middle" fill="#222">{escape(text)}</text>'
    )
