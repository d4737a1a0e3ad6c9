"""Hidden states of a window → spans, attributes, edges and clauses, in numpy.

The arrays of `Heads` come out of training (`training/train.py`), which computes the same in torch; a test keeps the two
alike. Layers of tags: things, offices, happenings. A *hub* is a node that edges start from: a happening, a system, an
office, an actor. Shapes: D hidden size, H hub size, P pointer size, R edge roles, C clause roles, B distance buckets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

BUCKETS = 30


@dataclass(frozen=True, slots=True)
class Labels:
    """The label tables of the graph, from `ontology/graph.yaml`; their order is the order of the heads' outputs."""

    layers: tuple[tuple[str, ...], ...]
    attributes: dict[str, tuple[str, ...]]
    attribute_kinds: dict[str, tuple[str, ...]]
    edges: tuple[str, ...]
    edge_kinds: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    clauses: tuple[str, ...]
    clause_kinds: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> Labels:
        """From the loaded `graph.yaml`."""
        return cls(
            tuple(tuple(schema[name]) for name in ("things", "offices", "happenings")),
            {name: tuple(entry["values"]) for name, entry in schema["attributes"].items()},
            {name: tuple(entry["kinds"]) for name, entry in schema["attributes"].items()},
            tuple(schema["edges"]),
            {name: (tuple(hubs), tuple(targets)) for name, (hubs, targets) in schema["edges"].items()},
            tuple(schema["clauses"]),
            {name: tuple(kinds) for name, kinds in schema["clauses"].items()},
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds of node, things first."""
        return tuple(kind for layer in self.layers for kind in layer)

    def tags(self, layer: int) -> tuple[str, ...]:
        """BIO tags of a layer: O, then B-x and I-x for each kind."""
        return ("O", *(f"{bio}-{kind}" for kind in self.layers[layer] for bio in "BI"))

    def hubs(self) -> frozenset[str]:
        """The kinds that edges or clauses start from."""
        kinds = {kind for hubs, _ in self.edge_kinds.values() for kind in hubs}
        return frozenset(kinds | {kind for hubs in self.clause_kinds.values() for kind in hubs})


@dataclass(frozen=True, slots=True)
class SpanOfWords:
    """A node before it has attributes: its kind and its half-open words within the window."""

    kind: str
    first: int
    last: int
    confidence: float


def gelu(x: Floats) -> Floats:
    """GELU in its tanh form, which needs no error function."""
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    return np.asarray(np.float32(0.5) * x * (np.float32(1) + np.tanh(inner)), dtype=np.float32)


def softmax(x: Floats) -> Floats:
    """Along the last axis."""
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def buckets(distance: npt.NDArray[np.int64], same: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Signed distance in words → one of `BUCKETS`: eight sizes, two directions, in one sentence or across.

    >>> buckets(np.array([0, 1, -1, 40]), np.array([True, True, True, False])).tolist()
    [7, 8, 6, 28]
    """
    size = np.minimum(np.ceil(np.log2(np.abs(distance) + 1)), 7).astype(np.int64)
    return np.asarray(7 + np.sign(distance) * size + np.where(same, 0, 15), dtype=np.int64)


class Heads:
    """The heads' arrays and what they compute. Deterministic: float32, fixed order of operations."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], labels: Labels) -> None:
        self.a = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}
        self.labels = labels
        self._kind = {kind: index for index, kind in enumerate(labels.kinds)}

    @cached_property
    def _masks(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Which edge roles (kinds × kinds × R) and clause roles (kinds × C) the schema allows."""
        kinds, labels = self.labels.kinds, self.labels
        edges = np.array(
            [
                [[hub in labels.edge_kinds[r][0] and thing in labels.edge_kinds[r][1] for r in labels.edges] for thing in kinds]
                for hub in kinds
            ]
        )
        clauses = np.array([[hub in labels.clause_kinds[role] for role in labels.clauses] for hub in kinds])
        return edges, clauses

    def spans(self, words: Floats, layer: int) -> list[SpanOfWords]:
        """BIO tags of one layer → spans. `words`: (n, D). The kind of a span is the most likely one over all its words."""
        kinds = self.labels.layers[layer]
        p = softmax(words @ self.a[f"tag{layer}.w"] + self.a[f"tag{layer}.b"])
        begin, inside = p[:, 1::2], p[:, 2::2]
        outside, some = p[:, 0], p[:, 1:].sum(axis=1)
        spans: list[SpanOfWords] = []
        start = None
        for i in range(len(words) + 1):
            ends = i == len(words) or outside[i] > some[i] or begin[i].max() > inside[i].max()
            if start is not None and ends:
                votes = np.log(begin[start:i] + inside[start:i] + 1e-9).sum(axis=0)
                best = int(votes.argmax())
                spans.append(SpanOfWords(kinds[best], start, i, float(np.exp(votes[best] / (i - start)))))
                start = None
            if start is None and i < len(words) and outside[i] <= some[i]:
                start = i
        return spans

    def states(self, words: Floats, spans: Sequence[SpanOfWords]) -> Floats:
        """(spans, D): the mean of each span's words plus the embedding of its kind."""
        if not spans:
            return np.zeros((0, words.shape[1]), dtype=np.float32)
        means = np.stack([words[span.first : span.last].mean(axis=0) for span in spans])
        return np.asarray(means + self.a["kind"][[self._kind[span.kind] for span in spans]], dtype=np.float32)

    @cached_property
    def _attribute(self) -> tuple[Floats, Floats, list[tuple[str, slice]]]:
        """All attributes' weights side by side: one product instead of one each."""
        names = list(self.labels.attributes)
        ends = np.cumsum([len(self.labels.attributes[name]) for name in names])
        columns = [(name, slice(int(end) - len(self.labels.attributes[name]), int(end))) for name, end in zip(names, ends, strict=True)]
        w = np.concatenate([self.a[f"attribute.{name}.w"] for name in names], axis=1)
        return w, np.concatenate([self.a[f"attribute.{name}.b"] for name in names]), columns

    def attributes(self, states: Floats, spans: Sequence[SpanOfWords]) -> list[dict[str, str]]:
        """For each span the value of each attribute that its kind has."""
        if not spans:
            return []
        w, b, columns = self._attribute
        scores = gelu(states @ self.a["attribute.w"] + self.a["attribute.b"]) @ w + b
        best = {name: scores[:, column].argmax(axis=-1) for name, column in columns}
        return [
            {
                name: values[int(best[name][index])]
                for name, values in self.labels.attributes.items()
                if span.kind in self.labels.attribute_kinds[name]
            }
            for index, span in enumerate(spans)
        ]

    def edges(
        self, states: Floats, spans: Sequence[SpanOfWords], sentences: npt.NDArray[np.int64], hubs: Sequence[int]
    ) -> Floats:
        """(hubs, spans, R): the probability of each edge; zero where the schema forbids it. `hubs` index `spans`."""
        if not hubs or not spans:
            return np.zeros((len(hubs), len(spans), len(self.labels.edges)), dtype=np.float32)
        hub = gelu(states[list(hubs)] @ self.a["hub.w"] + self.a["hub.b"])
        thing = gelu(states @ self.a["thing.w"] + self.a["thing.b"])
        roles = len(self.labels.edges)
        turned = (hub @ self._turned["edge"]).reshape(len(hub) * roles, -1)
        scores = (turned @ thing.T).reshape(len(hub), roles, len(spans)).transpose(0, 2, 1)
        place = np.array([span.first for span in spans])
        distance = place[None, :] - place[list(hubs)][:, None]
        same = sentences[place][None, :] == sentences[place[list(hubs)]][:, None]
        scores = scores + self.a["edge.distance"][buckets(distance, same)] + self.a["edge.b"]
        kinds = np.array([self._kind[span.kind] for span in spans])
        allowed = self._masks[0][kinds[list(hubs)][:, None], kinds[None, :]]
        allowed[np.arange(len(hubs)), list(hubs)] = False
        return np.where(allowed, sigmoid(scores.astype(np.float32)), np.float32(0))

    @cached_property
    def _turned(self) -> dict[str, Floats]:
        """The role tensors (R, a, b) as matrices (contracted side, R × other side), so that one product serves all roles."""
        edge, start, end = self.a["edge.u"], self.a["start.u"], self.a["end.u"]
        return {
            "edge": np.ascontiguousarray(edge.transpose(1, 0, 2).reshape(edge.shape[1], -1)),
            "start": np.ascontiguousarray(start.transpose(2, 0, 1).reshape(start.shape[2], -1)),
            "end": np.ascontiguousarray(end.transpose(2, 0, 1).reshape(end.shape[2], -1)),
        }

    def clauses(
        self, words: Floats, states: Floats, spans: Sequence[SpanOfWords], sentences: npt.NDArray[np.int64], hubs: Sequence[int]
    ) -> list[tuple[int, str, int, int, float]]:
        """The clauses of these hubs: (hub, role, first word, last word (exclusive), confidence)."""
        allowed = [self._masks[1][self._kind[spans[hub].kind]] for hub in hubs]
        if not any(row.any() for row in allowed):
            return []
        n, roles = len(words), len(self.labels.clauses)
        pointer = gelu(states[list(hubs)] @ self.a["pointer.w"] + self.a["pointer.b"])
        null = pointer @ self.a["null.w"] + self.a["null.b"]
        at = np.array([spans[hub].first for hub in hubs])
        place = buckets(np.arange(n)[None, :] - at[:, None], sentences[None, :] == sentences[at][:, None])
        scores = []
        for end in ("start", "end"):
            turned = (pointer @ self._turned[end]).reshape(len(hubs) * roles, -1)
            raw = (turned @ (words @ self.a[f"{end}.w"]).T).reshape(len(hubs), roles, n)
            scores.append(raw + self.a[f"{end}.distance"][place].transpose(0, 2, 1))
        edges = np.flatnonzero(np.diff(sentences)) + 1
        bounds = list(zip([0, *edges.tolist()], [*edges.tolist(), n], strict=True))
        found = []
        for row, hub in enumerate(hubs):
            for role in map(int, np.flatnonzero(allowed[row])):
                first, last, score = _best_span(scores[0][row, role], scores[1][row, role], bounds)
                margin = score - 2 * float(null[row, role])
                if margin > 0:
                    confidence = float(sigmoid(np.array([margin / 2], dtype=np.float32))[0])
                    found.append((hub, self.labels.clauses[role], first, last + 1, confidence))
        return found


def _best_span(start: Floats, end: Floats, bounds: Sequence[tuple[int, int]]) -> tuple[int, int, float]:
    """The pair start ≤ end within one sentence with the highest sum. `bounds` are the sentences' words."""
    best = (0, 0, -np.inf)
    for low, high in bounds:
        so_far = np.maximum.accumulate(start[low:high])  # the best start up to each word
        total = so_far + end[low:high]
        last = int(total.argmax())
        if total[last] > best[2]:
            best = (low + int(start[low : low + last + 1].argmax()), low + last, float(total[last]))
    return best
