"""Annotated reports and auxiliary sets → windows with the labels of every head (`Example`), and batches of them.

An example says only what its source labels: a missing label trains nothing (partial supervision).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from tocsin.annotate.heads import Labels, buckets
from tocsin.annotate.windows import Window, tokenise, windows
from training.graph import AnnotatedReport, GraphNode

Ints = npt.NDArray[np.int64]
IGNORE = -100
# Clause roles that exist in training alone: PropBank's arguments teach the pointers where arguments begin and end.
PROPBANK = ("ARG0", "ARG1", "ARG2", "ARGM-TMP", "ARGM-LOC", "ARGM-CAU", "ARGM-PRP", "ARGM-ADV")


@dataclass(slots=True)
class Example:
    """One window. Arrays may be empty; see the comments for shapes (w words, n spans, p pairs, h hubs)."""

    window: Window
    tags: list[Ints | None]  # per layer (w,), or None where the source does not label the layer
    spans: Ints  # (n, 2) words
    kinds: Ints  # (n,)
    attributes: dict[str, Ints]  # (n,) with IGNORE
    pairs: Ints  # (p, 2) spans
    distance: Ints  # (p,)
    allowed: npt.NDArray[np.bool_]  # (p, R)
    edges: npt.NDArray[np.float32]  # (p, R)
    hubs: Ints  # (h,) spans
    clauses: Ints  # (h, C, 2): first and last word, -1 for none, IGNORE for not labelled
    factuality: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))  # (n,) in -3..3 or nan


def compile_report(report: AnnotatedReport, tokenizer: Tokenizer, labels: Labels) -> Iterator[Example]:
    """The windows of one annotated report with everything labelled."""
    words = tokenise(tokenizer, report.text, report.sentences)
    for window in windows(words):
        if window.offsets:
            yield _compile(report, window, labels)


def _compile(report: AnnotatedReport, window: Window, labels: Labels) -> Example:
    inside = {number: span for number, node in enumerate(report.nodes) if (span := words_of(window, node.start, node.end))}
    numbers = sorted(inside, key=lambda number: inside[number])
    nodes = [report.nodes[number] for number in numbers]
    spans = np.array([inside[number] for number in numbers], dtype=np.int64).reshape(-1, 2)
    hub_kinds = labels.hubs()
    hubs = [i for i, node in enumerate(nodes) if node.kind in hub_kinds and spans[i, 0] >= window.fresh]
    position = {number: index for index, number in enumerate(numbers)}
    gold = {(position[h], position[t]): labels.edges.index(role) for h, t, role in report.edges if h in position and t in position}
    pairs, allowed, edges = _pairs([node.kind for node in nodes], hubs, gold, labels)
    place, sentence = spans[:, 0], window.sentences
    hub_word, thing_word = place[pairs[:, 0]], place[pairs[:, 1]]
    return Example(
        window, [_tags(layer, nodes, spans, len(window.offsets)) for layer in labels.layers], spans,
        np.array([labels.kinds.index(node.kind) for node in nodes], dtype=np.int64),
        {name: np.array([_attribute(node, name, labels) for node in nodes], dtype=np.int64) for name in labels.attributes},
        pairs, buckets(thing_word - hub_word, sentence[thing_word] == sentence[hub_word]), allowed, edges,
        np.array(hubs, dtype=np.int64), _clauses(report, window, labels, nodes, [position.get(h, -1) for h, *_ in report.clauses], hubs),
        np.full(len(nodes), np.nan, np.float32),
    )


def _tags(layer: Sequence[str], nodes: Sequence[GraphNode], spans: Ints, words: int) -> Ints:
    """BIO tags of one layer."""
    tags = np.zeros(words, dtype=np.int64)
    for node, (first, last) in zip(nodes, spans, strict=True):
        if node.kind in layer:
            label = 1 + 2 * layer.index(node.kind)
            tags[first], tags[first + 1 : last] = label, label + 1
    return tags


def _pairs(
    kinds: Sequence[str], hubs: Sequence[int], gold: dict[tuple[int, int], int], labels: Labels
) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.float32]]:
    """Every pair of hub and node that the schema joins by some role, which roles it allows, and the gold one."""
    pairs, allowed, edges = [], [], []
    for hub in hubs:
        for thing, kind in enumerate(kinds):
            mask = [thing != hub and kinds[hub] in labels.edge_kinds[r][0] and kind in labels.edge_kinds[r][1] for r in labels.edges]
            if any(mask):
                pairs.append((hub, thing))
                allowed.append(mask)
                edges.append([gold.get((hub, thing)) == role for role in range(len(labels.edges))])
    roles = len(labels.edges)
    return (
        np.array(pairs, dtype=np.int64).reshape(-1, 2), np.array(allowed, dtype=bool).reshape(-1, roles),
        np.array(edges, dtype=np.float32).reshape(-1, roles),
    )


def _clauses(
    report: AnnotatedReport, window: Window, labels: Labels, nodes: Sequence[GraphNode], owners: Sequence[int], hubs: Sequence[int]
) -> Ints:
    """For each hub and clause role its first and last word; of two clauses in one role the longer. `owners`: the node of each clause."""
    found = np.full((len(hubs), len(labels.clauses) + len(PROPBANK), 2), IGNORE, dtype=np.int64)
    for row, hub in enumerate(hubs):
        for role, name in enumerate(labels.clauses):
            if nodes[hub].kind in labels.clause_kinds[name]:
                found[row, role] = -1
    for owner, (_, start, end, name) in zip(owners, report.clauses, strict=True):
        span = words_of(window, start, end)
        if span and owner in hubs:
            old = found[hubs.index(owner), labels.clauses.index(name)]
            if old[0] < 0 or span[1] - span[0] > old[1] - old[0] + 1:
                old[:] = span[0], span[1] - 1
    return found


def _attribute(node: GraphNode, name: str, labels: Labels) -> int:
    if node.kind not in labels.attribute_kinds[name]:
        return IGNORE
    values = labels.attributes[name]
    return values.index(node.attributes.get(name, values[0]))


def words_of(window: Window, start: int, end: int) -> tuple[int, int] | None:
    """The half-open words of the window that cover these characters, or None where they lie outside."""
    offsets = window.offsets
    if not offsets or start < offsets[0][0] or end > offsets[-1][1]:
        return None
    inside = [i for i, (low, high) in enumerate(offsets) if low < end and high > start]
    return (inside[0], inside[-1] + 1) if inside else None


# --- auxiliary sets -----------------------------------------------------------------------------------------------


def _plain(text: str, tokenizer: Tokenizer) -> Window | None:
    found = list(windows(tokenise(tokenizer, text, [(0, len(text))])))
    return found[0] if found and 3 < len(found[0].offsets) < 90 else None


def _aux(window: Window, spans: list[tuple[int, int]], kind: int, labels: Labels, clauses: Ints | None,
         factuality: list[float] | None = None) -> Example:
    n, roles = len(spans), len(labels.edges)
    return Example(
        window, [None] * len(labels.layers), np.array(spans, dtype=np.int64).reshape(-1, 2), np.full(n, kind), {},
        np.zeros((0, 2), np.int64), np.zeros(0, np.int64), np.zeros((0, roles), bool), np.zeros((0, roles), np.float32),
        np.arange(n) if clauses is not None else np.zeros(0, np.int64),
        clauses if clauses is not None else np.zeros((0, len(labels.clauses) + len(PROPBANK), 2), np.int64),
        np.array(factuality if factuality is not None else [np.nan] * n, dtype=np.float32),
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _join(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    text, offsets = "", []
    for token in tokens:
        text += " " if text else ""
        offsets.append((len(text), len(text) + len(token)))
        text += token
    return text, offsets


def propbank(path: Path, tokenizer: Tokenizer, labels: Labels) -> Iterator[Example]:
    """PropBank EWT (CC BY-SA 4.0): predicates as hubs, their arguments as auxiliary clauses."""
    kind, base = labels.kinds.index("event"), len(labels.clauses)
    for row in _rows(path):
        text, offsets = _join(row["tokens"])
        window = _plain(text, tokenizer)
        if not window:
            continue
        spans, rows = [], []
        for prop in row["props"]:
            span = words_of(window, *offsets[prop["pred"]])
            if not span:
                continue
            clauses = np.full((base + len(PROPBANK), 2), IGNORE, dtype=np.int64)
            clauses[base:] = -1
            for role, first, last in prop["args"]:
                covered = words_of(window, offsets[first][0], offsets[last - 1][1]) if role in PROPBANK else None
                if covered:
                    clauses[base + PROPBANK.index(role)] = covered[0], covered[1] - 1
            spans.append(span)
            rows.append(clauses)
        if spans:
            yield _aux(window, spans, kind, labels, np.stack(rows))


def causal_news(path: Path, tokenizer: Tokenizer, labels: Labels) -> Iterator[Example]:
    """Causal News Corpus spans (CC0): the signal is a `link` hub, cause and effect are its clauses."""
    import re

    kind = labels.kinds.index("link")
    for row in _rows(path):
        marked, text = row["marked"], ""
        found: dict[str, tuple[int, int]] = {}
        opened: dict[str, int] = {}
        for part in re.split(r"(</?(?:ARG0|ARG1|SIG\d)>)", marked):
            tag = re.fullmatch(r"<(/?)(ARG0|ARG1|SIG\d)>", part)
            if not tag:
                text += part
            elif tag[1]:
                found[tag[2]] = (opened.get(tag[2], len(text)), len(text))
            else:
                opened[tag[2]] = len(text)
        if not {"ARG0", "ARG1", "SIG0"} <= found.keys():
            continue
        window = _plain(text, tokenizer)
        spans = [words_of(window, *found[name]) for name in ("SIG0", "ARG0", "ARG1")] if window else [None]
        if window and all(spans):
            clauses = np.full((1, len(labels.clauses) + len(PROPBANK), 2), IGNORE, dtype=np.int64)
            for role, span in (("cause", spans[1]), ("effect", spans[2])):
                assert span is not None
                clauses[0, labels.clauses.index(role)] = span[0], span[1] - 1
            assert spans[0] is not None
            yield _aux(window, [spans[0]], kind, labels, clauses)


def uds_factuality(path: Path, tokenizer: Tokenizer, labels: Labels) -> Iterator[Example]:
    """UDS-IH2 (CC BY-SA 4.0): how far a predicate happened, −3 … 3."""
    kind = labels.kinds.index("event")
    for row in _rows(path):
        text, offsets = _join(row["tokens"])
        window = _plain(text, tokenizer)
        if not window:
            continue
        spans = [(words_of(window, *offsets[t["start"]]), t["factuality"]) for t in row["targets"]]
        kept = [(span, value) for span, value in spans if span]
        if kept:
            yield _aux(window, [span for span, _ in kept], kind, labels, None, [value for _, value in kept])


AUXILIARY = {
    "propbank_ewt": ("propbank_ewt/train.jsonl", propbank),
    "causal_news": ("causal_news/train_spans.jsonl", causal_news),
    "uds_ih2": ("uds_ih2/train.jsonl", uds_factuality),
}
