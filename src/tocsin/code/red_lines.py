"""Graph → red lines: threats with a condition or drawn as a line; who, to whom, if what, what then, how firmly."""

from __future__ import annotations

import re
from dataclasses import replace

from tocsin.code.view import View
from tocsin.model import Ambiguity, Clause, Force, Node, RedLine, Slot, StatusEntry, content_id
from tocsin.ontology import load

_LINE = re.compile(r"\bred[ -]?lines?\b|\bultimat", re.IGNORECASE)
_LEVELS = (
    ("leader", r"president|prime minister|chancellor|king|emir|supreme leader|premier|monarch|sultan|crown prince|head of state"),
    ("ministry", r"minist|secretary of|department|foreign office|state department|envoy|ambassador"),
    ("legislator", r"lawmaker|senator|deput(?:y|ies)\b|parliament|congress|speaker|member of parliament|\bmp\b"),
    ("media", r"newspaper|television|broadcaster|agency|editorial|state media"),
    ("military", r"general|admiral|commander|army|navy|military|chief of staff|forces|guard"),
)


def read_red_lines(view: View) -> tuple[RedLine, ...]:
    """One for each threat that has a condition, or that the report itself calls a red line or an ultimatum; two
    triggers of one threat ("warned of a red line") make one."""
    found: list[RedLine] = []
    for index in view.of_kind("threat"):
        if _is_line(view, index):
            lines = [_red_line(view, index, issuer) for issuer in view.slots(index, "actor") or (view.holder(index),)]
            twin = next((i for i, other in enumerate(found) if _one(other, lines[0])), None)
            if twin is None:
                found += lines  # several issuers: one line each
            else:
                found[twin] = _join(found[twin], lines[0])
    return tuple(found)


def _is_line(view: View, index: int) -> bool:
    """Whether a threat has a condition or is called a line; one that the model is unsure of must show it in its words."""
    node, condition, consequence = view.nodes[index], view.clause(index, "condition"), view.clause(index, "consequence")
    if _LINE.search(view.words(node)):
        return True
    if condition is None:
        return False
    before = max(view.sentence(condition.start)[0], condition.start - 20)
    return (
        node.confidence >= load("hedges.yaml")["sure_threat"]
        or bool(view.terms(before, min(condition.end, condition.start + 12), "positive_condition"))
        or bool(view.terms(before, condition.end, "negative_condition"))
        or any(
            view.terms(consequence.start, consequence.end, terms)
            for terms in ("vague_consequences", "concrete_consequences") if consequence is not None
        )
    )


def _one(one: RedLine, two: RedLine) -> bool:
    """Whether two threats share their condition, by overlapping words."""
    if one.condition is None or two.condition is None:
        return False
    return one.condition.start < two.condition.end and two.condition.start < one.condition.end


def _join(one: RedLine, two: RedLine) -> RedLine:
    """The shorter condition, which leaves out the words of the threat itself; the rest from whichever tells it."""
    assert one.condition is not None
    assert two.condition is not None
    fuller = two if one.consequence is None and two.consequence is not None else one
    shorter = min(one.condition, two.condition, key=lambda clause: clause.end - clause.start)
    return replace(
        fuller, id=one.id, condition=shorter, issuer=one.issuer or two.issuer, issuer_level=one.issuer_level or two.issuer_level,
        addressees=one.addressees or two.addressees, wordings=tuple(dict.fromkeys(one.wordings + two.wordings)),
        evidence=tuple(dict.fromkeys(one.evidence + two.evidence)),
    )


