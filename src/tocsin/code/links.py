"""Graph → links: cause or reason → effect, where the text has a causal signal. "Before" is not "because"."""

from __future__ import annotations

from tocsin.code.events import event_id
from tocsin.code.view import View, named
from tocsin.model import Link, LinkEnd, Node, content_id


def read_links(view: View) -> tuple[Link, ...]:
    """One for each causal signal of which both ends were found."""
    found = []
    for index in view.of_kind("link"):
        cause, effect = view.clause(index, "cause"), view.clause(index, "effect")
        if cause is None or effect is None or cause == effect:
            continue
        node = view.nodes[index]
        found.append(
            Link(
                content_id("i", view.document.report.id, node.start, cause.start, effect.start), node.relation or "cause",
                _end(view, cause), _end(view, effect), node.sign or "positive", named(node.factuality) or "asserted",
                view.first(index, "actor") or view.holder(index), view.confidence(index),
                view.evidence([index, view.index(cause), view.index(effect)]),
            )
        )
    return tuple(found)


def _end(view: View, clause: Node) -> LinkEnd:
    act = view.main_act(clause)
    event = event_id(view, act) if act is not None else None
    return LinkEnd(view.words(clause), clause.start, clause.end, event)
