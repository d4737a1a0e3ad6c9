"""Heads in numpy against the same heads in torch (where torch is installed), and their invariants on random states."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.annotate.heads import Heads, Labels, SpanOfWords, buckets
from tocsin.ontology import load

LABELS = Labels.of(load("graph.yaml"))


def test_every_edge_and_clause_obeys_the_schema() -> None:
    heads = Heads(random_arrays(), LABELS)
    rng = np.random.default_rng(2)
    words = rng.normal(size=(40, 384)).astype(np.float32)
    sentences = np.repeat([0, 1], 20)
    spans = [SpanOfWords(kind, i * 2, i * 2 + 1, 1.0) for i, kind in enumerate(LABELS.kinds)]
    states = heads.states(words, spans)
    hubs = [i for i, span in enumerate(spans) if span.kind in LABELS.hubs()]
    found = heads.edges(states, spans, sentences, hubs)
    assert found.max() > 0.5  # the random heads do draw edges
    for row, hub in enumerate(hubs):
        for thing, span in enumerate(spans):
            for role, name in enumerate(LABELS.edges):
                allowed = spans[hub].kind in LABELS.edge_kinds[name][0] and span.kind in LABELS.edge_kinds[name][1]
                assert found[row, thing, role] == 0 or (allowed and hub != thing)
    for hub, name, first, last, _ in heads.clauses(words, states, spans, sentences, hubs):
        assert spans[hub].kind in LABELS.clause_kinds[name]
        assert sentences[first] == sentences[last - 1]


def test_spans_do_not_overlap() -> None:
    heads = Heads(random_arrays(), LABELS)
    words = np.random.default_rng(3).normal(size=(60, 384)).astype(np.float32)
    for layer in range(len(LABELS.layers)):
        position = 0
        for span in heads.spans(words, layer):
            assert position <= span.first < span.last <= 60
            position = span.last


def test_torch_and_numpy_agree() -> None:
    torch = pytest.importorskip("torch", reason="torch is only needed for training")
    from training.examples import PROPBANK
    from training.net import HeadsNet

    torch.manual_seed(0)
    net = HeadsNet(LABELS, 384, len(PROPBANK))
    with torch.no_grad():
        for value in net.p.values():
            value.add_(torch.randn_like(value) * 0.05)
    heads = Heads({name: value.numpy() for name, value in net.arrays().items()}, LABELS)
    words = np.random.default_rng(1).normal(size=(30, 384)).astype(np.float32)
    sentences = np.repeat([0, 1, 2], 10)
    spans = [SpanOfWords(kind, i, i + 2, 1.0) for i, kind in enumerate(LABELS.kinds)]
    flat = torch.from_numpy(words)
    pairs = np.array([(h, t) for h in range(len(spans)) for t in range(len(spans)) if h != t])
    place = np.array([span.first for span in spans])
    with torch.no_grad():
        states = net.states(
            flat, torch.tensor([(s.first, s.last) for s in spans]), torch.tensor([LABELS.kinds.index(s.kind) for s in spans])
        )
        distance = buckets(place[pairs[:, 1]] - place[pairs[:, 0]], sentences[place[pairs[:, 1]]] == sentences[place[pairs[:, 0]]])
        edges = torch.sigmoid(net.edges(states, torch.from_numpy(pairs), torch.from_numpy(distance))).numpy()
        near = buckets(np.arange(30)[None, :] - place[:, None], sentences[None, :] == sentences[place][:, None])
        start, end = net.pointers(states, flat, torch.from_numpy(near))
    mine = heads.edges(heads.states(words, spans), spans, sentences, list(range(len(spans))))
    for (hub, thing), row in zip(pairs, edges, strict=True):
        kept = mine[hub, thing] > 0
        assert np.allclose(mine[hub, thing][kept], row[kept], atol=1e-4)
    found = heads.clauses(words, heads.states(words, spans), spans, sentences, list(range(len(spans))))
    assert found
    for hub, name, first, last, _ in found:
        role = LABELS.clauses.index(name)
        s, e = start[hub, role].numpy(), end[hub, role].numpy()
        inside = [s[i] + e[j] for low in (0, 10, 20) for i in range(low, low + 10) for j in range(i, low + 10)]
        assert s[first] + e[last - 1] > s[-1] + e[-1]
        assert np.isclose(s[first] + e[last - 1], max(inside), atol=1e-4)


def random_arrays() -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    """Arrays of the shapes of the shipped heads, filled at random."""
    from tocsin.annotate.encoder import ARTEFACT

    rng = np.random.default_rng(0)
    with np.load(ARTEFACT / "heads.npz") as arrays:
        return {name: rng.normal(scale=0.3, size=arrays[name].shape).astype(np.float32) for name in arrays.files}
