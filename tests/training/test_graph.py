"""The annotation format: what it refuses, and says so; the overlap check; scores of a perfect reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from training.graph import GraphError, load, parse
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
