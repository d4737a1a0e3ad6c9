"""Where places are: names that mean many places, countries and their parts, and what stays vague."""

from __future__ import annotations

import math

import pytest

from tocsin.link.gazetteer import Gazetteer
from tocsin.link.places import Atlas
from tocsin.model import Document, Graph, Node, Place, Report

ATLAS = Atlas.load()


def places(marked: str) -> list[Place]:
    """The places of a text whose names stand in [brackets]."""
    text, nodes, rest = "", [], marked
    while "[" in rest:
        before, _, rest = rest.partition("[")
        name, _, rest = rest.partition("]")
        text += before
        nodes.append(Node("place", len(text), len(text) + len(name), 1.0))
        text += name
    text += rest
    found = ATLAS.places(Document(Report.of(text), graph=Graph(tuple(nodes), ())))
    return [found[node.start, node.end] for node in nodes]


def kilometres(place: Place, latitude: float, longitude: float) -> float:
    assert place.latitude is not None
    assert place.longitude is not None
    a, b, c, d = map(math.radians, (place.latitude, place.longitude, latitude, longitude))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


# Text with one marked place, kind, country, true latitude and longitude, how far off at most.
WHERE = [
    ("Shells fell on [Kharkiv] in Ukraine.", "city", "UKR", 49.99, 36.23, 10),
    ("Shells fell on [Kiev].", "city", "UKR", 50.45, 30.52, 10),
    ("Troops crossed into the [Kursk region] of Russia.", "region", "RUS", 51.7, 36.2, 80),
    ("Troops are massing in the [Kursk border area], Russia says.", "region", "RUS", 51.7, 36.2, 100),
    ("The town of [Kursk] in Russia was quiet.", "city", "RUS", 51.73, 36.19, 10),
    ("Fighting in the [Donbas] went on.", "area", "UKR", 48.3, 38.3, 60),
    ("He flew to [Paris] to see Macron.", "city", "FRA", 48.86, 2.35, 10),
    ("A fire in [Paris], Texas, killed two.", "city", "USA", 33.66, -95.55, 10),
    ("A fire in [Alexandria], La., was put out.", "city", "USA", 31.31, -92.44, 10),
    ("Egypt's second city, [Alexandria], and Cairo, Egypt's capital.", "city", "EGY", 31.2, 29.92, 15),
    ("Militants attacked [Gao] in Mali.", "city", "MLI", 16.27, -0.04, 10),
    ("The junta in [Niger] closed the airport.", "country", "NER", 17.6, 8.1, 300),
    ("A boat sank off [Lampedusa], Italy said.", "area", "ITA", 35.5, 12.6, 20),
    ("Tankers in the [Strait of Hormuz] turned back.", "sea", None, 26.6, 56.25, 60),
    ("A frigate entered the [Black Sea].", "sea", None, 43.0, 34.0, 150),
    ("Clashes in [Darfur], in Sudan, killed ten.", "area", "SDN", 13.0, 24.5, 200),
    ("Strikes on the [Gaza Strip] resumed.", "area", "PSE", 31.4, 34.4, 30),
    ("Settlers in the [West Bank] were attacked.", "area", "PSE", 32.0, 35.25, 40),
    ("Snow fell on the [Golan Heights].", "area", "SYR", 33.0, 35.75, 30),
    ("Rebels took [northern Mali].", "area", "MLI", 19.5, -2.0, 450),
    ("Fighting near [eastern Ukraine] went on.", "area", "UKR", 48.5, 37.0, 250),
    ("A blast hit [central Baghdad] in Iraq.", "city", "IRQ", 33.3, 44.4, 20),
    ("A blast on the [outskirts of Aleppo], Syria.", "area", "SYR", 36.2, 37.16, 20),
    ("Gunmen fired at tourists in a [meadow near Pahalgam] in Indian Kashmir, India said.", "area", "IND", 34.0, 75.3, 25),
    ("They met at the [Ream naval base] in Cambodia.", "facility", "KHM", 10.5, 103.6, 30),
    ("Drones hit the [Zaporizhzhia nuclear power plant].", "facility", "UKR", 47.51, 34.59, 5),
    ("They met in [New York].", "city", "USA", 40.71, -74.0, 20),
    ("They met in [Georgia], where Georgian and Russian troops fought.", "country", "GEO", 42.0, 43.5, 150),
    ("Storms hit [Georgia], Alabama and Florida; Atlanta, in the United States, was dark.", "region", "USA", 32.7, -83.4, 150),
    ("Unrest in [Punjab], in Pakistan.", "region", "PAK", 31.0, 72.5, 150),
    ("Unrest in [Punjab], in India.", "region", "IND", 31.0, 75.4, 100),
]


