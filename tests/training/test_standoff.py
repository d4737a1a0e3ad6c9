"""Stand-off files: they hold no sentence of the text, give the parse of the .graph file back, and refuse another source."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.graph import AnnotatedReport, parse
from training.standoff import Edit, StandoffError, align, join, main, mend, write

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared/data"
STANDOFF = [*sorted((ROOT / "tests/gold").glob("*.standoff.jsonl")), *sorted((ROOT / "training/corpus").glob("*.standoff.jsonl"))]

SOURCE = [
    "ARDENA - The junta in Ardena barred the envoy from the C apital on Friday",
    "He called the move \" shameful",
    "and flew home ,  two diplomats said",
    "A caption nobody wants",
    "Its navy would answer any landing , the minister warned",
]
GRAPH = """# report id=made-1 published=2024-03-01 source="Made Up" licence="public domain" doc="made-up-1" genre=news
P The junta in Ardena barred the envoy from the Capital on Friday.
actor [junta in Ardena] government GOV ARD
actor [envoy] person
place [Capital]
time [Friday]
withhold [barred] COERCE/restrict grantor=[junta in Ardena] grantee=[envoy] place=[Capital] time=[Friday]
S He called the move “shameful” and flew home, two diplomats said.
actor [He] person same=[envoy]@-1
actor [two diplomats] unnamed GOV
cue [called] ACCUSE/disapprove position attributed holder=[He] content=[the move “shameful]
event [flew] - attributed actor=[He]
cue [said] holder=[two diplomats] content=[He called ... home]
P Its navy would answer any landing, the minister warned.
actor [Its navy] military MIL
actor [minister] person GOV
office [minister] person=[minister]
threat [warned] THREATEN/violence deterrent issuer=[minister] condition=[any landing] consequence=[Its navy would answer]
event [landing] ASSAULT conditional
event [answer] ASSAULT conditional actor=[Its navy] condition=[any landing]
"""


def without_lines(reports: list[AnnotatedReport]) -> list[AnnotatedReport]:
    return [replace(report, nodes=[replace(node, line=0) for node in report.nodes]) for report in reports]


def lay_out(folder: Path, sentences: list[str] = SOURCE) -> Path:
    (folder / "open-text").mkdir(exist_ok=True)
    (folder / "open-text/made.jsonl").write_text(json.dumps({"id": "made-up-1", "sentences": sentences}) + "\n", "utf-8")
    (folder / "made.graph").write_text(GRAPH, "utf-8")
    return folder / "made.jsonl"


def test_round_trip(tmp_path: Path) -> None:
    out = lay_out(tmp_path)
    assert write(tmp_path / "made.graph", tmp_path, out) == 1
    assert join(out, tmp_path) == without_lines(parse(GRAPH))


def test_no_word_of_the_text_is_in_the_file(tmp_path: Path) -> None:
    out = lay_out(tmp_path)
    write(tmp_path / "made.graph", tmp_path, out)
    written = out.read_text("utf-8")
    for word in ("junta", "Ardena", "barred", "Capital", "shameful", "diplomats", "landing", "warned"):
        assert word not in written


def test_place_and_edits(tmp_path: Path) -> None:
    out = lay_out(tmp_path)
    write(tmp_path / "made.graph", tmp_path, out)
    row = json.loads(out.read_text("utf-8"))
    assert [(s["first"], s["last"], s["paragraph"]) for s in row["sentences"]] == [(0, 0, False), (1, 2, False), (4, 4, True)]
    assert row["sentences"][0]["start"] == len("ARDENA - ")
    assert row["sentences"][0]["edits"] == [[47, " ", ""], [64, "", "."]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({4: "Its navy would answer any handing , the minister warned"}, "digest differs"),
        ({0: SOURCE[0].replace("C apital", "Capital")}, "not the text that was annotated"),
        ({0: ""}, "not the text that was annotated"),
    ],
)
def test_another_source_is_refused(tmp_path: Path, change: dict[int, str], message: str) -> None:
    out = lay_out(tmp_path)
    write(tmp_path / "made.graph", tmp_path, out)
    lay_out(tmp_path, [change.get(i, sentence) for i, sentence in enumerate(SOURCE)])
    with pytest.raises(StandoffError, match=message):
        join(out, tmp_path)


def test_missing_source(tmp_path: Path) -> None:
    out = lay_out(tmp_path)
    write(tmp_path / "made.graph", tmp_path, out)
    (tmp_path / "open-text/made.jsonl").write_text("", "utf-8")
    with pytest.raises(StandoffError, match=r"made-up-1 is missing from made\.jsonl"):
        join(out, tmp_path)
    with pytest.raises(StandoffError, match="no such folder"):
        join(out, tmp_path / "elsewhere")


def test_rewording_is_refused(tmp_path: Path) -> None:
    out = lay_out(tmp_path)
    (tmp_path / "made.graph").write_text(GRAPH.replace("on Friday.", "last Friday."), "utf-8")
    (tmp_path / "made.graph").write_text((tmp_path / "made.graph").read_text("utf-8").replace("[Friday]", "[last Friday]"), "utf-8")
    assert main(["write", str(tmp_path / "made.graph"), "--data", str(tmp_path), "--out", str(out)]) == 1
    assert not out.exists()


def test_long_insertions_are_refused() -> None:
    with pytest.raises(StandoffError, match="at most 12"):
        mend("word", [(4, "", "." * 13)])
    assert mend("word", [(4, "", "." * 12)]) == "word" + "." * 12


@given(st.text("ab .,“", min_size=1), st.text("cd .,\n"), st.text("cd .,\n"), st.data())
def test_align_then_mend_gives_the_wanted_text(wanted: str, before: str, after: str, data: st.DataObject) -> None:
    noisy = "".join(char + data.draw(st.sampled_from(["", " ", " .", "”"])) for char in wanted)
    found = align(before + noisy + after, wanted)
    if not any(char.isalnum() for char in wanted):
        assert found is None
        return
    assert found is not None
    start, end, edits = found
    if all(len(inserted) <= 12 for _, _, inserted in edits):
        assert mend((before + noisy + after)[start:end], edits) == wanted


def test_edits_must_fit() -> None:
    edits: list[Edit] = [(1, "x", "")]
    with pytest.raises(StandoffError, match="the edit deletes 'x'"):
        mend("abc", edits)


@pytest.mark.skipif(not (DATA / "open-text").is_dir(), reason="the open text (../shared/data/open-text) is not on this machine")
@pytest.mark.parametrize("path", STANDOFF, ids=lambda path: path.name)
def test_real_files_join(path: Path) -> None:
    for report in join(path, DATA):
        assert report.nodes
        assert all(node.quote(report.text).strip() for node in report.nodes)
