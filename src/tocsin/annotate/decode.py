"""Text and sentences → the passage graph: windows through the encoder, heads over its states, spans and edges kept.

Every sentence is read once as new and mostly once more as the context of the next; its nodes come from the first
reading, edges may reach back into the context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from tokenizers import Tokenizer

from tocsin.annotate.heads import Floats, Heads, SpanOfWords
from tocsin.annotate.windows import Window, tokenise, windows
from tocsin.model import Edge, Graph, Node

EDGE = 0.5  # an edge is kept from this probability on


class Reader(Protocol):
    """What decoding needs of a model: training brings its own, still in torch."""

    @property
    def heads(self) -> Heads: ...

    @property
    def tokenizer(self) -> Tokenizer: ...

    def encode(self, window: Window) -> Floats: ...


@dataclass(slots=True)
class _Found:
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)  # of each node
    clauses: dict[tuple[int, int], int] = field(default_factory=dict)


def read_graph(reader: Reader, text: str, sentences: Sequence[tuple[int, int]]) -> Graph:
    """The passage graph of a text. Nodes in order of start; deterministic."""
    found = _Found()
    for window in windows(tokenise(reader.tokenizer, text, sentences)):
        if len(window.offsets):
            _read_window(reader.heads, reader.encode(window), window, text, found)
    return _in_order(found)


def _read_window(heads: Heads, words: Floats, window: Window, text: str, found: _Found) -> None:
    sentences = window.sentences
    fresh = [
        span for sentence in np.unique(sentences[window.fresh :]) for span in _spans(heads, words, window, text, int(sentence))
    ]
    context = _context(window, found)
    spans = [span for span, _ in context] + fresh
    states = heads.states(words, spans)
    attributes = heads.attributes(states[len(context) :], fresh)
    numbers = [number for _, number in context]
    for span, values in zip(fresh, attributes, strict=True):
        numbers.append(len(found.nodes))
        found.nodes.append(
            Node(span.kind, window.offsets[span.first][0], window.offsets[span.last - 1][1], span.confidence, **values)
        )
        found.sentence.append(int(sentences[span.first]))
    kinds = heads.labels.hubs()
    hubs = [index for index, span in enumerate(spans) if index >= len(context) and span.kind in kinds]
    _keep_edges(heads.edges(states, spans, sentences, hubs), hubs, spans, heads.labels.edges, numbers, found)
    for hub, role, first, last, confidence in heads.clauses(words, states, spans, sentences, hubs):
        offsets = (window.offsets[first][0], window.offsets[last - 1][1])
        found.edges.append(Edge(numbers[hub], _clause(found, offsets, confidence), role, confidence))


def _spans(heads: Heads, words: Floats, window: Window, text: str, sentence: int) -> list[SpanOfWords]:
    """All spans of one sentence, in the window's words; sentence by sentence, since no span crosses its end."""
    low, high = map(int, np.searchsorted(window.sentences, [sentence, sentence + 1]))
    found: list[SpanOfWords] = []
    for layer in range(len(heads.labels.layers)):
        for span in heads.spans(words[low:high], layer):
            moved = SpanOfWords(span.kind, low + span.first, low + span.last, span.confidence)
            if found and found[-1].kind == moved.kind and _glued(window, text, found[-1].last, moved.first):
                before = found.pop()
                moved = SpanOfWords(moved.kind, before.first, moved.last, min(before.confidence, moved.confidence))
            found.append(moved)
    return [whole for span in found if (whole := _without_edges(window, text, span))]


def _glued(window: Window, text: str, last: int, first: int) -> bool:
    """Whether two spans are one that was cut: at a hyphen (*long-range*), or inside a possessive (*Putin’ s government*)."""
    between = text[window.offsets[last - 1][1] : window.offsets[first][0]]
    return not re.search(r"[^-‑–]", between) or (between == "s " and text[window.offsets[last - 1][1] - 1] in "'’")


def _without_edges(window: Window, text: str, span: SpanOfWords) -> SpanOfWords | None:
    """The span without quotation marks, brackets and commas at its ends; `None` where nothing is left."""
    first, last = span.first, span.last
    while first < last and not re.search(r"[\w$€£%]", text[slice(*window.offsets[first])]):
        first += 1
    while first < last and not re.search(r"[\w%]", text[slice(*window.offsets[last - 1])]):
        last -= 1
    return SpanOfWords(span.kind, first, last, span.confidence) if first < last else None


def _context(window: Window, found: _Found) -> list[tuple[SpanOfWords, int]]:
    """The nodes already found in the context sentence, as spans of this window's words, with their numbers."""
    if not window.fresh:
        return []
    starts = {start: index for index, (start, _) in enumerate(window.offsets[: window.fresh])}
    ends = {end: index + 1 for index, (_, end) in enumerate(window.offsets[: window.fresh])}
    sentence = int(window.sentences[0])
    return [
        (SpanOfWords(node.kind, starts[node.start], ends[node.end], node.confidence), number)
        for number, node in enumerate(found.nodes)
        if found.sentence[number] == sentence and node.kind != "clause" and node.start in starts and node.end in ends
    ]


def _keep_edges(
    probabilities: Floats, hubs: Sequence[int], spans: Sequence[SpanOfWords], roles: Sequence[str],
    numbers: Sequence[int], found: _Found,
) -> None:
    """The best role of each pair, where it is likely enough; `same` leads back to one node at most."""
    for row, hub in enumerate(hubs):
        best = probabilities[row].argmax(axis=-1)
        chosen = probabilities[row].max(axis=-1)
        backward: list[tuple[float, int]] = []
        for thing in map(int, np.flatnonzero(chosen >= EDGE)):
            edge = Edge(numbers[hub], numbers[thing], roles[int(best[thing])], float(chosen[thing]))
            if edge.role != "same":
                found.edges.append(edge)
            elif spans[thing].first < spans[hub].first and _alike(spans[hub].kind, spans[thing].kind):
                backward.append((edge.confidence, edge.target))
        if backward:
            confidence, target = max(backward)
            found.edges.append(Edge(numbers[hub], target, "same", confidence))


def _alike(one: str, two: str) -> bool:
    happenings = {"event", "permit", "withhold", "threat"}
    return one == two or {one, two} <= happenings


def _clause(found: _Found, offsets: tuple[int, int], confidence: float) -> int:
    if offsets not in found.clauses:
        found.clauses[offsets] = len(found.nodes)
        found.nodes.append(Node("clause", *offsets, confidence))
        found.sentence.append(-1)
    return found.clauses[offsets]


def _in_order(found: _Found) -> Graph:
    order = sorted(range(len(found.nodes)), key=lambda i: (found.nodes[i].start, found.nodes[i].end, found.nodes[i].kind))
    new = {old: index for index, old in enumerate(order)}
    edges = sorted({(new[e.source], new[e.target], e.role): e for e in found.edges}.items())
    return Graph(
        tuple(found.nodes[old] for old in order),
        tuple(Edge(source, target, role, edge.confidence) for (source, target, role), edge in edges),
    )
