"""`model.py` → the JSON Schema (2020-12) of `Document.to_dict()`, with the words that the ontology fixes as enumerations."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from tocsin.model import LAYERS, Document
from tocsin.ontology import load

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document_schema() -> dict[str, Any]:
    """The schema of one document as `Document.to_dict()` gives it; `additionalProperties` are refused everywhere.

    >>> schema = document_schema()
    >>> schema["$defs"]["Event"]["properties"]["quad"]["anyOf"][0]["enum"][0]
    'verbal cooperation'
    >>> "from" in schema["$defs"]["Tenure"]["properties"]
    True
    """
    generated = TypeAdapter(Document).json_schema(ref_template="#/$defs/{model}")
    definitions = {name: _object(schema) for name, schema in generated["$defs"].items()}
    for unused in ("Graph", "Node", "Edge", "Time"):
        definitions.pop(unused, None)
    kept = ("report", "sentences", *LAYERS)
    document = _object(generated)
    document["properties"] = {name: document["properties"][name] for name in kept}
    for (record, field), allowed in enumerations().items():
        definitions[record]["properties"][field] = _one_of(definitions[record]["properties"][field], allowed)
    return {"$schema": DIALECT} | document | {"required": list(kept), "$defs": definitions}


def enumerations() -> dict[tuple[str, str], list[str]]:
    """(record, field) → the words allowed there."""
    plover, graph, factuality = load("plover.yaml"), load("graph.yaml")["attributes"], load("factuality.yaml")
    scale = [name.replace("-", " ") for name in factuality["scale"]]
    kinds, roles = list(load("roles.yaml")["kinds"]), list(load("roles.yaml")["roles"])
    certainty = [*scale, *factuality["certainty_only"]]
    return {
        ("Actor", "kind"): kinds, ("Actor", "role"): roles,
        ("Event", "type"): list(plover["types"]), ("Event", "quad"): plover["quads"],
        ("Event", "mode"): sorted({mode for entry in plover["types"].values() for mode in entry["modes"]}),
        ("Event", "factuality"): scale, ("Event", "polarity"): factuality["polarities"],
        ("Claim", "kind"): graph["claim"]["values"], ("Claim", "certainty"): certainty,
        ("RedLine", "aim"): graph["aim"]["values"],
        ("Ambiguity", "threshold"): ["clear", "vague", "not stated"], ("Ambiguity", "consequence"): ["clear", "vague", "not stated"],
        ("Permission", "state"): ["permitted", "not permitted", "conditional", "undecided"],
        ("Permission", "change"): graph["change"]["values"], ("Permission", "factuality"): scale,
        ("Tenure", "standing"): graph["standing"]["values"], ("Tenure", "basis"): ["text", "table"],
        ("Link", "relation"): graph["relation"]["values"], ("Link", "sign"): graph["sign"]["values"], ("Link", "certainty"): certainty,
        ("When", "basis"): ["stated", "counted", "inferred"], ("Figure", "what"): graph["what"]["values"],
    }


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    """A record's schema: all its fields are there, no others; a trailing underscore falls away as in the JSON."""
    properties = {name.rstrip("_"): _field(field) for name, field in schema.get("properties", {}).items()}
    kept = {key: value for key, value in schema.items() if key in ("title", "type", "description")}
    if "description" in kept:
        kept["description"] = kept["description"].split("\n\n>>>")[0].strip()
    return kept | {"properties": properties, "required": list(properties), "additionalProperties": False}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in field.items() if key not in ("title", "default")}


def _one_of(field: dict[str, Any], allowed: list[str]) -> dict[str, Any]:
    words = {"type": "string", "enum": allowed}
    return {"anyOf": [words, {"type": "null"}]} if "anyOf" in field else words
