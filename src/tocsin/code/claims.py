"""Graph → claims: for each cue with a content, who holds it, what it says, how surely."""

from __future__ import annotations

from tocsin.code.events import events_in
from tocsin.code.view import View, named
from tocsin.model import Claim, content_id


def read_claims(view: View) -> tuple[Claim, ...]:
    """One claim for each holder of each cue that has a content; claims without a named holder have an unnamed one."""
    found = []
    for cue in view.of_kind("cue"):
        content, node = view.clause(cue, "content"), view.nodes[cue]
        if content is None or named(node.factuality) == "did not happen":  # "did not say that …" claims nothing
            continue
        kind = node.claim or "assessment"
        certainty = "denied" if kind == "denial" else named(node.certainty) or "attributed"
        proposition = view.words(content)
        evidence = view.evidence([cue, *view.targets(cue, "actor"), view.index(content)])
        found += [
            Claim(
                content_id("c", view.document.report.id, holder.start, node.start, content.start, content.end), holder,
                proposition, kind, certainty, view.terms(content.start, content.end, "hedges"), events_in(view, content),
                view.confidence(cue), evidence,
            )
            for holder in view.cue_holders(cue)
        ]
    return tuple(found)