def _red_line(view: View, index: int, issuer: Slot | None) -> RedLine:
    node = view.nodes[index]
    condition, consequence = view.clause(index, "condition"), view.clause(index, "consequence")
    aim = node.aim or "deterrent"
    start, end = view.sentence(node.start)
    parts = [node, *(clause for clause in (condition, consequence) if clause)]
    hedges = tuple(dict.fromkeys(term for part in parts for term in view.terms(part.start, part.end, "threat_hedges")))
    repeated = bool(view.terms(start, end, "repeated"))
    wording = view.evidence([index, *(view.index(part) for part in parts[1:])])
    vague = consequence is not None and not _named(view, consequence)
    status = "reaffirmed" if repeated else "issued"
    when = view.past(view.when(index))  # a deadline is no date of issue
    date = when.edtf if when else view.document.report.published
    return RedLine(
        id=content_id("l", view.document.report.id, node.start, node.end, issuer and issuer.start), issuer=issuer,
        issuer_level=issuer_level(view, index), addressees=view.slots(index, "recipient"),
        condition=_condition(view, condition, aim), consequence=_consequence(view, consequence), aim=aim,
        force=Force(hedges, consequence is not None and not hedges, _quoted(view, parts[-1]), repeated),
        ambiguity=Ambiguity(
            _threshold(view, condition, hedges), "not stated" if consequence is None else "vague" if vague else "clear"
        ),
        wordings=wording, status=status, status_log=(StatusEntry(status, date, wording),),
        confidence=view.confidence(index), evidence=view.around(index),
    )


def _parts(view: View, clause: Node) -> tuple[Slot | None, str | None, Slot | None, Slot | None, Slot | None]:
    """Actor, act, means, place and target of a clause, from the happening in it."""
    act = view.main_act(clause)
    if act is None:
        return None, None, None, None, None
    return (
        view.first(act, "actor"), view.words(view.nodes[act]), view.first(act, "instrument"), view.first(act, "place"),
        view.first(act, "recipient"),
    )


def _condition(view: View, clause: Node | None, aim: str) -> Clause | None:
    if clause is None:
        return None
    actor, act, means, place, target = _parts(view, clause)
    polarity = "does not happen" if _negative(view, clause, aim) else "happens"
    return Clause(view.words(clause), clause.start, clause.end, actor, act, means, place, target, polarity)


def _negative(view: View, clause: Node, aim: str) -> bool:
    """Whether the threat follows when the act of the condition does not happen: by the words before and in it, else by
    the aim (a demand without an *if* is to be met)."""
    start, _ = view.sentence(clause.start)
    before = max(start, clause.start - 20)
    if view.terms(before, clause.end, "negative_condition"):
        return True
    return aim == "compellent" and not view.terms(before, min(clause.end, clause.start + 12), "positive_condition")


def _consequence(view: View, clause: Node | None) -> Clause | None:
    if clause is None:
        return None
    actor, act, means, place, target = _parts(view, clause)
    return Clause(
        view.words(clause), clause.start, clause.end, actor, act, means, place, target, named=_named(view, clause)
    )


def _named(view: View, clause: Node) -> bool:
    """Whether the consequence names an act rather than *consequences*, *a response*, *a price*."""
    if view.terms(clause.start, clause.end, "concrete_consequences"):
        return True
    return bool(view.inside(clause, "event")) and not view.terms(clause.start, clause.end, "vague_consequences")


def _threshold(view: View, condition: Node | None, hedges: tuple[str, ...]) -> str:
    if condition is None:
        return "not stated"
    return "clear" if view.main_act(condition) is not None and not hedges else "vague"


def _quoted(view: View, clause: Node) -> bool:
    """Whether the words stand inside quotation marks."""
    before = view.text[max(0, clause.start - 400) : clause.start]
    curly = before.count("“") > before.count("”")
    start, _ = view.sentence(clause.start)
    return curly or view.text[start : clause.start].count('"') % 2 == 1


def issuer_level(view: View, index: int) -> str | None:
    """How high the issuer stands, from the words of the issuer and of the office beside the name."""
    issuers = view.targets(index, "actor")
    if not issuers:
        return None
    node = view.nodes[issuers[0]]
    offices = [view.words(view.nodes[o]) for o in view.of_kind("office") if issuers[0] in view.targets(o, "person")]
    words = " ".join([*offices, view.words(node)]).lower()
    for level, pattern in _LEVELS:
        if re.search(pattern, words):
            return level
    by_kind = {"state": "government", "government": "government", "military": "military", "armed-group": "armed group",
               "media": "media", "unnamed": "unnamed", "organisation": "organisation"}
    return by_kind.get(node.actor_kind or "")


