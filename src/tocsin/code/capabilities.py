"""Graph → capabilities: each system of which the report tells a maker, a holder or a figure. Public facts as published."""

from __future__ import annotations

import functools
import re

from tocsin.code.figures import read_figure
from tocsin.code.view import View
from tocsin.code.words import word_pattern
from tocsin.model import Capability, Figure, content_id
from tocsin.ontology import load


def read_capabilities(view: View) -> tuple[Capability, ...]:
    """One for each system, its mentions put together by name and by `same` edges."""
    return tuple(
        capability for group in _groups(view)
        if (capability := _capability(view, group)) and (capability.maker or capability.holders or capability.figures)
    )


def _groups(view: View) -> list[list[int]]:
    """Mentions of one system: the same words (plural or not), or joined by an edge."""
    groups: list[list[int]] = []
    for index in view.of_kind("system"):
        same = {*view.targets(index, "same"), *_apposed(view, index)}
        key = _key(view.words(view.nodes[index]))
        for group in groups:
            if any(other in same or _key(view.words(view.nodes[other])) == key for other in group):
                group.append(index)
                break
        else:
            groups.append([index])
    return groups


_APPOSITION = re.compile(r"\s*(?:\(|,? or |, (?:or |the |known as |called )?)(?:the )?")


def _apposed(view: View, index: int) -> list[int]:
    """The system whose short name this is: *Army Tactical Missile System, or ATACMS*."""
    node = view.nodes[index]
    if not re.fullmatch(r"[A-Z][A-Z0-9-]+s?", view.words(node)):
        return []
    before = [i for i in view.of_kind("system") if view.nodes[i].end <= node.start]
    return [i for i in before[-1:] if _APPOSITION.fullmatch(view.text[view.nodes[i].end : node.start])]


def _key(words: str) -> str:
    lower = re.sub(r"[^\w ]", " ", words.lower())
    return " ".join(word[:-1] if word.endswith("s") and len(word) > 3 else word for word in lower.split())


def _capability(view: View, group: list[int]) -> Capability:
    names = list(dict.fromkeys(view.words(view.nodes[index]) for index in group))
    best = max(group, key=lambda index: (_is_name(view.words(view.nodes[index])), -index))
    figures: dict[tuple[int, int], Figure] = {}
    for index in group:
        for q in view.targets(index, "figure"):
            node = view.nodes[q]
            figures[node.start, node.end] = read_figure(view.words(node), node.what or "other", node.start, node.end)
    makers = [slot for index in group for slot in view.slots(index, "maker")]
    holders = {slot.name: slot for index in group for slot in view.slots(index, "holder")}
    slot = view.slot(best)
    # Evidence: only the mentions that say something, else the report's every mention would count.
    telling = [i for i in group if any(view.targets(i, role) for role in ("maker", "holder", "figure"))]
    support = [j for i in telling for j in (i, *(t for role in ("maker", "holder", "figure") for t in view.targets(i, role)))]
    return Capability(
        content_id("k", view.document.report.id, _key(slot.name)), slot, tuple(n for n in names if n != slot.name),
        system_kind(" ".join(names)), makers[0] if makers else None, tuple(holders.values()), tuple(figures.values()),
        max(view.confidence(index) for index in group), view.evidence(support or group[:1]),
    )


def _is_name(words: str) -> bool:
    return bool(re.search(r"[A-Z].*[A-Z]|\d|^[A-Z]", words))


def system_kind(words: str) -> str | None:
    """The kind of a system by its name.

    >>> system_kind("S-400 batteries"), system_kind("Shahed drones")
    ('air defence', 'drone')
    """
    return next((kind for kind, pattern in _kinds() if pattern.search(words.lower())), None)


@functools.cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((str(kind), word_pattern(terms)) for kind, terms in load("systems.yaml")["kinds"].items())
