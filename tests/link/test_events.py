"""Mentions of one event joined; what differs stays apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.link.build import document
from tocsin.code import read_records
from tocsin.link import Linker
from tocsin.link.events import _stem
from tocsin.model import Document, Event

LINKER = Linker.load()


def linked(source: str) -> Document:
    base = document("# report id=x published=2024-11-18\n" + source)
    return LINKER.link(read_records(replace(base, times=())))


def events(source: str) -> list[Event]:
    return list(linked(source).events or ())


ATTACK = "S Gunmen attacked a convoy in Mali.\nactor [Gunmen] armed-group\nactor [convoy] military\nplace [Mali]\nevent [attacked] ASSAULT actor=[Gunmen] recipient=[convoy] place=[Mali]\n"


def test_a_nominal_mention_is_joined_by_its_edge() -> None:
    (event,) = events(ATTACK + "S The attack killed five.\nquantity [five] deaths\nevent [attack] ASSAULT same=[attacked]@-1 figure=[five]\n")
    assert [spot.quote for spot in event.mentions] == ["attacked", "attack"]
    assert [slot.quote for slot in event.actors] == ["Gunmen"]
    assert [figure.text for figure in event.figures] == ["five"]
    assert {spot.quote for spot in event.evidence} >= {"attack killed five"}


def test_the_first_mention_decides_on_the_standing() -> None:
    (event,) = events(ATTACK.replace("ASSAULT", "ASSAULT attributed") + "S The attack shocked all.\nevent [attack] ASSAULT same=[attacked]@-1\n")
    assert event.factuality == "attributed"


@pytest.mark.parametrize("value", ["denied", "did-not-happen", "planned", "possible", "conditional"])
def test_what_happened_is_never_joined_with_what_did_not(value: str) -> None:
    found = events(ATTACK + f"S The army spoke of the attack.\nevent [attack] ASSAULT {value} same=[attacked]@-1\n")
    assert len(found) == 2
    assert found[0].factuality == "asserted"


SECOND = "S Gunmen attacked the convoy.\nactor [Gunmen] armed-group\nactor [convoy] military\nevent [attacked] ASSAULT {factuality} actor=[Gunmen] recipient=[convoy] {more}\n"


def test_the_same_words_with_the_same_sides_are_one_event() -> None:
    (event,) = events(ATTACK.replace("a convoy", "the convoy") + SECOND.format(factuality="asserted", more=""))
    assert len(event.mentions) == 2
    assert event.place is not None


@pytest.mark.parametrize(
    "second",
    [
        SECOND.format(factuality="attributed", more=""),
        SECOND.format(factuality="asserted", more="").replace("attacked", "shelled"),
        "S Soldiers attacked the convoy.\nactor [Soldiers] military\nactor [convoy] military\nevent [attacked] ASSAULT actor=[Soldiers] recipient=[convoy]\n",
        "S Gunmen attacked a village.\nactor [Gunmen] armed-group\nactor [village] public\nevent [attacked] ASSAULT actor=[Gunmen] recipient=[village]\n",
        "S Gunmen attacked the convoy in Niger.\nactor [Gunmen] armed-group\nactor [convoy] military\nplace [Niger]\nevent [attacked] ASSAULT actor=[Gunmen] recipient=[convoy] place=[Niger]\n",
        "S The attacked fled.\nevent [attacked] ASSAULT\n",
    ],
    ids=["factuality", "trigger", "actor", "recipient", "place", "nobody shared"],
)
def test_what_differs_stays_apart(second: str) -> None:
    assert len(events(ATTACK + second)) == 2


def test_different_figures_stay_apart() -> None:
    one = "S Gunmen killed five.\nactor [Gunmen] armed-group\nquantity [five] deaths\nevent [killed] ASSAULT actor=[Gunmen] figure=[five]\n"
    assert len(events(one + one.replace("five", "nine"))) == 2


def test_claims_lead_to_the_event_that_is_left() -> None:
    result = linked(
        ATTACK + "S Police said the attack was over.\nactor [Police] government\nevent [attack] ASSAULT same=[attacked]@-1\n"
        "cue [said] assessment holder=[Police] content=[the attack was over]\n"
    )
    (event,) = result.events or ()
    (claim,) = result.claims or ()
    assert claim.events == (event.id,)


def test_empty_roles_are_filled_and_full_ones_kept() -> None:
    source = (
        "S A convoy was attacked.\nactor [convoy] military\nevent [attacked] ASSAULT recipient=[convoy]\n"
        "S Rebels carried out the attack on civilians.\nactor [Rebels] armed-group\nactor [civilians] public\n"
        "event [attack] ASSAULT same=[attacked]@-1 actor=[Rebels] recipient=[civilians]\n"
    )
    (event,) = events(source)
    assert [slot.quote for slot in event.actors] == ["Rebels"]
    assert [slot.quote for slot in event.recipients] == ["convoy"]


@pytest.mark.parametrize(
    ("one", "two"),
    [("attacked", "attack"), ("deployed", "deployment"), ("deploying", "deploy"), ("shelling", "shelled"), ("invasions", "invasion"), ("struck", "struck"),
     ("bombed", "bombing"), ("seizes", "seized")],
)
def test_stems(one: str, two: str) -> None:
    assert _stem(one) == _stem(two)
