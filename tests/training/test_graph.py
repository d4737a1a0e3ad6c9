"""The annotation format: what it refuses, and says so; the overlap check; scores of a perfect reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from training.canon import canonical
from training.graph import AnnotatedReport, GraphError, dump, load, parse
from training.overlap import OverlapError, refuse_overlap
from training.score import macro_f1

ROOT = Path(__file__).parents[2]
HEAD = "# report id=x published=2024-01-01\nS The army shelled the town and the town burned.\n"

REFUSED = [
    ("actor [navy]", "'navy' (number 1) does not stand in the sentence"),
    ("actor [town]#3", "(number 3) does not stand"),
    ("person [army]", "unknown kind 'person'; allowed: S, P, actor"),
    ("actor army", "come the words in [brackets]"),
    ("actor [army] soldierly", "'soldierly' is no value of a actor"),
    ("event [shelled] ASSAULT/visitation", "mode='visitation'; allowed: -, visit"),
    ("event [shelled] standing=former", "a event has no attribute 'standing'"),
    ("event [shelled] actor=[army]", "no actor is annotated on exactly these words"),
    ("event [shelled] grantor=[army]", "no actor is annotated"),
    ("actor [army] place=[town]", "a actor has no place"),
    ("event [shelled] content=[the town]", "a event has no content"),
    ("event [shelled] victim=[town]", "unknown role 'victim'; allowed: actor, recipient"),
    ("actor [army]\nactor [The army]", "overlaps actor"),
    ("event [army shelled the town and the]", "a trigger has at most five words"),
    ("actor [army]@-1", "outside the report"),
    ("actor [army ... navy]", "'navy' does not follow 'army'"),
]


@pytest.mark.parametrize(("lines", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_with_place_and_reason(lines: str, message: str) -> None:
    with pytest.raises(GraphError, match=re.escape(message)) as caught:
        parse(HEAD + lines, "file.graph")
    assert "file.graph:" in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(GraphError) as caught:
        parse(HEAD + "actor [navy]\nactor [fleet]", "file.graph")
    assert len(str(caught.value).splitlines()) == 2


def test_references() -> None:
    (report,) = parse(
        HEAD
        + "place [town]#2\nS It fled.\nactor [It] military\nevent [fled] RETREAT/withdraw did-not-happen actor=[It] place=[town]#2@-1\n"
    )
    assert [(role, report.nodes[thing].quote(report.text)) for _, thing, role in report.edges] == [("actor", "It"), ("place", "town")]
    assert report.nodes[0].start == report.text.rindex("the town") + 4


def test_the_corpus_obeys_the_format_and_its_ids_are_single() -> None:
    reports = load(sorted((ROOT / "training/corpus").glob("*.graph")))
    assert sum(len(report.sentences) for report in reports) >= 400


def test_overlap_is_refused(tmp_path: Path) -> None:
    held_out = tmp_path / "held.jsonl"
    held_out.write_text('{"tokens": ["The", "junta", "barred", "the", "envoy", "from", "Niamey", "on", "Friday", "."]}\n')
    refuse_overlap(["The junta barred the envoy from Bamako on Friday."], [held_out])
    with pytest.raises(OverlapError, match=r"held\.jsonl: "):
        refuse_overlap(["Yesterday, the junta barred the envoy from Niamey on Friday!"], [held_out])


def test_our_corpus_shares_no_run_of_words_with_our_gold() -> None:
    reports = load(sorted((ROOT / "training/corpus").glob("*.graph")))
    files = [*sorted((ROOT / "tests/gold").glob("*.graph")), *sorted((ROOT / "examples").glob("*.txt"))]
    refuse_overlap([report.text for report in reports], files)


def test_macro_f1_counts_each_label_alike() -> None:
    from collections import Counter

    assert macro_f1(Counter({("a", "a"): 98, ("b", "b"): 1, ("b", "a"): 1})) == pytest.approx((2 * 98 / 197 + 2 / 3) / 2)


def _key(report: AnnotatedReport) -> tuple[object, ...]:
    place = [(node.kind, node.start, node.end) for node in report.nodes]
    return (
        report.id, report.meta, report.text, report.sentences,
        {(p, node.country, *sorted(node.attributes.items())) for p, node in zip(place, report.nodes, strict=True)},
        {(place[hub], place[thing], role) for hub, thing, role in report.edges},
        {(place[hub], start, end, role) for hub, start, end, role in report.clauses},
    )


@pytest.mark.parametrize("path", sorted([*(ROOT / "training/corpus").glob("*.graph"), *(ROOT / "tests/gold").glob("*.graph")]), ids=lambda path: path.name)
def test_what_is_written_is_read_back(path: Path) -> None:
    reports = load([path])
    assert [_key(report) for report in parse(dump(reports))] == [_key(report) for report in reports]


def test_a_clause_with_dots_of_its_own_is_quoted() -> None:
    report = parse(HEAD + "S He said we wait ... and then wait again.\ncue [said] content=[we wait ... wait]\n")[0]
    report.clauses = [(0, report.text.index("we wait"), len(report.text) - 1, "content")]
    assert parse(dump([report]))[0].clauses == report.clauses


SPANS = [
    ("actor", "Mr Orr left.", "Mr Orr", "Orr", "person"),
    ("actor", "It named General Wu Qian.", "General Wu Qian", "Wu Qian", "person"),
    ("actor", "His wife left.", "His wife", "wife", "person"),
    ("place", "It sits in The Hague now.", "The Hague", "The Hague", ""),
    ("place", "The Hague waits.", "The Hague", "The Hague", ""),
    ("time", "It fell on Sunday.", "on Sunday", "Sunday", ""),
    ("time", "It held since the spring.", "spring", "since the spring", ""),
    ("time", "It works from now on.", "from now on", "from now on", ""),
    ("system", "Two H-6K bombers flew.", "H-6K bombers", "H-6K", ""),
    ("system", "Two F-16 fighters flew.", "F-16 fighters", "F-16", ""),
    ("system", "Two Russian tankers sank.", "Russian tankers", "Russian tankers", ""),
    ("system", "The 30 mm gun jammed.", "30 mm gun", "30 mm gun", ""),
    ("office", "The acting president left.", "acting president", "president", ""),
    ("cue", "He is said to wait.", "is said", "said", ""),
    ("quantity", "It lost three batteries.", "three batteries", "three", "systems"),
    ("quantity", "It killed at least 36 people and a dog.", "at least 36 people", "at least 36 people", "deaths"),
    ("quantity", "It killed sixteen civilians.", "sixteen", "sixteen civilians", "deaths"),
    ("quantity", "It killed 12 men.", "12", "12 men", "deaths"),
    ("quantity", "It flew 300 kilometers.", "300 kilometers", "300 kilometers", "range"),
]


@pytest.mark.parametrize(("kind", "sentence", "span", "wanted", "value"), SPANS, ids=[case[2] for case in SPANS])
def test_spans_are_put_right(kind: str, sentence: str, span: str, wanted: str, value: str) -> None:
    report = parse(f"# report id=x published=2024-01-01\nS {sentence}\n{kind} [{span}] {value}\n")[0]
    changed = canonical(report)
    assert report.nodes[0].quote(report.text) == wanted
    assert changed == (span != wanted)
    assert canonical(report) == 0
    if kind == "office":
        assert report.nodes[0].attributes["standing"] == "acting"


def test_a_span_that_would_meet_another_stays() -> None:
    report = parse("# report id=x published=2024-01-01\nS It held since May.\ntime [May]\ntime [since]\n")[0]
    assert canonical(report) == 0


def test_modes_that_plover_does_not_give_the_type_go() -> None:
    report = parse(HEAD + "event [shelled] AID/weapons\nevent [burned] ASSAULT/destroy\n")[0]
    assert canonical(report) == 1
    assert [node.attributes.get("mode") for node in report.nodes] == [None, "destroy"]
