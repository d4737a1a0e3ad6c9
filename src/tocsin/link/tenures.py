"""A linked document in, the same with tenures dated from the table of offices, and a doubt where table and text disagree.

What the text states is never overwritten. Only heads of state and of government are doubted: for other offices the table is not
complete. A doubt is raised only where the table surely has somebody else on the day of publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from tocsin.link import names, offices
from tocsin.link.coreference import same_person
from tocsin.link.mentions import is_proper
from tocsin.model import Actor, Document, Doubt, Node, Tenure, content_id

_NOW = ("incumbent", "acting", "outgoing")
_DOUBTED = ("incumbent", "outgoing")
_TRANSITION = 45  # days around a change of office within which the table is not held against a text
_COMING = 200  # days that one who is elect may have to wait
_ROTATING = frozenset(("BIH", "CHE", "SMR", "AND"))  # collective or yearly presidencies


def checked(document: Document) -> Document:
    """Tenures with what the table knows, and `doubts` with what it contradicts."""
    if document.tenures is None:
        return document
    day = document.report.published
    people = {actor.id: actor for actor in document.actors or ()}
    tenures, doubts = [], list(document.doubts or ())
    for tenure in document.tenures:
        body = _body(document, tenure)
        filled = _filled(tenure, people.get(tenure.person.id or ""), body, day)
        tenures.append(filled)
        doubt = _doubt(filled, body, day) if day else None
        if doubt and all(doubt.id != other.id for other in doubts):
            doubts.append(doubt)
    kept = tuple(doubts) if document.doubts is not None or doubts else None
    return replace(document, tenures=tuple(tenures), doubts=kept)


def _body(document: Document, tenure: Tenure) -> names.Entry | None:
    """What the tables know of the state or body whose office it is, by the graph's edge from the office node."""
    graph = document.graph
    if graph is None:
        return None
    for hub, node in enumerate(graph.nodes):
        if node.kind == "office" and any(_covers(spot.start, spot.end, node) for spot in tenure.evidence):
            persons = [graph.nodes[target] for target in graph.targets(hub, "person")]
            if not persons or any(person.start == tenure.person.start for person in persons):
                for target in graph.targets(hub, "country"):
                    land = graph.nodes[target]
                    entry = names.lookup(document.report.text[land.start : land.end])
                    if entry:
                        return entry
    return None


def _covers(start: int, end: int, node: Node) -> bool:
    return start <= node.start and node.end <= end


def _filled(tenure: Tenure, person: Actor | None, body: names.Entry | None, day: str | None) -> Tenure:
    country = tenure.country or (body.country if body else None) or (person.country if person else None)
    row = _row(tenure, person, country, day)
    if row is None:
        return replace(tenure, country=country)
    stated = tenure.from_ or tenure.to
    ended = row.to if day and row.to and row.to <= day[: len(row.to)] else None  # an end to come was not known then
    to = tenure.to or (ended if tenure.standing in ("former", "ousted", "deceased") else None)
    return replace(
        tenure, country=country, from_=tenure.from_ or row.since, to=to, basis=tenure.basis if stated else "table",
    )


def _row(tenure: Tenure, person: Actor | None, country: str | None, day: str | None) -> offices.Holding | None:
    """The one row of this person in this office that fits the standing on the day."""
    office = offices.normal_office(tenure.office)
    coming = tenure.standing == "elect" or office.endswith("-elect")
    office = office.removesuffix("-elect") if coming else office
    name = person.name if person else tenure.person.name
    rows = [row for row in offices.named(name) if row.office == office and row.country in (country, person.part_of if person else None)]
    if not day or not rows:
        return rows[0] if len(rows) == 1 and not coming else None
    if coming:
        return next((row for row in rows if 0 <= _days(day, row.since) <= _COMING), None)
    if tenure.standing in _NOW:
        return next((row for row in rows if row.covers(day)), None)
    past = [row for row in rows if row.to and row.to <= day[: len(row.to)]]
    return max(past, key=lambda row: row.since) if past and tenure.standing in ("former", "ousted", "deceased") else None


def _days(one: str, two: str) -> int:
    """Days from one date to another; the first of the month or year where they are less precise."""
    return (_date(two) - _date(one)).days


def _date(text: str) -> date:
    parts = [int(part) for part in text[:10].split("-") if part.isdigit()]
    return date(parts[0], *[*parts[1:], 1, 1][:2])


def _doubt(tenure: Tenure, body: names.Entry | None, day: str) -> Doubt | None:
    """Somebody else held that office on the day, says the table."""
    country, office = tenure.country, offices.normal_office(tenure.office)
    whole = body is None or body.form != "actor"  # a part of a state may have a president of its own
    if tenure.standing not in _DOUBTED or not country or not whole or not offices.is_head(office) or country in _ROTATING:
        return None
    if len(day) < 10 or not is_proper(tenure.person.name) or len(tenure.person.name.split()) < 2:
        return None
    rows = [row for row in offices.holders(country, office, day) if row.office != "leader"]  # who leads may hold another office
    if not rows or any(_is(tenure.person.name, row) for row in rows):
        return None
    if any(abs(_days(day, edge)) <= _TRANSITION for row in rows for edge in (row.since, row.to) if edge and len(edge) == 10):
        return None
    holder = rows[0]
    what = f"{tenure.person.name} is called {office} of {names.country_name(country)}"
    why = f"on {day} the table of offices has {holder.person} (since {holder.since})"
    return Doubt(content_id("d", "office", what, why, tenure.evidence), "office", what, why, 0.6, tenure.evidence)


def _is(name: str, row: offices.Holding) -> bool:
    forms: Sequence[str] = (row.person, *row.aliases)
    tokens = tuple(names.fold(name).split())
    return any(same_person(tokens, words) or any(_spelt_alike(tokens[-1], word) for word in words)
               for words in (tuple(names.fold(form).split()) for form in forms))


def _spelt_alike(one: str, two: str) -> bool:
    """`muizzu` and `muizzi`: names written from another script."""
    return one == two or (min(len(one), len(two)) >= 5 and SequenceMatcher(None, one, two).ratio() >= 0.8)
