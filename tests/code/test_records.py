"""The rules on gold graphs: what each record must say, and what must never be told as having happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.code import read_records
from tocsin.model import Document
from training.gold import gold_document
from training.graph import AnnotatedReport, load, parse

ROOT = Path(__file__).parents[2]
GOLD = load(sorted((ROOT / "tests/gold").glob("*.graph")))
CORPUS = load(sorted((ROOT / "training/corpus").glob("*.graph")))


def read(annotated: str) -> Document:
    (report,) = parse("# report id=x published=2024-11-18\n" + annotated)
    return read_records(gold_document(report))


PERMIT = """S Washington has let Kyiv fire the missiles into Russia, two officials said.
actor [Washington] government GOV USA
actor [Kyiv] government GOV UKR
system [missiles]
place [Russia]
actor [two officials] unnamed
permit [let] CONCEDE granted grantor=[Washington] grantee=[Kyiv] system=[missiles] place=[Russia] act=[fire ... Russia]
event [fire] ASSAULT/heavy-weapons asserted actor=[Kyiv] instrument=[missiles] place=[Russia]
cue [said] assessment holder=[two officials] content=[Washington ... Russia]
"""


def test_a_permission_is_not_the_thing_permitted() -> None:
    document = read(PERMIT)
    assert document.permissions is not None
    assert document.events is not None
    (permission,) = document.permissions
    assert (permission.grantor and permission.grantor.name) == "Washington"
    assert (permission.grantee and permission.grantee.name) == "Kyiv"
    assert (permission.system and permission.system.name) == "missiles"
    assert (permission.state, permission.change) == ("permitted", "granted")
    assert permission.act is not None
    assert permission.act.quote == "fire the missiles into Russia"
    fire = next(event for event in document.events if event.type == "ASSAULT")
    assert fire.factuality == "planned"  # though the graph says asserted: it stands in the act of a permission
    assert fire.holder is not None
    assert fire.holder.name == "two officials"


THREAT = """S If NATO lifts the limits, Moscow will answer with missiles, the Kremlin warned again.
actor [NATO] organisation IGO
actor [Moscow] government GOV RUS
actor [Kremlin] government GOV RUS
system [missiles]
withhold [limits] asserted
event [lifts] CONCEDE conditional actor=[NATO]
event [answer] ASSAULT asserted actor=[Moscow] recipient=[NATO] instrument=[missiles]
threat [warned] THREATEN/violence deterrent issuer=[Kremlin] addressee=[NATO] condition=[NATO lifts the limits] consequence=[Moscow will answer with missiles]
"""


def test_a_red_line_holds_both_quotes_and_its_acts_did_not_happen() -> None:
    document = read(THREAT)
    assert document.red_lines is not None
    assert document.events is not None
    (line,) = document.red_lines
    assert line.issuer is not None
    assert line.issuer.name == "Kremlin"
    assert [slot.name for slot in line.addressees] == ["NATO"]
    assert line.condition is not None
    assert line.condition.quote == "NATO lifts the limits"
    assert line.condition.polarity == "happens"
    assert line.consequence is not None
    assert line.consequence.quote == "Moscow will answer with missiles"
    assert (line.aim, line.status, line.force.repeated) == ("deterrent", "reaffirmed", True)
    answer = next(event for event in document.events if event.type == "ASSAULT")
    assert answer.factuality == "conditional"


def test_a_feared_act_never_becomes_a_fact() -> None:
    document = read(
        """S Leaders in Kyiv fear that Trump cut the aid.
actor [Leaders in Kyiv] person GOV UKR
actor [Trump] person GOV USA
cue [fear] prediction certainty=possible holder=[Leaders in Kyiv] content=[Trump cut the aid]
event [cut] SANCTION/discontinue asserted actor=[Trump]
"""
    )
    assert document.events is not None
    assert document.claims is not None
    assert [event.factuality for event in document.events] == ["possible"]
    assert [(claim.kind, claim.certainty) for claim in document.claims] == [("prediction", "possible")]


def test_a_claim_without_a_holder_has_an_unnamed_one() -> None:
    document = read(
        """S Russia has reportedly moved its bombers.