@pytest.mark.parametrize(("text", "kind", "country", "latitude", "longitude", "off"), WHERE, ids=[case[0][:40] for case in WHERE])
def test_where(text: str, kind: str, country: str | None, latitude: float, longitude: float, off: float) -> None:
    (place,) = places(text)
    assert (place.kind, place.country) == (kind, country)
    assert kilometres(place, latitude, longitude) <= off


VAGUE = [
    ("Troops massed near the [border].", None), ("Shots were heard in the [border area].", None), ("They fled to the [capital].", None),
    ("Planes entered [Turkish airspace].", "TUR"), ("Drones crossed the [Ukrainian border].", "UKR"), ("They stood on [Russian territory].", "RUS"),
    ("They withdrew to [more secure locations].", None), ("Fighting at the [front] eased.", None),
]


@pytest.mark.parametrize(("text", "country"), VAGUE)
def test_vague_places_get_no_coordinates(text: str, country: str | None) -> None:
    (place,) = places(text)
    assert (place.kind, place.country) == ("vague", country)
    assert place.latitude is place.longitude is place.radius_km is place.geonames_id is None


def test_an_unknown_name_is_not_guessed() -> None:
    (place,) = places("They met at [Qwxyzton].")
    assert place.kind in ("vague", "unknown")
    assert place.latitude is None


def test_a_hamlet_in_a_country_that_nobody_names_is_not_believed() -> None:
    (place,) = places("The reporters waited at [Anchor Point].")
    assert place.latitude is None or place.confidence < 1


@pytest.mark.parametrize(
    ("text", "status"),
    [("They annexed [Crimea].", "annexed"), ("They live in the [West Bank].", "occupied"), ("They patrol the [Spratly Islands].", "claimed"),
     ("They live in [Kosovo].", "recognised"), ("They live in [East Jerusalem].", "occupied")],
)
def test_disputed_places_say_so(text: str, status: str) -> None:
    (place,) = places(text)
    assert place.disputed
    assert status in place.disputed


def test_a_country_is_no_point() -> None:
    russia, monaco = places("From [Russia] to [Monaco].")
    assert russia.radius_km
    assert monaco.radius_km
    assert russia.radius_km > 1500
    assert monaco.radius_km < 20


def test_a_direction_moves_the_middle_and_stays_inside() -> None:
    whole, north, south = places("In [Mali], in [northern Mali] and in [southern Mali], Malian soldiers fell.")
    assert north.latitude
    assert south.latitude
    assert whole.latitude
    assert north.latitude > whole.latitude > south.latitude
    assert north.radius_km
    assert whole.radius_km
    assert north.radius_km < whole.radius_km


def test_one_name_means_one_place_and_keeps_all_mentions() -> None:
    one, two, three = places("In [Odesa] and again in [Odesa], Ukraine; [Odessa] is how others write it.")
    assert one is two
    assert [spot.quote for spot in one.mentions][:2] == ["Odesa", "Odesa"]
    assert three.geonames_id == one.geonames_id


def test_the_places_of_a_report_help_each_other() -> None:
    tripoli, *_ = places("Shells fell in [Tripoli]; convoys left for [Misrata] and [Benghazi].")
    assert tripoli.country == "LBY"
    tripoli, *_ = places("Shells fell in [Tripoli]; convoys left for [Beirut], [Sidon] and [Baalbek] in Lebanon.")
    assert tripoli.country == "LBN"


def test_an_actor_where_something_happens_is_a_place_as_well() -> None:
    text = "Gunmen struck in Mali."
    nodes = (Node("event", 7, 13, 1.0), Node("actor", 17, 21, 1.0, actor_kind="state"))
    from tocsin.model import Edge

    found = ATLAS.places(Document(Report.of(text), graph=Graph(nodes, (Edge(0, 1, "place", 1.0),))))
    assert found[17, 21].country == "MLI"


@pytest.mark.parametrize(
    ("name", "country"), [("Kyiv", "UKR"), ("Gao", "MLI"), ("Sana'a", "YEM"), ("N'Djamena", "TCD"), ("São Paulo", "BRA"), ("Sao Paulo", "BRA"), ("İstanbul", "TUR"),
                          ("Przemysl", "POL"), ("Tskhinvali", "GEO"), ("Deir ez-Zor", "SYR")],
)
def test_the_gazetteer_finds_names_without_accents_and_case(name: str, country: str) -> None:
    assert country in {spot.country for spot in Gazetteer().find(name)}
    assert Gazetteer().find(name) == Gazetteer().find(name.upper().replace("İ", "I")) or name != name.lower()


def test_nothing_is_found_for_nothing() -> None:
    assert Gazetteer().find("") == ()
    assert Gazetteer().find("\n") == ()
    assert Gazetteer().find("no such place anywhere") == ()
    assert Gazetteer().country("ZZZ") is None
