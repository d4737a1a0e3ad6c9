"""A linked document → the same with one permission where the report speaks of one several times, and with what it replaced.

Two mentions are one permission where nothing that both tell differs: grantor, grantee, system, and whether it was given.
"""

from __future__ import annotations

from dataclasses import replace

from tocsin.model import Document, Permission, Scope, Slot


def joined(document: Document) -> Document:
    """Join mentions of one permission and set `replaces`; the first mention's id is kept."""
    sides = {actor.id: actor.country or actor.id for actor in document.actors or ()}
    kept: list[Permission] = []
    for permission in map(_not_to_itself, document.permissions or ()):
        twin = next((i for i in reversed(range(len(kept))) if _one(kept[i], permission, sides)), None)
        if twin is None:
            kept.append(permission)
        else:
            kept[twin] = _join(kept[twin], permission)
    return replace(document, permissions=tuple(_with_past(permission, kept, sides) for permission in kept))


def _not_to_itself(permission: Permission) -> Permission:
    """Nobody permits itself: a grantee who is the grantor was misread."""
    grantor, grantee = permission.grantor, permission.grantee
    same = grantor is not None and grantee is not None and grantor.id is not None and grantor.id == grantee.id
    return replace(permission, grantee=None) if same else permission


def _side(slot: Slot | None, sides: dict[str, str]) -> str | None:
    """A government and its state are one side."""
    return None if slot is None else sides.get(slot.id or "", slot.name.lower())


def _fits(one: str | None, two: str | None) -> bool:
    return one is None or two is None or one == two


def _given(permission: Permission) -> bool:
    return permission.change in ("granted", "widened")


def _one(one: Permission, two: Permission, sides: dict[str, str]) -> bool:
    """Whether two mentions are one permission; a bare one (*the permission*) joins whatever was given before."""
    bare = two.grantor is None and two.grantee is None
    return (
        _given(one) == _given(two)
        and (one.state == two.state or (bare and two.act is None))
        and (bare or one.grantor is not None or one.grantee is not None)
        and _fits(_side(one.grantor, sides), _side(two.grantor, sides))
        and _fits(_side(one.grantee, sides), _side(two.grantee, sides))
        and _one_system(one.system, two.system)
    )


def _one_system(one: Slot | None, two: Slot | None) -> bool:
    """Unless both are told and neither name holds the other (*missiles*, *long-range missiles*)."""
    if one is None or two is None:
        return True
    names = one.name.lower(), two.name.lower()
    return names[0] in names[1] or names[1] in names[0]


def _join(one: Permission, two: Permission) -> Permission:
    return replace(
        one, grantor=one.grantor or two.grantor, grantee=one.grantee or two.grantee, act=one.act or two.act,
        system=one.system or two.system,
        scope=Scope(one.scope.place or two.scope.place, tuple(dict.fromkeys(one.scope.limits + two.scope.limits))),
        since=one.since or two.since, confidence=max(one.confidence, two.confidence),
        evidence=tuple(dict.fromkeys(one.evidence + two.evidence)),
    )


def _with_past(permission: Permission, all_: list[Permission], sides: dict[str, str]) -> Permission:
    """A permission in force replaces the refusal of the same grantor to the same grantee, wherever the report tells it."""
    if permission.state != "permitted":
        return permission
    for other in all_:
        same_grantor = _side(other.grantor, sides) == _side(permission.grantor, sides) is not None
        if other.state == "not permitted" and same_grantor and _fits(_side(other.grantee, sides), _side(permission.grantee, sides)):
            return replace(permission, replaces=other.id)
    return permission
