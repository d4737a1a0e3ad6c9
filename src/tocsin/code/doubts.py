"""Events and claims of one report → doubts: where the report itself holds two things that do not fit."""

from __future__ import annotations

from tocsin.code.view import View
from tocsin.model import Doubt, Event, content_id

_FIRM = ("asserted", "reported", "attributed")
_NOT = ("denied", "did not happen")


def read_doubts(view: View, events: tuple[Event, ...]) -> tuple[Doubt, ...]:
    """An act that the report tells as done or claimed and, elsewhere, as denied; quotes of both sides are the evidence."""
    found = []
    for position, one in enumerate(events):
        for two in events[position + 1 :]:
            firm, not_ = (one, two) if two.factuality in _NOT else (two, one)
            if one.type and one.type == two.type and firm.factuality in _FIRM and not_.factuality in _NOT and _same_sides(one, two):
                what = f"{firm.evidence[0].quote} / {not_.evidence[0].quote}"
                found.append(
                    Doubt(
                        content_id("d", view.document.report.id, firm.id, not_.id), "contradiction", what,
                        f"told as {firm.factuality} and as {not_.factuality}", min(one.confidence, two.confidence),
                        firm.evidence + not_.evidence,
                    )
                )
    return tuple(found)


def _same_sides(one: Event, two: Event) -> bool:
    """The acts are named alike, both have an actor or a recipient, and those that both name are the same words."""
    stems = [event.mentions[0].quote.lower()[:5] for event in (one, two)]
    if stems[0] != stems[1]:
        return False
    shared = 0
    for role in ("actors", "recipients"):
        left, right = ({slot.name.lower() for slot in getattr(event, role)} for event in (one, two))
        if left and right:
            if not left & right:
                return False
            shared += 1
    return shared > 0
