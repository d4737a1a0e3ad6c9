"""The whole path on any text whatever: all offsets and quotes agree, nothing is raised but our own errors, and the same
text gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.acquire.text import normalise
from tocsin.errors import TocsinError
from tocsin.model import LAYERS, Document, Report
from tocsin.pipeline import Pipeline, Stage, default_pipeline

PIPELINE = default_pipeline()
EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.txt"))
WORDS = st.lists(
    st.sampled_from(
        ["Russia", "Kyiv", "warned", "that", "if", "NATO", "let", "Ukraine", "fire", "missiles", ",", "“", "it", "would", "respond", "”", ".", "On", "Sunday", "the", "minister", "said", "he", "had", "not", "resigned", ";", "President", "Biden", "300", "km", "of", "troops", "may", "U.S.", "officials", "denied", "\n\n", "“", "-", "2024", "é", "中国", "😀", "\u200b"]
    ),
    max_size=120,
).map(" ".join)


def quotes_agree(value: object, text: str) -> None:
    if isinstance(value, dict):
        quote = value.get("quote")
        if quote is not None and value.get("start") is not None:
            assert quote == text[value["start"] : value["end"]]
        for item in value.values():
            quotes_agree(item, text)
    elif isinstance(value, list):
        for item in value:
            quotes_agree(item, text)


def check(text: str) -> None:
    clean = normalise(text)
    try:
        document = PIPELINE.read(Report.of(clean, published="2024-11-18"))
    except TocsinError:
        return
    data = document.to_dict()
    quotes_agree(data, clean)
    ids = [record.id for _, record in document.records()]
    assert len(ids) == len(set(ids))
    known = {record["id"] for layer in ("actors", "places") for record in data[layer]}
    for slot in _slots(data):
        assert slot["id"] is None or slot["id"] in known
    json.dumps(data, allow_nan=False).encode("utf-8")
    assert Document.from_dict(data).to_dict() == data


def _slots(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        own = [value] if value.keys() == {"id", "name", "start", "end", "quote", "implied"} else []
        return own + [slot for item in value.values() for slot in _slots(item)]
    return [slot for item in value for slot in _slots(item)] if isinstance(value, list) else []


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=500))
def test_any_text(text: str) -> None:
    check(text)


@settings(deadline=None, max_examples=80)
@given(WORDS)
def test_any_words_of_a_report(text: str) -> None:
    check(text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_read_alike_twice(path: Path) -> None:
    report = Report.of(normalise(path.read_text("utf-8")), published="2024-11-18")
    first = PIPELINE.read(report)
    check(report.text)
    assert default_pipeline().read(report).to_json() == first.to_json()
    assert all(getattr(first, layer) is not None for layer in LAYERS)
    assert first.events
    assert first.claims
    assert first.actors


def test_a_stage_without_its_input_is_refused() -> None:
    with pytest.raises(TocsinError, match="requires graph"):
        Pipeline([Stage("code", ("graph",), ("events",), lambda document: document)], reader="x")
