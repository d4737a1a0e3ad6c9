from __future__ import annotations

from dataclasses import replace

from tocsin.link.permissions import joined
from tocsin.model import Actor, Document, Evidence, Permission, Report, Scope, Slot

TEXT = "Washington let Kyiv fire. The United States had withheld that from Ukraine. The permission came late."


def actor(key: str, name: str, country: str) -> Actor:
    return Actor(key, name, "state", country, "GOV", None, (), (), 1.0, ())


def slot(key: str, words: str) -> Slot:
    start = TEXT.index(words)
    return Slot(key, words, start, start + len(words), words)


def permission(key: str, grantor: Slot | None, grantee: Slot | None, change: str, state: str, words: str) -> Permission:
    start = TEXT.index(words)
    evidence = (Evidence.at(TEXT, start, start + len(words)),)
    return Permission(key, grantor, grantee, None, None, Scope(None, ()), state, change, None, None, "asserted", 1.0, evidence)


GIVEN = permission("p1", slot("gov", "Washington"), slot("kyiv", "Kyiv"), "granted", "permitted", "let")
WITHHELD = permission("p2", slot("usa", "United States"), slot("ukr", "Ukraine"), "withheld", "not permitted", "withheld")
MENTIONED = permission("p3", None, None, "granted", "undecided", "permission")
DOCUMENT = Document(
    Report.of(TEXT),
    actors=(
        actor("gov", "United States", "USA"), actor("usa", "United States", "USA"), actor("kyiv", "Ukraine", "UKR"),
        actor("ukr", "Ukraine", "UKR"),
    ),
)


def test_what_was_withheld_before_is_replaced_and_a_bare_mention_joins() -> None:
    found = joined(replace(DOCUMENT, permissions=(GIVEN, WITHHELD, MENTIONED))).permissions
    assert found is not None
    assert [(p.id, p.replaces) for p in found] == [("p1", "p2"), ("p2", None)]
    assert [e.quote for e in found[0].evidence] == ["let", "permission"]


def test_another_grantee_stays_apart() -> None:
    other = replace(GIVEN, id="p4", grantee=Slot("pol", "Poland", None, None, None, True))
    found = joined(replace(DOCUMENT, permissions=(GIVEN, other))).permissions
    assert found is not None
    assert len(found) == 2


def test_nobody_permits_itself() -> None:
    odd = replace(GIVEN, grantee=GIVEN.grantor)
    found = joined(replace(DOCUMENT, permissions=(odd,))).permissions
    assert found is not None
    assert found[0].grantee is None
