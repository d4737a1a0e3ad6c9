"""The JSON Schema: valid itself, true of real documents, and refusing what is not one."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.gold_documents import gold_documents
from tocsin.model import LAYERS, Document, Report, field_types
from tocsin.schema import document_schema, enumerations

SCHEMA = document_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("name", ["examples.graph", "reports.graph"])
def test_it_is_true_of_read_reports(name: str) -> None:
    for document in gold_documents(name):
        VALIDATOR.validate(json.loads(document.to_json()))


def test_it_is_true_of_documents_without_layers() -> None:
    VALIDATOR.validate(Document(Report.of("Rain.")).to_dict())
    VALIDATOR.validate(Document(Report.of(""), sentences=(), **dict.fromkeys(LAYERS, ())).to_dict())  # type: ignore[arg-type]


def test_it_is_true_of_the_trained_models_documents() -> None:
    import tocsin

    text = (
        "WASHINGTON, Nov. 18, 2024 — If NATO lifted the ban, President Vladimir Putin warned on Sunday, Russia would respond. "
        "Police said gunmen killed at least 12 people in Goma. Defense Minister Ana Lobo resigned because of the vote."
    )
    VALIDATOR.validate(json.loads(tocsin.read(text).to_json()))


def test_every_field_of_the_model_is_described() -> None:
    for layer, kind in LAYERS.items():
        items = SCHEMA["properties"][layer]["anyOf"][0]["items"]["$ref"].rpartition("/")[2]
        names = {name.rstrip("_") for name in field_types(kind)}
        assert set(SCHEMA["$defs"][items]["properties"]) == names
        assert set(SCHEMA["$defs"][items]["required"]) == names
    assert {field.name for field in dataclasses.fields(Report)} == set(SCHEMA["$defs"]["Report"]["properties"])


def test_the_words_of_the_ontology_are_enumerated() -> None:
    for (record, field), words in enumerations().items():
        property_ = SCHEMA["$defs"][record]["properties"][field]
        assert (property_.get("enum") or property_["anyOf"][0]["enum"]) == words


def spoil(data: dict[str, Any], path: list[str | int], value: Any) -> dict[str, Any]:
    spoiled: dict[str, Any] = json.loads(json.dumps(data))
    inner: Any = spoiled
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return spoiled


@pytest.mark.parametrize(("path", "value"), [
    (["events", 0, "factuality"], "certain"), (["events", 0, "type"], "WAR"), (["events", 0, "quad"], "conflict"),
    (["events", 0, "evidence", 0, "start"], "0"), (["events", 0, "unknown"], 1), (["report", "text"], None),
    (["sentences", 0], [1]), (["claims", 0, "kind"], "opinion"), (["actors", 0, "kind"], "ship"), (["tenures", 0, "from_"], None),
])
def test_it_refuses_what_is_no_document(path: list[str | int], value: Any) -> None:
    data = json.loads(gold_documents()[0].to_json())
    with pytest.raises(ValidationError):
        VALIDATOR.validate(spoil(data, path, value))
