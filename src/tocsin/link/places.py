"""The place nodes of a document in, `Place` records out: coordinates with a radius that says how far off they may be.

A name may mean many places. What is named beside it (*Alexandria, Louisiana*), the countries the report is about, the size of the
candidates and the places already sure decide. A country is a country, with its whole extent as radius; what is vague (*the border
area*) gets no coordinates.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from tocsin.link import gazetteer, names
from tocsin.link.gazetteer import Gazetteer, Spot
from tocsin.model import Document, Evidence, Graph, Place, content_id
from tocsin.ontology import load

# Weights of the choice among places of one name; set by hand on LGL and GeoVirus (development sets, see benchmarks/).
_BESIDE = 12.0  # the words after the name say so
_PRIMARY = 2.0  # its main name
_OTHER_NAME, _GREAT = 1.6, 200_000  # another name of a great town (Kiev)
_CONTEXT = 3.0  # times the root of its country's share of the report
_DIVISION = 3.0  # times the root of its division's share of the report
_REGION = -1.6  # a division rather than a settlement, unless the words say so
_COUNTRY = 2.0
_NEAR = 2.0  # beside a sure place
_NEAR_KM = 300.0
_SURE = 2.5  # margin from which on a choice is sure
_NAMESAKE = 5_000  # inhabitants from which on a town or state makes a country's name doubtful
_LARGE = 20_000_000  # inhabitants from which on a country is meant all the same
_UNKNOWN = 15_000  # inhabitants below which a place in a country that the report does not name is not believed


@dataclass(frozen=True, slots=True)
class _Reading:
    """One mention of a place: the name left when the words around it are taken off, and what they said."""

    start: int
    end: int
    words: str
    name: str | None
    wants: str | None = None  # `region`, `city`, `facility`
    more_km: float = 0.0
    heading: float | None = None
    vague: bool = False
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Atlas:
    """Resolves the places of a report."""

    gazetteer: Gazetteer

    @classmethod
    def load(cls) -> Atlas:
        """The atlas with the gazetteer of the package, which is read at the first name."""
        return cls(gazetteer.default())

    def places(self, document: Document) -> Mapping[tuple[int, int], Place]:
        """The place that each span means: all place nodes, and actors that are where something happens."""
        readings = [_read(document.report.text, start, end, self.gazetteer) for start, end in _spans(document)]
        chosen = _choose(readings, document.report.text, self.gazetteer)
        confidence = {(node.start, node.end): node.confidence for node in (document.graph or Graph((), ())).nodes}
        groups: dict[str, list[tuple[_Reading, Place]]] = {}
        for reading, (spot, sure) in zip(readings, chosen, strict=True):
            place = _place(reading, spot, document, round(sure * confidence[reading.start, reading.end], 3))
            groups.setdefault(place.id, []).append((reading, place))
        result: dict[tuple[int, int], Place] = {}
        for found in groups.values():
            place = _gathered(found)
            result.update({(reading.start, reading.end): place for reading, _ in found})
        return result


def _spans(document: Document) -> list[tuple[int, int]]:
    graph = document.graph or Graph((), ())
    spans = {(node.start, node.end) for node in graph.nodes if node.kind == "place"}
    spans |= {
        (node.start, node.end) for edge in graph.edges if edge.role == "place" and (node := graph.nodes[edge.target]).kind == "actor"
    }
    return sorted(spans)


# --- reading the words ---------------------------------------------------------------------------------------------------


def _read(text: str, start: int, end: int, source: Gazetteer) -> _Reading:
    """Take off the words around a name until the gazetteer knows what is left."""
    words = text[start:end]
    reading = _Reading(start, end, words, None)
    rest = re.sub(r"['’]s?$", "", re.sub(r"^(?:the|a|an|in|at|inside|across)\s+", "", words.strip(), flags=re.IGNORECASE))
    country = names.country_of(words)
    for _ in range(4):
        if _is_known(rest, source):
            return replace(reading, name=rest, country=country)
        shorter = _peeled(reading, rest)
        if shorter is None:
            break
        reading, rest = shorter
    inner = _inner(reading, words, source)
    if inner:
        return replace(inner, country=country)
    if names.lookup(rest) is None and country and not _has_other_name(rest):
        return replace(reading, vague=True, country=country)
    return replace(reading, name=rest if rest[:1].isupper() else None, vague=True, country=country)


_WITHIN = re.compile(
    r"(?:^|(?P<head>[a-z][\w-]*)\s+)(?:of|at|in|near|outside|above|on|around|beyond|off|along|below|inside)\s+(?:the\s+)?"
    r"(?P<name>[A-Z][\w'’-]*(?:\s+(?:[A-Z][\w'’-]*|da|de|del|la|el|al|do|des))*)$"
)
_LEADING = re.compile(r"^(?P<name>[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*)\s+[a-z][\w\s-]*$")
_ROUND_ABOUT = 20.0  # kilometres added where only something in or near the named place is meant


def _inner(reading: _Reading, words: str, source: Gazetteer) -> _Reading | None:
    """The named place inside a description: *the border town of Badme*, *a meadow near Pahalgam*, *the Klaipeda gas terminal*."""
    match = _WITHIN.search(words.strip()) or (_LEADING.match(_bare(words)) if _bare(words).endswith(_longest("facility_words")) else None)
    if not match or match["name"].lower() in _rules()["not_names"] or not _is_known(match["name"], source):
        return None
    entry = names.lookup(match["name"])
    if entry and entry.country and entry.form in ("country", "adjective"):
        return None
    head = (match.groupdict().get("head") or "").lower()
    for wants, key in (("region", "region_words"), ("city", "city_words")):
        if head in _rules()[key]:
            return replace(reading, name=match["name"], wants=wants)
    return replace(reading, name=match["name"], wants="facility" if match.re is _LEADING else "around", more_km=reading.more_km + _ROUND_ABOUT)


def _is_known(name: str, source: Gazetteer) -> bool:
    entry = names.lookup(name)
    if entry and entry.country and entry.form in ("country", "adjective"):
        return True
    return name[:1].isupper() and bool(source.find(_state_name(name)))


def _has_other_name(words: str) -> bool:
    return any(token[:1].isupper() and not ((entry := names.lookup(token)) and entry.country) for token in re.findall(r"[\w'’-]+", words))


def _peeled(reading: _Reading, rest: str) -> tuple[_Reading, str] | None:
    """One layer of words off a name, and what it told."""
    low = rest.lower()
    for word in _longest("near_words"):
        if low.startswith(word + " "):
            more = float(_rules()["near_km"].get(word, 0))
            return replace(reading, more_km=reading.more_km + more), _bare(rest[len(word) + 1 :])
    head, _, tail = rest.partition(" ")
    if tail and head.lower() in _rules()["directions"]:
        return replace(reading, heading=float(_rules()["directions"][head.lower()])), tail
    for word in _longest("unmoved"):
        if low.startswith(word + " "):
            return reading, _bare(rest[len(word) + 1 :])
    for words, wants in (("facility_words", "facility"), ("region_words", "region"), ("city_words", "city")):
        for word in _longest(words):
            if low.endswith(" " + word):
                more = float(_rules()["facility_words"][word]) if wants == "facility" else float(_rules()["small_regions"].get(word, 0))
                wants = "around" if word in _rules()["small_regions"] else wants
                return replace(reading, wants=wants, more_km=reading.more_km + more), _bare(rest[: -len(word) - 1])
    for word in _longest("vague_tails"):
        if low.endswith(" " + word):
            return replace(reading, more_km=reading.more_km + 50.0, wants="side"), _bare(rest[: -len(word) - 1])
    return None


def _bare(words: str) -> str:
    return re.sub(r"(?:['’]s?)$", "", re.sub(r"^the\s+", "", words.strip(), flags=re.IGNORECASE))


@functools.cache
def _longest(key: str) -> tuple[str, ...]:
    return tuple(sorted(_rules()[key], key=lambda word: (-len(word), word)))


@functools.cache
def _rules() -> Any:
    return load("toponyms")


# --- choosing ------------------------------------------------------------------------------------------------------------


def _choose(readings: Sequence[_Reading], text: str, source: Gazetteer) -> list[tuple[Spot | None, float]]:
    """One place for each reading, and how sure that is; one name means one place throughout a report."""
    named = _named(readings, text, source)
    ranked = _ranked(readings, text, _Context.of(named, ()), source)
    sure = [scored[0][1] for scored in ranked.values() if _margin(scored) > _SURE]
    ranked = _ranked(readings, text, _Context.of(named, sure), source)
    best: dict[_Name, tuple[Spot | None, float]] = {}
    for name, scored in ranked.items():
        again = sorted(((score + _nearness(spot, sure), spot) for score, spot in scored), key=lambda pair: -pair[0])
        spot = again[0][1]
        if spot.kind == "country" and name[1] == "side":  # Turkish airspace, the Colombian frontier: somewhere in or beside it
            best[name] = (None, 0.5)
            continue
        indirect = name[1] in ("facility", "around")  # named after the place, or only near it
        believed = spot.kind != "city" or spot.country in named or again[0][0] > _BESIDE or (
            spot.population >= _UNKNOWN and not indirect)
        believed = believed or any(
            other.country == spot.country and other.population >= _UNKNOWN and kilometres(spot, other) > 1.0 for other in sure
        )
        best[name] = (spot, 1 / (1 + math.exp(-0.5 - _margin(again)))) if believed else (None, 0.5)
    return [best.get(_name(reading), (None, 0.5)) for reading in readings]


def _named(readings: Sequence[_Reading], text: str, source: Gazetteer) -> Counter[str]:
    """How often each country is named, but for names that may as well be a town or a state (*Georgia*, *Lebanon*)."""
    counts = Counter(names.countries_in(text))
    for reading in readings:
        entry = names.lookup(reading.name or "")
        if entry and entry.country and entry.form == "country" and any(
            spot.primary and spot.kind in ("city", "region") and spot.country != entry.country and spot.population >= _NAMESAKE
            for spot in source.find(reading.name or "")
        ):
            counts[entry.country] -= 1
    return +counts


@dataclass(frozen=True, slots=True)
class _Context:
    """Which countries, and which of their divisions, a report is about: shares of one."""

    countries: Mapping[str, float]
    divisions: Mapping[tuple[str, str], float]

    @classmethod
    def of(cls, named: Mapping[str, int], sure: Iterable[Spot]) -> _Context:
        countries, divisions = Counter(named), Counter[tuple[str, str]]()
        for spot in sure:
            if spot.country and spot.kind != "country":
                countries[spot.country] += 1
                if spot.admin1:
                    divisions[spot.country, spot.admin1] += 1
        return cls(_parts(countries), _parts(divisions))


_Key = TypeVar("_Key")
_Name = tuple[str, str | None]


def _parts(counts: Mapping[_Key, int]) -> dict[_Key, float]:
    total = sum(counts.values())
    return {key: count / total for key, count in counts.items()}


def _name(reading: _Reading) -> _Name:
    return names.fold(reading.name or ""), reading.wants


def _ranked(readings: Sequence[_Reading], text: str, context: _Context, source: Gazetteer) -> dict[_Name, list[tuple[float, Spot]]]:
    """For each name its places, the best first."""
    ranked: dict[_Name, list[tuple[float, Spot]]] = {}
    for reading in readings:
        if reading.name:
            scored = _scored(reading, context, _beside(text, reading.end), source)
            if scored and (_name(reading) not in ranked or scored[0][0] > ranked[_name(reading)][0][0]):
                ranked[_name(reading)] = scored
    return ranked


def _margin(scored: Sequence[tuple[float, Spot]]) -> float:
    """How far the best is ahead of the next that lies elsewhere."""
    first = scored[0]
    others = [score for score, spot in scored[1:] if kilometres(spot, first[1]) > 100.0]
    return first[0] - max(others) if others else 2 * _SURE


def _beside(text: str, end: int) -> str | None:
    """*Louisiana* in *Alexandria, Louisiana*."""
    match = re.match(r"(?:,\s+|\s+\()(?:in\s+)?((?:[A-Z][\w.'’-]*)(?:\s+[A-Z][\w.'’-]*){0,3})", text[end : end + 50])
    return match[1] if match else None


def _scored(reading: _Reading, context: _Context, beside: str | None, source: Gazetteer) -> list[tuple[float, Spot]]:
    scored = [(_score(spot, reading, context, beside), spot) for spot in _candidates(reading, source)]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].label, pair[1].geonames_id or 0))


def _candidates(reading: _Reading, source: Gazetteer) -> Iterable[Spot]:
    name = reading.name or ""
    spots = [spot for spot in source.find(_state_name(name)) if spot.kind != "country" or spot.disputed]
    entry = names.lookup(name)
    if entry and entry.country and entry.form in ("country", "adjective") and not any(spot.kind in ("country", "area") for spot in spots):
        country = source.country(entry.country)
        spots += [replace(country, label=entry.name)] if country else []
    if reading.wants == "region" and not any(spot.kind in ("region", "area") for spot in spots):
        spots += [region for spot in spots if spot.kind == "city" and spot.country and spot.admin1
                  and (region := source.division(spot.country, spot.admin1))]
    return spots


def _score(spot: Spot, reading: _Reading, context: _Context, beside: str | None) -> float:
    score = math.log10(spot.population + 10) + (_PRIMARY if spot.primary else _OTHER_NAME if spot.population >= _GREAT else 0.0)
    score += _CONTEXT * math.sqrt(context.countries.get(spot.country or "", 0.0))
    if spot.kind == "city":
        score += _DIVISION * math.sqrt(context.divisions.get((spot.country or "", spot.admin1 or ""), 0.0))
    if spot.kind == "country" and (spot.country in context.countries or spot.population > _LARGE):
        score += _COUNTRY
    if spot.kind in ("region", "area"):
        score += 4.0 if reading.wants == "region" else _REGION
    if spot.kind == "city" and reading.wants == "city":
        score += 3.0
    if spot.kind == "sea":
        score += 1.0
    if beside:
        entry = names.lookup(beside)
        division = spot.admin1 and names.fold(spot.admin1) == names.fold(_state_name(beside))
        inside = entry and entry.form == "country" and entry.country == spot.country and not _is_country(reading.name)
        if (inside and spot.kind != "country") or division:
            score += _BESIDE
    return score


def _is_country(name: str | None) -> bool:
    entry = names.lookup(name or "")
    return bool(entry and entry.form == "country")


def _state_name(words: str) -> str:
    """`La.` → `Louisiana`: how news agencies shorten the American states."""
    return str(_states().get(words.rstrip(".").split(" ")[0] if words.split(" ")[0].endswith(".") else words.rstrip("."), words))


@functools.cache
def _states() -> Mapping[str, str]:
    short: dict[str, str] = load("states")
    return {key.rstrip("."): value for key, value in short.items()}


def _nearness(spot: Spot, sure: Sequence[Spot]) -> float:
    apart = [away for away in (kilometres(spot, other) for other in sure) if away > 1.0 or spot.primary]  # not itself under another name
    return _NEAR * math.exp(-min(apart) / _NEAR_KM) if apart and spot.kind != "country" else 0.0


def kilometres(one: Spot, two: Spot) -> float:
    """Great-circle distance."""
    a, b, c, d = map(math.radians, (one.latitude, one.longitude, two.latitude, two.longitude))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(h)))


# --- records -------------------------------------------------------------------------------------------------------------


def _place(reading: _Reading, spot: Spot | None, document: Document, confidence: float) -> Place:
    spots = (Evidence(reading.start, reading.end, reading.words),)
    if spot is None:
        name = re.sub(r"^(?:the|a|an)\s+", "", reading.words.strip())
        kind = "vague" if reading.name is None or reading.vague or reading.wants == "side" else "unknown"
        key = content_id("p", document.report.id, names.fold(reading.words), reading.country)
        return Place(key, name, kind, reading.country, None, None, None, None, None, None, (), spots, confidence, spots)
    latitude, longitude, radius = _moved(spot, reading)
    kind = reading.wants if reading.wants == "facility" else "area" if reading.more_km or reading.heading is not None else spot.kind
    plain = kind == spot.kind
    name = _reader_name(reading, spot) if plain else re.sub(r"^(?:the|a|an)\s+", "", reading.words.strip())
    key = content_id("p", spot.geonames_id or spot.label, spot.country, spot.kind, None if plain else names.fold(reading.words))
    admin1 = spot.admin1 if spot.kind in ("city", "region") else None
    geonames = spot.geonames_id if plain else None
    return Place(key, name, kind, spot.country, admin1, latitude, longitude, radius, geonames, spot.disputed, (), spots, confidence, spots)


def _reader_name(reading: _Reading, spot: Spot) -> str:
    """Countries and the project's own regions by their usual name, all others as the report spells them."""
    if spot.kind == "country" and spot.country:
        return names.country_name(spot.country)
    if spot.kind in ("area", "sea", "facility") or names.fold(spot.label) == names.fold(reading.name or ""):
        return spot.label
    return re.sub(r"^(?:the|a|an)\s+", "", (reading.words if spot.kind == "region" else reading.name or reading.words).strip())


def _moved(spot: Spot, reading: _Reading) -> tuple[float, float, float]:
    """Coordinates and radius, pushed half a radius towards the heading (*northern Mali*)."""
    radius = spot.radius_km + reading.more_km
    if reading.heading is None:
        return spot.latitude, spot.longitude, round(radius, 1)
    angle, step = math.radians(reading.heading), spot.radius_km / 2 / 111.2
    latitude = max(-90.0, min(90.0, spot.latitude + step * math.cos(angle)))
    longitude = spot.longitude + step * math.sin(angle) / max(0.1, math.cos(math.radians(spot.latitude)))
    return round(latitude, 3), round((longitude + 180) % 360 - 180, 3), round(radius * 0.7, 1)


def _gathered(found: Sequence[tuple[_Reading, Place]]) -> Place:
    """One place of all its mentions."""
    places = [place for _, place in found]
    first = places[0]
    spots = tuple(spot for place in places for spot in place.mentions)
    listed = dict.fromkeys(re.sub(r"^(?:the|a|an)\s+", "", spot.quote.strip()) for spot in spots)
    aliases = tuple(alias for alias in listed if alias != first.name)
    return replace(first, mentions=spots, aliases=aliases, confidence=max(place.confidence for place in places))
