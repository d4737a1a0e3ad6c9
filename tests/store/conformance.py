"""What any back end of the store must do. A test module subclasses `Conformance` and gives the fixture `store`."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from tocsin.errors import StoreError
from tocsin.model import LAYERS, Document, Evidence, Report
from tocsin.store import Filter, Store

from .made import actor, at, dated, documents, event, made, slot

EXAMPLE = count()


def crisis() -> list[Document]:
    """Three reports: a strike, talks told of with a background of 2022, and a report in which nothing was found."""
    strike = Report.of(
        "Russia struck Odesa. Joe Biden met Volodymyr Zelensky in Kyiv.", source="Reuters", published="2024-11-17"
    )
    russia, biden = actor(strike, "Russia", "Kremlin", country="RUS"), actor(strike, "Joe Biden", country="USA")
    zelensky = actor(strike, "Volodymyr Zelensky", country="UKR")
    first = Document(
        strike, actors=(russia, biden, zelensky), reader="model-1",
        events=(
            event(strike, "struck", type="ASSAULT", actors=(slot(strike, russia),), place=slot(strike, "Odesa")),
            event(strike, "met", type="CONSULT", actors=(slot(strike, biden), slot(strike, zelensky)),
                  place=slot(strike, "Kyiv")),
        ),
    )
    talks = Report.of("Russia invaded Ukraine in 2022. Ankara may host talks.", source="AP", published="2024-11-18")
    moscow = actor(talks, "Russia", country="RUS")
    invasion = event(talks, "invaded", type="ASSAULT", actors=(slot(talks, moscow),), recipients=(slot(talks, "Ukraine"),))
    host = event(talks, "host", type="CONSULT", factuality="possible", actors=(slot(talks, "Ankara"),))
    second = Document(talks, actors=(moscow,), events=(*dated(Document(talks, events=(invasion,)), "2022-02").events, host))
    third = Document(Report.of("It rained.", published=None), events=())
    return [first, second, third]


EVENTS = [  # filter, the words of the events that it leaves, in order
    (Filter(), ["invaded", "struck", "met", "host"]),
    (Filter(actor="russia"), ["invaded", "struck"]),
    (Filter(actor="RUS"), ["invaded", "struck"]),
    (Filter(actor="  KREMLIN"), ["struck"]),
    (Filter(actor="usa"), ["met"]),
    (Filter(actor="Ankara"), ["host"]),
    (Filter(actor="Odesa"), []),
    (Filter(actor="Rus"), ["invaded", "struck"]),  # the code in any case
    (Filter(actor="Russ"), []),
    (Filter(dyad=("USA", "UKR")), ["met"]),
    (Filter(dyad=("UKR", "Joe Biden")), ["met"]),
    (Filter(dyad=("Ukraine", "RUS")), ["invaded"]),
    (Filter(dyad=("RUS", "Russia")), []),
    (Filter(place="ODESA"), ["struck"]),
    (Filter(place="Russia"), []),
    (Filter(type="ASSAULT"), ["invaded", "struck"]),
    (Filter(type="consult"), ["met", "host"]),
    (Filter(factuality="possible"), ["host"]),
    (Filter(source="reuters"), ["struck", "met"]),
    (Filter(since="2024-11-18"), ["host"]),
    (Filter(since="2024-11"), ["struck", "met", "host"]),
    (Filter(until="2022"), ["invaded"]),
    (Filter(until="2022-01-31"), []),
    (Filter(since="2022-02", until="2024-11-17"), ["invaded", "struck", "met"]),
    (Filter(actor="RUS", type="ASSAULT", since="2023"), ["struck"]),
    (Filter(actor="' OR 1=1 --"), []),
]


class Conformance:
    """The behaviours, one test each."""

    # --- in and out ---

    @settings(
        max_examples=40, deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture, HealthCheck.differing_executors, HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )
    @given(document=documents())
    def test_any_document_comes_back_as_it_went_in(self, store: Store, document: Document) -> None:
        report = replace(document.report, id=f"r{next(EXAMPLE)}x")
        document = replace(document, report=report)
        assert store.add(document)
        assert not store.add(document)
        assert store.document(report.id) == document
        assert list(store.documents(Filter(report=report.id))) == [document]
        for layer in LAYERS:
            found = list(store.records(layer, Filter(report=report.id)))
            assert {stored.record.id for stored in found} == {record.id for record in getattr(document, layer) or ()}
            assert all(stored.report == report for stored in found)

    def test_a_layer_not_run_is_not_an_empty_one(self, store: Store) -> None:
        store.add(Document(Report.of("One."), events=(), sentences=()))
        document = next(store.documents())
        assert (document.events, document.claims, document.sentences, document.graph) == ((), None, (), None)

    def test_reading_the_same_twice_adds_nothing(self, store: Store) -> None:
        assert [store.add(made(number)) for number in (1, 2, 1)] == [True, True, False]
        before = store.count()
        assert (before["reports"], before["readings"], before["events"], before["links"]) == (2, 2, 6, 0)
        assert not store.add(made(2))
        assert store.count() == before
        assert store.check(quotes=True) == []

    def test_a_newer_reading_supersedes_and_the_older_stays(self, store: Store) -> None:
        old, new = made(1), made(1, reader="model-2")
        new = replace(new, events=new.events[:1] if new.events else (), claims=None)
        assert store.add(old)
        assert store.add(new)
        key = old.report.id
        assert store.document(key) == new
        assert store.document(key, reader="model-1") == old
        assert [(reading.reader, reading.current) for reading in store.readings(key)] == [
            ("model-1", False), ("model-2", True),
        ]
        assert list(store.documents()) == [new]
        assert len(list(store.records("events"))) == store.count()["events"] == 1
        assert list(store.records("claims")) == []
        assert not store.add(old)  # an old reading does not become current by being read again
        assert store.document(key) == new
        assert store.has(key)
        assert store.has(key, "model-1")
        assert not store.has(key, "model-3")
        with pytest.raises(StoreError, match=r"model-3.*allowed: model-1, model-2"):
            store.document(key, reader="model-3")
        gone = old.claims[0].id if old.claims else ""
        assert store.find(gone).record == (old.claims or ())[0]  # superseded, still readable
        assert store.check(quotes=True) == []

    def test_the_date_of_a_reading_is_iso_text(self, store: Store) -> None:
        store.add(made(1))
        assert store.readings(made(1).report.id)[0].at[:2] == "20"

    # --- refusals ---

    @pytest.mark.parametrize("text", ["half \ud800", "a NUL \0."])
    def test_text_that_is_not_normalised_is_refused(self, store: Store, text: str) -> None:
        with pytest.raises(StoreError, match="normalise"):
            store.add(Document(Report.of(text)))
        assert store.count()["reports"] == 0

    def test_evidence_that_does_not_quote_the_text_is_refused(self, store: Store) -> None:
        document = made(1)
        wrong = replace((document.claims or ())[0], evidence=(Evidence(0, 6, "Moscow"),))
        with pytest.raises(StoreError, match="'Moscow' is not the text at 0:6"):
            store.add(replace(document, claims=(wrong,)))
        assert store.count()["reports"] == 0

    def test_half_a_character_in_a_record_leaves_nothing_behind(self, store: Store) -> None:
        document = made(1)
        wrong = replace((document.claims or ())[0], proposition="\ud800")
        with pytest.raises(StoreError):
            store.add(replace(document, claims=(wrong,)))
        assert store.count()["reports"] == 0
        assert store.search("depot") == ()
        assert store.add(document)

    def test_an_id_never_stands_for_two_texts(self, store: Store) -> None:
        store.add(made(1))
        other = Document(replace(made(1).report, text="Another text."), reader="model-9")
        with pytest.raises(StoreError, match="another text"):
            store.add(other)

    # --- ids ---

    def test_find_by_id_and_by_prefix(self, store: Store) -> None:
        document = made(1)
        store.add(document)
        for layer, record in document.records():
            stored = store.find(record.id)
            assert (stored.layer, stored.record, stored.report) == (layer, record, document.report)
            assert store.find(record.id[:-1]) == stored
        assert store.find(document.report.id[:9]).record == document.report
        assert store.document(document.report.id[:9]) == document

    def test_an_id_that_is_absent_or_ambiguous_is_told(self, store: Store) -> None:
        for number in range(40):
            store.add(made(number))
        for ask in (store.find, store.document, store.readings):
            with pytest.raises(StoreError, match=r"no .* begins so"):
                ask("rzzz")
            with pytest.raises(StoreError, match=r"more than one .* begins so"):
                ask("r")
            with pytest.raises(StoreError, match="begins so"):
                ask("")
            with pytest.raises(StoreError, match="begins so"):
                ask("r%")

    # --- filters ---

    @pytest.mark.parametrize(("wanted", "words"), EVENTS, ids=[str(index) for index in range(len(EVENTS))])
    def test_events_by_filter(self, store: Store, wanted: Filter, words: list[str]) -> None:
        for document in reversed(crisis()):
            store.add(document)
        found = [stored.record.evidence[0].quote for stored in store.records("events", wanted)]
        assert found == words
        assert len(list(store.records("events", wanted, limit=1))) == min(1, len(words))

    def test_other_layers_by_filter(self, store: Store) -> None:
        document = made(1)
        store.add(document)
        assert len(list(store.records("claims", Filter(actor="Moscow", type="denial", factuality="attributed")))) == 1
        assert [stored.record.name for stored in store.records("actors", Filter(actor="RUS"))] == ["Russia"]
        assert [stored.record.name for stored in store.records("places", Filter(place="UKR"))] == ["Odesa"]
        russia = document.actors[0].id if document.actors else ""
        assert len(list(store.records("events", Filter(actor=russia)))) == 3
        with pytest.raises(StoreError, match="'verbs' is no layer; allowed: actors, "):
            next(store.records("verbs"))

    def test_documents_in_order_and_by_filter(self, store: Store) -> None:
        strike, talks, rain = crisis()
        for document in (talks, rain, strike):
            store.add(document)
        assert list(store.documents()) == [rain, strike, talks]
        assert list(store.documents(limit=2)) == [rain, strike]
        assert list(store.documents(Filter(actor="RUS"))) == [strike, talks]
        assert list(store.documents(Filter(actor="RUS", factuality="possible"))) == []
        assert list(store.documents(Filter(since="2024-11-18"))) == [talks]
        assert list(store.documents(Filter(until="2024-11-17"))) == [strike]
        assert list(store.documents(Filter(report=rain.report.id[:8]))) == [rain]

    @pytest.mark.parametrize("wanted", [Filter(since="yesterday"), Filter(until="")])
    def test_a_date_that_is_none_is_told(self, store: Store, wanted: Filter) -> None:
        for ask in (store.documents, lambda one: store.records("events", one)):
            with pytest.raises(StoreError, match="is no date; allowed: 2024-11-17"):
                next(ask(wanted))

    def test_a_loop_over_documents_may_write(self, store: Store) -> None:
        for number in range(70):
            store.add(made(number, records=1))
        again = 0
        for document in store.documents():
            again += store.add(replace(document, reader="model-2"))
        assert again == 70
        assert store.count()["readings"] == 140
        assert store.check() == []

    # --- search ---

    @pytest.mark.parametrize(
        ("words", "matched"),
        [
            ("strikes", ["strikes", "strike"]), ("STRIKE", ["strikes", "strike"]), ("the strike", ["The", "the"]),
            ('"red line"', ["red line"]), ('"line red"', []), ("red line", ["red", "line"]), ("caf\u00e9", ["cafe"]),
            ("\u041c\u043e\u0441\u043a\u0432\u0430", ["\u041c\u043e\u0441\u043a\u0432\u0430"]),
            ("headline", [""]), ("border\U0001f600", ["border"]), ("nothing of this", []),
        ],
    )
    def test_search(self, store: Store, words: str, matched: list[str]) -> None:
        text = "\U0001f600 The strikes crossed a red line, the cafe heard. \u041c\u043e\u0441\u043a\u0432\u0430."
        store.add(Document(Report.of(text, title="One")))
        store.add(Document(Report.of("A line. A border. After the strike nothing was red.", title="Headline")))
        hits = store.search(words)
        assert sorted(hit.report.text[hit.start : hit.end] for hit in hits) == sorted(matched)
        assert [hit.rank for hit in hits] == sorted((hit.rank for hit in hits), reverse=True)
        assert all(hit.report.text[hit.start : hit.end] in hit.snippet for hit in hits)

    @pytest.mark.parametrize(
        "words",
        [
            "AND", "OR NOT", "(", ")(", "*", '"', '"""', "a*", "-a", "^a", "text:a", "NEAR(a b)", "", "{a}", "a;--", "\0",
            "\ud800", "'", "a\\", "+", ":", '"a" "', "\u200b", "\u0301", "\u00bd",
        ],
    )
    def test_no_words_are_an_error(self, store: Store, words: str) -> None:
        store.add(made(1))
        assert isinstance(store.search(words), tuple)

    def test_search_by_filter_and_limit(self, store: Store) -> None:
        for number in range(30):
            store.add(made(number))
        assert len(store.search("depot")) == 20
        assert len(store.search("depot", limit=3)) == 3
        assert store.search("depot", filter=Filter(actor="CHN")) == ()
        (hit,) = store.search("depot", filter=Filter(report=made(7).report.id))
        assert hit.report == made(7).report
        assert store.search("Number", filter=Filter(since="2024-11-28"))[0].report.published == "2024-11-28"

    def test_a_snippet_is_cut_at_words_and_stands_on_one_line(self, store: Store) -> None:
        text = "word " * 100 + "\nneedle\n" + "word " * 100
        store.add(Document(Report.of(text)))
        (hit,) = store.search("needle")
        assert text[hit.start : hit.end] == "needle"
        assert set(hit.snippet.split()) == {"word", "needle", "…"}
        assert "\n" not in hit.snippet
        assert len(hit.snippet) < 180

    # --- memory, checks ---

    def test_memory(self, store: Store) -> None:
        assert store.get("feed:a") is None
        store.put("feed:a", "1")
        store.put("feed:a", "zwei \u2013 2")
        assert store.get("feed:a") == "zwei \u2013 2"
        assert not store.seen("http://a.example/1")
        store.add(Document(Report.of("One.", url="http://a.example/1")))
        assert store.seen("http://a.example/1")
        assert not store.seen("http://a.example/")

    def test_an_empty_store(self, store: Store) -> None:
        assert set(store.count()) == {"reports", "readings", *LAYERS}
        assert set(store.count().values()) == {0}
        assert list(store.documents()) == list(store.records("events")) == store.check(quotes=True) == []
        assert store.search("a") == ()
        assert not store.has("r1")

    def test_thirty_thousand_characters_and_a_thousand_records(self, store: Store) -> None:
        document = made(1, records=1000)
        assert store.add(document)
        assert store.document(document.report.id) == document
        assert at(document.report.text, "depot 999") is not None
