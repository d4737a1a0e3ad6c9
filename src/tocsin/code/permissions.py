"""Graph → permissions: who lets whom do what, with what, where, within which limits; or keeps that back."""

from __future__ import annotations

from itertools import product

from tocsin.code.events import factuality_of
from tocsin.code.view import View
from tocsin.model import Permission, Scope, Slot, When, content_id

_UNDECIDED = ("planned", "possible", "speculated")


def read_permissions(view: View) -> tuple[Permission, ...]:
    """One for each pair of grantor and grantee of each `permit` / `withhold`; a word that tells neither a side nor an
    act nor a system makes none."""
    found = (
        _permission(view, index, grantor, grantee)
        for index in view.of_kind("permit", "withhold")
        for grantor, grantee in product(
            view.slots(index, "actor") or (None,), view.slots(index, "recipient") or (_implied_grantee(view, index),)
        )
    )
    return tuple(p for p in found if p.grantor or p.grantee or p.act or p.system)


def _permission(view: View, index: int, grantor: Slot | None, grantee: Slot | None) -> Permission:
    node = view.nodes[index]
    clause = view.clause(index, "act")
    act = view.main_act(clause) if clause else None
    factuality = factuality_of(view, index)
    limits = tuple(view.quote(view.nodes[i]) for i in view.targets(index, "limit") if view.nodes[i].kind == "clause")
    return Permission(
        id=content_id("p", view.document.report.id, node.start, grantor and grantor.start, grantee and grantee.start),
        grantor=grantor, grantee=grantee, act=view.quote(clause) if clause else None,
        system=view.first(index, "instrument") or (view.first(act, "instrument") if act is not None else None),
        scope=Scope(view.first(index, "place") or (view.first(act, "place") if act is not None else None), limits),
        state=state(node.kind, factuality), change=_change(node.kind, node.change), since=_since(view.past(view.when(index))), replaces=None,
        factuality=factuality, confidence=view.confidence(index), evidence=view.around(index),
    )


def _since(when: When | None) -> When | None:
    """The beginning of an interval; what is only an end (*until May 31*) is no beginning."""
    if when is None or when.edtf.startswith(".."):
        return None
    return When(when.edtf.split("/")[0], when.basis)


def _implied_grantee(view: View, index: int) -> Slot | None:
    """Where nobody is named as grantee, whoever does the act that is permitted."""
    clause = view.clause(index, "act")
    act = view.main_act(clause) if clause else None
    return view.first(act, "actor") if act is not None else None


def state(kind: str, factuality: str) -> str:
    """What the permission amounts to, given how sure it is that it was given or kept back.

    >>> state("permit", "asserted"), state("permit", "possible"), state("withhold", "asserted")
    ('permitted', 'undecided', 'not permitted')
    """
    if factuality == "conditional":
        return "conditional"
    if factuality in _UNDECIDED:
        return "undecided"
    given = (kind == "permit") != (factuality in ("denied", "did not happen"))
    return "permitted" if given else "not permitted"


def _change(kind: str, change: str | None) -> str | None:
    """The change, as far as it fits: a thing kept back was not granted."""
    fitting = ("granted", "widened", "narrowed") if kind == "permit" else ("withheld", "refused", "rescinded", "narrowed")
    return change if change in fitting else fitting[0]
