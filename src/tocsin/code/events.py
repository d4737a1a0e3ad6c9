"""Graph → events: one for each happening; what is only permitted, threatened or feared never counts as having happened."""

from __future__ import annotations

import functools
import re

from tocsin.code.figures import read_figure
from tocsin.code.view import HAPPENINGS, View, named
from tocsin.code.words import word_pattern
from tocsin.model import Event, Evidence, Node, content_id
from tocsin.ontology import load

# What a clause makes of the acts in it, whatever the model says of the act alone.
_CLAUSE = {"condition": "conditional", "consequence": "conditional", "act": "planned"}
_FIRM = ("asserted", "reported", "attributed")


def read_events(view: View) -> tuple[Event, ...]:
    """Events in order of the text. A cue is an event where it is an act of its own (accuse, demand, promise)."""
    return tuple(_event(view, index) for index in event_nodes(view))


def event_nodes(view: View) -> list[int]:
    """The nodes that become events."""
    return [index for index in view.of_kind(*HAPPENINGS) if _is_event(view, index)]


def events_in(view: View, clause: Node) -> tuple[str, ...]:
    """The ids of the events whose words lie in a clause."""
    return tuple(event_id(view, index) for index in view.inside(clause, *HAPPENINGS) if _is_event(view, index))


def _is_event(view: View, index: int) -> bool:
    return view.nodes[index].kind != "cue" or named(view.nodes[index].type) is not None


def event_id(view: View, index: int) -> str:
    """The id of the event of this node: its report, words and place in the text."""
    node = view.nodes[index]
    return content_id("e", view.document.report.id, node.start, node.end, node.type)


def _event(view: View, index: int) -> Event:
    node = view.nodes[index]
    type_, mode = plover(node)
    factuality = factuality_of(view, index)
    places = view.slots(index, "place")
    figures = tuple(
        read_figure(view.words(view.nodes[q]), view.nodes[q].what or "other", view.nodes[q].start, view.nodes[q].end)
        for q in view.targets(index, "figure")
    )
    evidence = view.around(index)
    return Event(
        id=event_id(view, index), type=type_, mode=mode, contexts=contexts(view, node), cameo=cameo(type_, mode),
        quad=load("plover")["types"][type_]["quad"] if type_ else None, actors=view.slots(index, "actor"),
        recipients=view.slots(index, "recipient"), affected=view.slots(index, "affected"),
        instruments=view.slots(index, "instrument"), place=places[0] if places else None, when=view.when(index),
        factuality=factuality, polarity="negative" if factuality in ("denied", "did not happen") else "positive",
        holder=view.holder(index), figures=figures, mentions=(Evidence.at(view.text, node.start, node.end),),
        confidence=view.confidence(index), evidence=evidence,
    )


def plover(node: Node) -> tuple[str | None, str | None]:
    """Type and mode; a mode that its type does not have is left out."""
    type_ = named(node.type)
    mode = named(node.mode)
    return type_, mode if type_ and mode in load("plover")["types"][type_]["modes"] else None


def cameo(type_: str | None, mode: str | None) -> str | None:
    """The nearest CAMEO code of a PLOVER type and mode."""
    if type_ is None:
        return None
    codes = load("cameo")["codes"][type_]
    return str(codes.get(mode or "-", codes["-"]))


def factuality_of(view: View, index: int) -> str:
    """The model's value, made weaker where the clause that holds the act says so: a thing permitted is only planned,
    a thing threatened only conditional, what a cue only fears or denies is no more than that; a date after publication or
    the words before the trigger (*has not*, *may*, *will*) weaken it too."""
    node = view.nodes[index]
    value = named(node.factuality) or "asserted"
    if value not in _FIRM:
        return value
    weaker = {_CLAUSE[role] for _, role in view.clauses_over(index, *_CLAUSE)}
    if weaker:
        return min(weaker)  # what is planned within a condition is conditional
    cue = view.cue_over(index)
    if cue is not None:
        certainty = named(view.nodes[cue].certainty)
        if view.nodes[cue].claim == "denial" and value != "asserted":
            return "denied"
        if certainty in ("possible", "speculated", "planned", "conditional", "denied"):
            return certainty
    when = view.when(index)
    if when and view.past(when) is None:
        return "planned"  # it lies after the day of publication
    return _caught(view, node) or value


def _caught(view: View, node: Node) -> str | None:
    """What the words right before the trigger make of it: the net under the model, for verbs (`net` in `hedges.yaml`)."""
    start, _ = view.sentence(node.start)
    before = view.text[max(start, node.start - 60) : node.start].lower()
    exceptions, patterns = _net()
    if exceptions.search(before):
        return None
    return next((value for pattern, value in patterns if pattern.search(before)), None)


@functools.cache
def _net() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    net = load("hedges.yaml")["net"]
    patterns = ((re.compile(pattern.replace("{gap}", net["gap"])), value) for pattern, value in net["patterns"])
    return re.compile(net["exceptions"] + "$"), tuple(patterns)


def contexts(view: View, node: Node) -> tuple[str, ...]:
    """PLOVER contexts whose words stand in the sentence, at most five."""
    start, end = view.sentence(node.start)
    return _contexts(view.text[start:end].lower())


@functools.lru_cache(maxsize=4096)
def _contexts(sentence: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _context_patterns() if pattern.search(sentence))[:5]


@functools.cache
def _context_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((str(name), word_pattern(terms)) for name, terms in load("contexts.yaml").items())

