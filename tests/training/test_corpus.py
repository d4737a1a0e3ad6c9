"""The corpus as a product: counts, agreement, review and likeness on small cases; floors, leaks and the page on the whole."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tocsin.annotate.heads import Labels
from training import corpus
from training.agreement import agreement, changed
from training.draw import EXAMPLES, draw, table_of
from training.graph import KINDS, SCHEMA, AnnotatedReport, parse
from training.likeness import diversity, near_duplicates, shared_stories
from training.overlap import OverlapError, held_out_files, refuse_overlap
from training.score import compare
from training.split import is_dev, part, story

DATA = Path(__file__).parents[3] / "shared/data"
with_data = pytest.mark.skipif(not DATA.is_dir(), reason="the public texts are no part of the project")

ONE = """# report id={} published=2024-01-01 crisis=strait-quarrel
S The navy will sink any ship that enters, Admiral Orr warned, unless the ban is lifted.
actor [navy] military MIL ORR
system [ship]
actor [Orr] person MIL ORR
event [enters] COERCE conditional actor=[navy]
threat [warned] THREATEN/violence deterrent issuer=[Orr] condition=[any ship that enters] consequence=[The navy will sink any ship]
withhold [ban] COERCE/restrict withheld grantor=[navy]
cue [lifted] position certainty=planned holder=[Orr] content=[the ban is lifted]
S The rain promised to go on.
"""
TWO = ONE.replace("event [enters] COERCE conditional actor=[navy]\n", "event [enters] COERCE possible\nevent [sink] ASSAULT conditional actor=[navy]\n")


def test_counts() -> None:
    found = corpus.counts(parse(ONE.format("x-1")))
    wanted = {
        "own sentences": 2, "own reports": 1, "crises": 1, "conditional threats": 1, "permissions": 1, "claims with holders": 1,
        "factuality conditional": 1, "sentences without a happening": 1, "false friends of threats": 1,
    }
    assert {key: found[key] for key in wanted} == wanted
    assert found["open sentences"] == 0


def test_both_sides() -> None:
    assert corpus.sides(parse(ONE.format("x-1"))) == [("ORR", 2, 0)]


def test_agreement_of_two_annotators() -> None:
    scores = agreement([(parse(ONE.format("x-1"))[0], parse(TWO.format("x-1"))[0])])
    assert scores["F1 event"] == pytest.approx(2 / 3, abs=1e-4)  # one shared, one more in the second
    assert scores["F1 threat"] == scores["F1 condition"] == scores["F1 actor"] == 1
    assert scores["acc factuality"] < 1
    assert scores["edges of shared nodes"] < 1


def test_agreement_refuses_other_text() -> None:
    with pytest.raises(ValueError, match="x-1: the second annotation has another text"):
        agreement([(parse(ONE.format("x-1"))[0], parse(ONE.format("x-1").replace("rain", "snow"))[0])])


def test_a_report_agrees_with_itself() -> None:
    scores = agreement([(report, report) for report in parse(ONE.format("x-1"))])
    for key in ("F1 actor", "overlap actor", "F1 threat", "F1 consequence", "F1 edge actor", "type", "dyad", "acc factuality", "kappa factuality"):
        assert scores[key] == 1, key
    assert compare([], Labels.of(SCHEMA)) == {"factuality": 0.0}


def test_what_a_review_changed() -> None:
    review = changed(parse(ONE.format("x-1") + ONE.format("x-2")), parse(TWO.format("x-1")))
    assert review["seen"] == {"reports": 1, "sentences": 2, "text changed or left out": 1}
    assert review["kinds"]["event"] == {"before": 1, "taken out": 0, "added": 1}
    assert review["kinds"]["edge actor"] == {"before": 4, "taken out": 1, "added": 1}
    assert review["kinds"]["attributes"]["taken out"] == 1


def test_near_duplicates_are_found_across_reports_only() -> None:
    twice = parse(ONE.format("x-1") + ONE.format("x-2").replace("Admiral", "General"))
    assert len(near_duplicates(twice, shared=0.5, length=8)) == 1
    assert near_duplicates(twice[:1], shared=0.5, length=8) == []


def test_a_story_on_both_sides_is_found() -> None:
    one, two = parse(ONE.format("x-1") + ONE.format("x-2").replace("2024-01-01", "2024-02-10"))
    for report in (one, two):  # names of five letters and more
        report.text = report.text.replace("Admiral Orr", "Admiral Q").replace("navy", "Navyx")
        report.nodes[0].end += 1
    assert len(shared_stories([one], [two], days=60, rare=40, weight=0.4)) == 1
    assert shared_stories([one], [two], days=30, rare=40, weight=0.4) == []
    assert shared_stories([one], [two], days=60, rare=2, weight=0.4) == []


def test_templates_show_in_the_diversity() -> None:
    same = parse("".join(ONE.format(f"x-{n}") for n in range(5)))
    assert diversity(same)["seen elsewhere"] == 1
    assert diversity(same)["distinct runs"] < 0.25
    assert diversity(same[:1])["seen elsewhere"] == 0


def test_stories_are_never_split() -> None:
    reports = [AnnotatedReport(f"r{n}", {"crisis": f"kosovo-{n}", "published": f"1999-0{n}-01"}, "", [], [], [], []) for n in range(1, 9)]
    assert {story(report) for report in reports} == {"kosovo 1999"}
    assert len({is_dev(report) for report in reports}) == 1


def test_a_part_lies_inside_every_larger_one() -> None:
    reports = [AnnotatedReport(f"r{n}", {}, "", [(0, 1)], [], [], []) for n in range(50)]
    small, large = ({r.id for r in part(reports, n)} for n in (10, 30))
    assert len(small) == 10
    assert small < large


def test_held_out_files_of_the_conll_format(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "eval/ner").mkdir(parents=True)
    (data / "eval/ner/dev.conll").write_text("\n".join(f"{w}\tO" for w in ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]) + "\n\n")
    assert [path.name for path in held_out_files(data) if path.suffix == ".conll"] == ["dev.conll"]
    with pytest.raises(OverlapError, match="one two three"):
        refuse_overlap(["zero one two three four five six seven eight."], held_out_files(data))


def test_a_drawing_shows_every_node_and_edge() -> None:
    report = parse(ONE.format("x-1"))[0]
    root = ElementTree.fromstring(draw(report, 0))
    shown = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    assert {"threat THREATEN/violence", "actor military MIL ORR", "condition of “warned”", "consequence of “warned”"} <= set(shown)
    assert shown.count("actor") == 4  # issuer, grantor, holder, and who enters
    assert "| warned | threat THREATEN/violence | actor: Orr; condition: “any ship that enters”" in table_of(report, 0)


@with_data
def test_the_corpus_keeps_its_floors_and_leaks_nothing() -> None:
    whole = corpus.read(DATA)
    table, problems = corpus.report_of(whole, DATA)
    assert problems == []
    page = corpus.PAGE.read_text("utf-8")
    assert table in page, "run `python -m training.corpus write --data ../shared/data`"
    reports = {report.id: report for report in whole.all}
    kinds = {node.kind for name, sentence in EXAMPLES for node in reports[name].nodes if node.sentence == sentence}
    assert len(EXAMPLES) == 20
    assert kinds == set(KINDS)
    for number, (name, sentence) in enumerate(EXAMPLES, 1):
        assert table_of(reports[name], sentence) in page
        assert (corpus.PAGE.with_suffix("") / f"{number:02}.svg").read_text("utf-8") == draw(reports[name], sentence)


@with_data
def test_no_open_text_is_in_the_repository() -> None:
    files = (path for folder in (corpus.CORPUS, corpus.GOLD) for kind in ("*.jsonl", "*.graph") for path in sorted(folder.rglob(kind)))
    text = "".join(path.read_text("utf-8") for path in files)
    reports = [report for report in corpus.read(DATA).all if corpus.is_open(report)]
    assert len(reports) > 300
    long = [report.text[low + 20 : low + 60] for report in reports for low, high in report.sentences if high - low > 60]
    assert [piece for piece in long if piece in text] == []
