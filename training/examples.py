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
from training.graph import AnnotatedReport

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
    kinds = labels.kinds
    inside: dict[int, tuple[int, int]] = {}
    for number, node in enumerate(report.nodes):
        span = words_of(window, node.start, node.end)
        if span:
            inside[number] = span
    numbers = sorted(inside, key=lambda number: inside[number])
    position = {number: index for index, number in enumerate(numbers)}
    spans = np.array([inside[number] for number in numbers], dtype=np.int64).reshape(-1, 2)
    tags: list[Ints | None] = []
    for _layer, names in enumerate(labels.layers):
        tag = np.zeros(len(window.offsets), dtype=np.int64)
        for number in numbers:
            if report.nodes[number].kind in names:
                label = 1 + 2 * names.index(report.nodes[number].kind)
                first, last = inside[number]
                tag[first], tag[first + 1 : last] = label, label + 1
        tags.append(tag)
    attributes = {
        name: np.array([_attribute(report.nodes[number], name, labels) for number in numbers], dtype=np.int64)
        for name in labels.attributes
    }
    hub_kinds = labels.hubs()
    hubs = [i for i, number in enumerate(numbers) if report.nodes[number].kind in hub_kinds and spans[i, 0] >= window.fresh]
    gold = {(position[h], position[t]): labels.edges.index(role) for h, t, role in report.edges if h in position and t in position}
    pairs, allowed, edges = [], [], []
    for hub in hubs:
        for thing in range(len(numbers)):
            mask = [
                thing != hub and report.nodes[numbers[hub]].kind in labels.edge_kinds[role][0]
                and report.nodes[numbers[thing]].kind in labels.edge_kinds[role][1] for role in labels.edges
            ]
            if any(mask):
                pairs.append((hub, thing))
                allowed.append(mask)
                edges.append([gold.get((hub, thing)) == role for role in range(len(labels.edges))])
    pair_array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    place, sentence = spans[:, 0], window.sentences
    clauses = np.full((len(hubs), len(labels.clauses) + len(PROPBANK), 2), IGNORE, dtype=np.int64)
    for row, hub in enumerate(hubs):
        for role, name in enumerate(labels.clauses):
            if report.nodes[numbers[hub]].kind in labels.clause_kinds[name]:
                clauses[row, role] = -1
    for hub_number, start, end, name in report.clauses:
        span = words_of(window, start, end)
        if span and hub_number in position and position[hub_number] in hubs:
            row, role = hubs.index(position[hub_number]), labels.clauses.index(name)
            old = clauses[row, role]
            if old[0] < 0 or span[1] - span[0] > old[1] - old[0] + 1:
                clauses[row, role] = span[0], span[1] - 1
    return Example(
        window, tags, spans, np.array([kinds.index(report.nodes[n].kind) for n in numbers], dtype=np.int64), attributes,
        pair_array,
        buckets(place[pair_array[:, 1]] - place[pair_array[:, 0]], sentence[place[pair_array[:, 1]]] == sentence[place[pair_array[:, 0]]])
        if pairs else np.zeros(0, np.int64),
        np.array(allowed, dtype=bool).reshape(-1, len(labels.edges)),
        np.array(edges, dtype=np.float32).reshape(-1, len(labels.edges)),
        np.array(hubs, dtype=np.int64), clauses, np.full(len(numbers), np.nan, np.float32),
    )


def _attribute(node: Any, name: str, labels: Labels) -> int:
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
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
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
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
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
    for line in path.open(encoding="utf-8"):
        row = json.loads(line)
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
