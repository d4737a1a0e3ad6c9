"""The data files: each loads, agrees with the others, and a fault is named with file, key and what is allowed."""

from __future__ import annotations

import re

import pycountry
import pytest

from tocsin import ontology
from tocsin.errors import OntologyError
from tocsin.ontology import checks, digest, load, names

HISTORIC = {"SUN", "YUG", "CSK", "DDR", "SCG", "XKX", "YMD"}
CODES = {country.alpha_3 for country in pycountry.countries} | HISTORIC
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@pytest.mark.parametrize("name", names())
def test_every_file_loads_and_has_a_digest(name: str) -> None:
    assert load(name)
    assert re.fullmatch(r"[0-9a-f]{64}", digest(name))


def test_a_name_goes_with_and_without_its_ending() -> None:
    assert load("plover") is load("plover")
    assert load("plover.yaml") == load("plover")


def test_an_unknown_file_names_what_there_is() -> None:
    with pytest.raises(OntologyError, match=r"atlas: no such data file; allowed: .*plover\.yaml.*check the name"):
        load("atlas")


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("plover.yaml", lambda data: data["types"]["AID"].update(quad="kindness"), r"AID\.quad is 'kindness'; allowed: verbal cooperation"),
        ("plover.yaml", lambda data: data["types"]["AID"].pop("score"), "AID lacks 'score'"),
        ("plover.yaml", lambda data: data.update(extra=1), "a key of the file is 'extra'"),
        ("cameo.yaml", lambda data: data["codes"]["AID"].update({"-": "99"}), "the root of AID/- is '99'"),
        ("roles.yaml", lambda data: data["roles"]["GOV"].update(kind="palace"), "GOV.kind is 'palace'"),
        ("factuality.yaml", lambda data: data["scale"]["denied"].update(polarity="maybe"), "denied.polarity is 'maybe'"),
        ("places.yaml", lambda data: data.update(Atlantis=[[], "myth", "", 0, 0, 1, ""]), "the kind of Atlantis is 'myth'"),
        ("places.yaml", lambda data: data.update(Atlantis=[[], "area"]), "Atlantis has 2 values"),
    ],
)
def test_a_fault_is_named(file: str, change: object, message: str) -> None:
    text = (ontology.resources.files("tocsin.ontology") / file).read_text("utf-8")
    data = ontology._parse(file, text)
    change(data)  # type: ignore[operator]
    with pytest.raises(OntologyError, match=message) as raised:
        checks.CHECKS[file](data)
    assert file in str(raised.value)


@pytest.mark.parametrize(
    ("file", "text"),
    [("a.yaml", "key: [1, 2"), ("a.toml", "key = "), ("a.yaml", "a: b: c")],
)
def test_broken_text_is_refused(file: str, text: str) -> None:
    with pytest.raises((ontology.yaml.YAMLError, ontology.tomllib.TOMLDecodeError)):
        ontology._parse(file, text)


def test_a_row_without_its_cell_is_refused() -> None:
    with pytest.raises(OntologyError, match=r"countries\.tsv: row 1 lacks 'name'"):
        checks.CHECKS["countries.tsv"](({"iso": "ABC", "name": None},))


def test_plover_agrees_with_the_graph() -> None:
    graph, plover = load("graph")["attributes"], load("plover")
    assert set(graph["type"]["values"]) == {"-", *plover["types"]}
    modes = {mode for entry in plover["types"].values() for mode in entry["modes"]}
    assert set(graph["mode"]["values"]) == {"-", *modes}


def test_every_type_and_mode_has_a_cameo_code() -> None:
    for name, entry in load("plover")["types"].items():
        assert set(load("cameo")["codes"][name]) == {"-", *entry["modes"]}, name


def test_factuality_and_roles_agree_with_the_graph() -> None:
    graph = load("graph")["attributes"]
    scale = {name.replace(" ", "-") for name in load("factuality")["scale"]}
    assert scale == set(graph["factuality"]["values"])
    assert scale | set(load("factuality")["certainty_only"]) == set(graph["certainty"]["values"])
    assert set(load("roles")["roles"]) == set(graph["role"]["values"]) - {"-"}
    assert load("roles")["kinds"] == graph["actor_kind"]["values"]


def test_countries() -> None:
    rows = load("countries")
    codes = [row["iso"] for row in rows]
    assert len(codes) == len(set(codes))
    assert {country.alpha_3 for country in pycountry.countries} == set(codes) - {"XKX"}
    for row in rows:
        latitude, longitude = map(float, row["at"].split()) if row["at"] else (0.0, 0.0)
        assert -90 <= latitude <= 90, row
        assert -180 <= longitude <= 180, row


def test_actors() -> None:
    known = {row["name"] for row in load("actors")} | {None, "government"}
    for row in load("actors"):
        assert row["kind"] in load("roles")["kinds"], row
        assert row["role"] is None or row["role"] in load("roles")["roles"], row
        assert row["country"] is None or row["country"] in CODES, row
        assert row["part_of"] in known, row


def test_offices() -> None:
    bodies = {row["name"] for row in load("actors")} | {alias for row in load("actors") for alias in (row["aliases"] or "").split("|")}
    for row in load("offices"):
        assert row["country"] in CODES or row["country"] in bodies, row
        assert DATE.fullmatch(row["from"]), row
        assert row["to"] is None or (DATE.fullmatch(row["to"]) and row["from"][: len(row["to"])] <= row["to"]), row
        assert row["basis"] in ("project", "factbook", "reign", "us-executive"), row


def test_places() -> None:
    for name, (aliases, _, country, latitude, longitude, radius, _disputed) in load("places").items():
        assert country == "" or country in CODES, name
        assert -90 <= latitude <= 90, name
        assert -180 <= longitude <= 180, name
        assert 0 < radius <= 7000, name
        assert all(isinstance(alias, str) for alias in aliases), name
