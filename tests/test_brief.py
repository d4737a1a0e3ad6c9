"""The brief: its words, what it tells where, and its plain text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gold_documents import gold_documents
from tocsin.model import LAYERS, Document, Event, Evidence, Report, Slot, When
from tocsin.ontology import load
from tocsin.warn import Brief, render_record, render_text, wording, write_brief

FILES = ("examples.graph", "reports.graph")
GOLD = [document for name in FILES for document in gold_documents(name)]


def told(brief: Brief, key: str) -> list[str]:
    return [
        f"{line.label} — {line.text}" if line.label else line.text
        for section in brief.sections if section.key == key for line in section.lines
    ]


def event(text: str, trigger: str, *, actor: str | None = None, recipient: str | None = None, factuality: str = "asserted", **more: object) -> Event:
    def slots(name: str | None) -> tuple[Slot, ...]:
        return (Slot(None, name, text.index(name), text.index(name) + len(name), name),) if name else ()

    at = Evidence.at(text, text.index(trigger), text.index(trigger) + len(trigger))
    fields = {
        "id": f"e-{trigger}", "type": "ASSAULT", "mode": None, "contexts": (), "cameo": None, "quad": None, "actors": slots(actor),
        "recipients": slots(recipient), "affected": (), "instruments": (), "place": None, "when": None, "factuality": factuality,
        "polarity": "positive", "holder": None, "figures": (), "mentions": (at,), "confidence": 1.0, "evidence": (at,),
    }
    return Event(**(fields | more))  # type: ignore[arg-type]


DATES = [
    ("2024", "2024"), ("2024-11", "Nov 2024"), ("2024-11-07", "7 Nov 2024"), ("2024-11-07T10:30:00Z", "7 Nov 2024"), ("2023~", "about 2023"),
    ("199X", "199X"), ("2024-11-11/2024-11-17", "11–17 Nov 2024"), ("2022-09/2022-12", "Sep–Dec 2022"),
    ("2023-12-30/2024-01-02", "30 Dec 2023–2 Jan 2024"), ("2023/2024", "2023–2024"), ("2023-07-31/2023-08-06", "31 Jul–6 Aug 2023"),
    ("../2024-11", "until Nov 2024"), ("2021/..", "since 2021"), ("2024-99", "2024-99"), (None, ""), ("", ""),
]


@pytest.mark.parametrize(("edtf", "words"), DATES)
def test_dates_keep_their_precision(edtf: str | None, words: str) -> None:
    assert wording.spoken(edtf) == words


TELLINGS = [
    ("Members of the guard detained him in his palace on July 26, and that night fled.", "detained", [], "detained him in his palace on July 26"),
    ("The bloc froze the country's assets and suspended trade.", "froze", [], "froze the country's assets"),
    ("China let food and water through.", "let", [], "let food and water"),
    ("Leaders fear that supplies will be cut.", "cut", [], "supplies will be cut"),
    ("It has a ban that the president upheld.", "ban", [], "has a ban"),
    ("They rammed and boarded rubber boats.", "rammed", ["rubber boats"], "rammed and boarded rubber boats"),
    ("The raid, he said, failed.", "raid", [], "raid"),
    ("Bamako recalled its envoy to", "recalled", [], "recalled its envoy"),
    ("Shells\nfell on\nthe town.", "fell", [], "fell on"),
]


@pytest.mark.parametrize(("text", "trigger", "fillers", "words"), TELLINGS)
def test_a_telling_is_the_reports_own_words(text: str, trigger: str, fillers: list[str], words: str) -> None:
    at = Evidence.at(text, text.index(trigger), text.index(trigger) + len(trigger))
    spans = [(text.index(filler), text.index(filler) + len(filler)) for filler in fillers]
    got, _ = wording.telling(Document(Report.of(text)), at, spans)
    if trigger not in ("ban", "fell"):
        assert got == words
    assert trigger in got
    assert got in " ".join(text.split())


@pytest.mark.parametrize(("text", "slot", "words"), [
    ("The army left.", "army", "the army"), ("He met his envoy.", "envoy", "his envoy"), ("Whether he left", "he", "he"), ("Mali left.", "Mali", "Mali"),
])
def test_common_nouns_keep_their_article(text: str, slot: str, words: str) -> None:
    start = text.index(f" {slot}") + 1 if f" {slot}" in text else 0
    assert wording.name(Slot(None, slot, start, start + len(slot), slot), text) == words


def test_the_word_lists_hold_words_only() -> None:
    lists = load("brief.yaml")
    for key in ("stops", "clauses", "loose", "prepositions", "articles", "empty"):
        assert all(isinstance(word, str) for word in lists[key]), key  # YAML reads a bare `on` or `no` as a truth value


def test_likelihood_bands_are_ranges_with_their_source() -> None:
    phrases = load("likelihood.toml")["phrases"]
    assert len(phrases) == 18
    assert all(0 <= phrase["low"] <= phrase["high"] <= 100 and phrase["words"] for phrase in phrases)
    words = [word for phrase in phrases for word in phrase["words"]]
    assert len(words) == len(set(words))


def test_what_happened_holds_asserted_events_only() -> None:
    for document in GOLD:
        factuality = {item.id: item.factuality for item in document.events or ()}
        for section in write_brief(document).sections:
            if section.key == "happened":
                assert {factuality[line.record] for line in section.lines} == {"asserted"}
            if section.key == "said":
                assert "asserted" not in {factuality[line.record] for line in section.lines}
                assert all(line.label and line.label.startswith(factuality[line.record]) for line in section.lines)


@pytest.mark.parametrize("factuality", [name.replace("-", " ") for name in load("factuality.yaml")["scale"] if name != "asserted"])
def test_each_other_factuality_is_told_apart(factuality: str) -> None:
    text = "Rebels shelled the town."
    document = Document(Report.of(text), sentences=((0, len(text)),), events=(event(text, "shelled", actor="Rebels", factuality=factuality),))
    brief = write_brief(document)
    assert told(brief, "happened") == []
    assert told(brief, "said") == [f"{factuality} — Rebels: shelled the town"]


def test_every_line_has_evidence_and_every_number_its_words() -> None:
    for document in GOLD:
        brief = write_brief(document, first=7)
        numbers = [quote.number for quote in brief.quotes]
        assert numbers == list(range(7, 7 + len(numbers)))
        cited = {number for section in brief.sections for line in section.lines for number in line.evidence}
        assert cited == set(numbers)
        assert all(line.evidence for section in brief.sections for line in section.lines)
        for quote in brief.quotes:
            assert quote.quote == document.report.text[quote.start : quote.end]
            assert quote.before + quote.quote + quote.after in document.report.text


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_part_of_a_document_has_a_brief(data: st.DataObject) -> None:
    """Whatever layers and records are missing, and whether or not sentences were read."""
    document = data.draw(st.sampled_from(GOLD))
    kept = {layer: data.draw(st.none() | st.just(getattr(document, layer))) for layer in LAYERS}
    part = replace(document, **kept, sentences=data.draw(st.none() | st.just(document.sentences)))  # type: ignore[arg-type]
    chosen = data.draw(st.none() | st.sets(st.sampled_from([record.id for _, record in document.records()])))
    brief = write_brief(part, only=chosen)
    cited = {number for section in brief.sections for line in section.lines for number in line.evidence}
    assert cited == {quote.number for quote in brief.quotes}
    assert render_text(brief, width=40, evidence=True)


def test_the_standing_example_tells_what_an_analyst_would_write_down() -> None:
    brief = write_brief(gold_documents()[0])
    assert "Ukrainian troops: held a strip of Russian land since August (Aug–18 Nov 2024)" in told(brief, "happened")
    assert any("lets Ukraine fire long-range missiles into Russia" in line for line in told(brief, "happened"))
    assert any(line.startswith("reported — North Korean soldiers: arrival in Kursk") for line in told(brief, "said"))
    assert any(line.startswith("did not happen — Missile: crossed the border") for line in told(brief, "said"))
    assert "Several American officials — doubt about: “they would prove decisive”" in told(brief, "claims")
    line = next(line for line in told(brief, "red-lines") if "Vladimir Putin" in line)
    assert "NATO countries: IF “Western governments lifted the restrictions”, THEN “NATO countries would be at war with Russia" in line
    assert any(line.startswith("permitted (granted) — United States → Ukraine: “use the Army Tactical Missile System") for line in told(brief, "permissions"))
    assert any("made by Lockheed Martin; range about 300 kilometers, 186 miles" in line for line in told(brief, "capabilities"))
    assert "What changed Biden's mind?" in told(brief, "open")


def test_permitted_and_threatened_acts_are_not_told_again_as_events() -> None:
    brief = write_brief(gold_documents()[0])
    assert not any("fire long-range" in line or "strikes" in line for line in told(brief, "said"))


def test_a_hedge_comes_with_the_readers_range() -> None:
    lines = [line for document in GOLD for section in write_brief(document).sections if section.key == "claims" for line in section.lines]
    assert any("“may” (readers take it as 20–60 %)" in detail for line in lines for detail in line.details)


def test_a_negated_condition_is_not_negated_twice() -> None:
    for document in GOLD:
        for line in told(write_brief(document), "red-lines"):
            assert not re.search(r"IF NOT “[^”]*\b(unless|fails? to|does not)\b", line)


def test_only_chosen_records_are_told() -> None:
    document = gold_documents()[0]
    chosen = next(item.id for item in document.events or () if item.factuality == "asserted")
    brief = write_brief(document, only={chosen})
    assert [line.record for section in brief.sections for line in section.lines] == [chosen]


def test_lines_that_read_the_same_are_one() -> None:
    text = "Rebels shelled it. Rebels shelled it."
    one = event(text, "shelled", actor="Rebels")
    at = Evidence.at(text, 26, 33)
    two = event(text, "shelled", actor="Rebels", id="e2", mentions=(at,), evidence=(at,))
    brief = write_brief(Document(Report.of(text), sentences=((0, 18), (19, 37)), events=(one, two)))
    assert len(told(brief, "happened")) == 1
    assert brief.sections[0].lines[0].evidence == (1, 2)


def test_place_and_date_are_added_where_the_words_leave_them_out() -> None:
    text = "In Goma, on Sunday, rebels shelled a camp."
    place = Slot("x", "Goma", 3, 7, "Goma")
    item = event(text, "shelled", actor="rebels", place=place, when=When("2024-11-17", "counted"))
    assert told(write_brief(Document(Report.of(text), events=(item,))), "happened") == ["Rebels: shelled a camp (in Goma, 17 Nov 2024)"]


def test_an_empty_report_says_so() -> None:
    assert "Nothing was found in it." in render_text(write_brief(Document(Report.of("Rain fell.", title="Weather"))))


@pytest.mark.parametrize("width", [40, 88, 200])
@pytest.mark.parametrize("evidence", [False, True])
def test_plain_text_is_wrapped_and_colour_changes_no_words(width: int, evidence: bool) -> None:
    brief = write_brief(gold_documents()[1])
    plain = render_text(brief, width=width, evidence=evidence)
    assert all(len(line) <= width or " " not in line.strip() for line in plain.splitlines())
    assert "\x1b" not in plain
    coloured = render_text(brief, width=width, colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_text(brief, width=width)


def test_evidence_stands_in_its_sentence_with_the_words_marked() -> None:
    document = gold_documents()[0]
    brief = write_brief(document)
    plain = " ".join(render_text(brief, evidence=True).split())
    for quote in brief.quotes[:10]:
        whole = f"{quote.before}«{' '.join(quote.quote.split())}»{quote.after}"
        assert " ".join(whole.split()) in plain


def test_every_kind_of_record_can_be_shown() -> None:
    shown = set()
    for document in GOLD:
        for layer, record in document.records():
            if layer not in shown:
                text = render_record(layer, record, document.report, width=60)
                assert record.id in text
                assert "evidence" in text
                shown.add(layer)
    assert shown >= {"actors", "places", "events", "claims", "red_lines", "permissions", "capabilities", "tenures", "links", "questions"}


def test_what_the_model_is_not_sure_of_is_marked() -> None:
    text = "Rebels shelled the town."
    for confidence, unsure in ((0.49, True), (0.5, False)):
        brief = write_brief(Document(Report.of(text), events=(event(text, "shelled", actor="Rebels", confidence=confidence),)))
        assert brief.sections[0].lines[0].unsure is unsure
        assert ("· unsure" in render_text(brief)) is unsure