actor [Russia] state RUS
system [bombers] holder=[Russia]
cue [reportedly] certainty=reported content=[Russia has ... bombers]
event [moved] MOBILIZE/weapons reported actor=[Russia] instrument=[bombers]
"""
    )
    assert document.claims is not None
    assert document.capabilities is not None
    assert document.claims[0].holder is not None
    assert document.claims[0].holder.implied
    assert [slot.name for slot in document.capabilities[0].holders] == ["Russia"]


@pytest.mark.parametrize("report", GOLD + CORPUS, ids=lambda report: report.id)
def test_every_quote_is_the_text(report: AnnotatedReport) -> None:
    document = read_records(gold_document(report))
    text = document.report.text

    def check(value: object) -> None:
        if isinstance(value, dict):
            quote = value.get("quote")
            if quote is not None and value.get("start") is not None:
                assert quote == text[value["start"] : value["end"]]
            for item in value.values():
                check(item)
        elif isinstance(value, list):
            for item in value:
                check(item)

    data = document.to_dict()
    check(data)
    assert Document.from_dict(data).to_dict() == data
    ids = [record.id for _, record in document.records()]
    assert len(ids) == len(set(ids)), "an id is given twice"


def test_what_is_permitted_threatened_or_feared_is_never_firm() -> None:
    """The first promise, over the whole corpus: no act inside a permission, condition or consequence is told as fact
    unless the annotator says that it happened besides."""
    firm = {"asserted", "reported", "attributed"}
    for report in GOLD + CORPUS:
        document = read_records(gold_document(report))
        assert document.red_lines is not None
        assert document.permissions is not None
        assert document.events is not None
        clauses = [clause for line in document.red_lines for clause in (line.condition, line.consequence) if clause]
        spans = [(clause.start, clause.end) for clause in clauses]
        spans += [(p.act.start, p.act.end) for p in document.permissions if p.act]
        for event in document.events:
            mention = event.mentions[0]
            if any(start <= mention.start and mention.end <= end for start, end in spans):
                assert event.factuality not in firm, (report.id, mention)


CONDITIONS = [
    ("unless Kavon signs the treaty, it will face war", "Kavon signs the treaty", "compellent", "does not happen"),
    ("if Kavon drags on the talks, it will face war", "Kavon drags on the talks", "compellent", "happens"),
    ("if Kavon does not sign the treaty, it will face war", "Kavon does not sign the treaty", "compellent", "does not happen"),
    ("Kavon must sign the treaty or it will face war", "sign the treaty", "compellent", "does not happen"),
    ("any raid by Kavon will be met with war", "any raid by Kavon", "deterrent", "happens"),
    ("should Kavon sign the treaty, it will face war", "Kavon sign the treaty", "deterrent", "happens"),
]


@pytest.mark.parametrize(("words", "condition", "aim", "polarity"), CONDITIONS, ids=[case[0] for case in CONDITIONS])
def test_what_the_condition_turns_on(words: str, condition: str, aim: str, polarity: str) -> None:
    document = read(
        f"S Oruba warned that {words}.\nactor [Oruba] state\n"
        f"threat [warned] THREATEN/violence {aim} issuer=[Oruba] condition=[{condition}] consequence=[war]\n"
    )
    assert document.red_lines is not None
    assert document.red_lines[0].condition is not None
    assert document.red_lines[0].condition.polarity == polarity
    assert document.red_lines[0].ambiguity.consequence == "clear"


def test_two_issuers_make_two_lines_and_two_triggers_one() -> None:
    document = read(
        """S Mali and Benin warned that any raid would cross a red line and bring a response.
actor [Mali] state
actor [Benin] state
threat [warned] THREATEN deterrent issuer=[Mali]+[Benin] condition=[any raid] consequence=[bring a response]
threat [red line] THREATEN deterrent condition=[any raid]
"""
    )
    assert document.red_lines is not None
    assert [line.issuer and line.issuer.name for line in document.red_lines] == ["Mali", "Benin"]
    assert document.red_lines[0].ambiguity.consequence == "vague"


def test_what_was_not_said_is_no_claim_and_may_is_a_month() -> None:
    document = read(
        """S He did not say that troops left on May 3, but his aide said that they fled on May 4.
actor [He] person
actor [his aide] person
cue [say] did-not-happen holder=[He] content=[troops left on May 3]
cue [said] holder=[his aide] content=[they fled on May 4]
"""
    )
    assert document.claims is not None
    assert [(claim.proposition, claim.hedges) for claim in document.claims] == [("they fled on May 4", ())]


NET = [
    ("The bloc has not yet fought the junta.", "fought", "did not happen"),
    ("Nobody died last week.", "died", "did not happen"),
    ("They failed to seize the town.", "seize", "did not happen"),
    ("The bloc will attack the junta.", "attack", "planned"),
    ("The bloc may soon attack the junta.", "attack", "possible"),
    ("The bloc would never have attacked.", "attacked", "did not happen"),
    ("The bloc not only shelled the town.", "shelled", "asserted"),
    ("The bloc did not hide that it shelled the town.", "shelled", "asserted"),
    ("The willing bloc shelled the town.", "shelled", "asserted"),
]


@pytest.mark.parametrize(("sentence", "trigger", "factuality"), NET, ids=[case[0] for case in NET])
def test_the_net_under_the_model(sentence: str, trigger: str, factuality: str) -> None:
    document = read(f"S {sentence}\nevent [{trigger}] ASSAULT asserted\n")
    assert document.events is not None
    assert document.events[0].factuality == factuality


def test_a_short_name_in_apposition_is_the_same_system() -> None:
    document = read(
        """S Kyiv got the Army Tactical Missile System, or ATACMS, and the Patriot (MIM104) from Washington.
actor [Kyiv] government UKR
system [Army Tactical Missile System] holder=[Kyiv]
system [ATACMS] holder=[Kyiv]
system [Patriot] holder=[Kyiv]
system [MIM104]
"""
    )
    assert document.capabilities is not None
    assert [(c.system.name, c.aliases) for c in document.capabilities] == [
        ("Army Tactical Missile System", ("ATACMS",)), ("Patriot", ("MIM104",)),
    ]


@pytest.mark.parametrize(
    ("words", "edtf", "since"),
    [
        ("since May", "2024-05/2024-11-18", "2024-05"), ("until May 31", "../2025-05-31", None),
        ("last week", "2024-11-11/2024-11-17", "2024-11-11"), ("next June", "2025-06", None),
    ],
)
def test_since_when_a_permission_holds(words: str, edtf: str, since: str | None) -> None:
    from dataclasses import replace

    from tocsin.model import Time, When

    text = f"# report id=x published=2024-11-18\nS Oslo let them fish {words}.\ntime [{words}]\nactor [Oslo] government\n"
    (report,) = parse(text + f"permit [let] granted grantor=[Oslo] act=[fish] time=[{words}]\n")
    start = report.text.index(words)
    time = Time(start, start + len(words), words, When(edtf, "counted"))
    document = read_records(replace(gold_document(report), times=(time,)))
    assert document.permissions is not None
    found = document.permissions[0].since
    assert (found.edtf if found else None) == since
