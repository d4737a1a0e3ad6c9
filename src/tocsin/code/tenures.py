"""Graph → tenures: who holds which office, with the standing that the text gives, and offices that begin or end."""

from __future__ import annotations

from dataclasses import replace

from tocsin.code.view import View, named
from tocsin.model import Evidence, Tenure, content_id

_HAPPENED = ("asserted", "reported", "attributed")


def read_tenures(view: View) -> tuple[Tenure, ...]:
    """From each office with a person, and each event by which an office begins or ends; one for each person and office."""
    found: dict[tuple[str, str], Tenure] = {}
    for tenure in [*_from_offices(view), *_from_events(view)]:
        key = tenure.person.name.lower(), tenure.office.lower()
        found[key] = _join(found[key], tenure) if key in found else tenure
    return tuple(found.values())


def _from_offices(view: View) -> list[Tenure]:
    return [
        _tenure(view, index, person, view.words(view.nodes[index]), view.nodes[index].standing or "incumbent", view.around(index))
        for index in view.of_kind("office") for person in view.targets(index, "person")
    ]


def _from_events(view: View) -> list[Tenure]:
    found = []
    for index in view.of_kind("event"):
        node = view.nodes[index]
        change, offices = named(node.tenure), view.targets(index, "office")
        holders = [person for office in offices for person in view.targets(office, "person")]
        persons = holders or view.targets(index, "actor")
        if not change or not offices or not persons:
            continue
        when, happened = view.when(index), node.factuality in _HAPPENED
        date = when.edtf if when else None
        standing = ("incumbent" if happened else "elect") if change == "start" else ("former" if happened else "outgoing")
        tenure = _tenure(view, index, persons[0], view.words(view.nodes[offices[0]]), standing, view.around(index))
        found.append(replace(tenure, from_=date if change == "start" else None, to=date if change == "end" else None))
    return found


def _tenure(view: View, index: int, person: int, office: str, standing: str, evidence: tuple[Evidence, ...]) -> Tenure:
    slot = view.slot(person)
    return Tenure(
        content_id("t", view.document.report.id, slot.name, office), slot, office, None, None, None, standing, "text",
        view.confidence(index), evidence,
    )


def _join(one: Tenure, two: Tenure) -> Tenure:
    """Two statements on one office: dates are put together, a standing that says more than `incumbent` is kept."""
    return replace(
        one, from_=one.from_ or two.from_, to=one.to or two.to,
        standing=two.standing if one.standing == "incumbent" else one.standing,
        evidence=tuple(dict.fromkeys([*one.evidence, *two.evidence])),
    )
