"""The page: one file, nothing from outside, nothing that a report holds is run, every number leads to its words."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gold_documents import gold_documents
from tocsin.model import Document, Report
from tocsin.ontology import load
from tocsin.warn import write_brief
from tocsin.web.page import pieces, render_page

NASTY = '<script>alert(1)</script> "\'><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} </style></script>'
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reader(HTMLParser):
    """Tags with their attributes; fails where they are not nested."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page_of(*documents: Document) -> str:
    return render_page([(document, write_brief(document)) for document in documents])


def test_nothing_comes_from_outside() -> None:
    page = page_of(*gold_documents())
    for tag, attributes in Reader(page).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert "src" not in attributes
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    assert "@import" not in page
    assert "url(" not in page


def test_the_policy_allows_only_the_pages_own_script_and_style() -> None:
    page = page_of(gold_documents()[0])
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])  # type: ignore[index]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]  # type: ignore[index]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_a_report_full_of_markup_is_harmless() -> None:
    report = Report.of(NASTY + "\nMali closed its border.", title=NASTY, source=NASTY, author=NASTY, url="javascript:alert(1)")
    document = replace(gold_documents()[0], report=report, **dict.fromkeys(("events", "claims", "red_lines", "permissions", "capabilities",
                                                                          "tenures", "links", "questions", "doubts"), ()), sentences=())
    page = page_of(document)
    tags = Reader(page).tags
    assert [tag for tag, _ in tags].count("script") == 1
    assert not any(tag == "img" for tag, _ in tags)
    assert not any((attributes.get("href") or "").startswith("javascript") for _, attributes in tags)
    assert html.escape("{{ 7*7 }}") in page


def test_quotes_and_lines_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    import tocsin

    page = page_of(tocsin.read('Rebels <b>shelled</b> "Goma" & the <script>alert(1)</script> army on Sunday.', published="2024-11-18"))
    assert [tag for tag, _ in Reader(page).tags].count("script") == 1
    assert "<b>" not in page


@pytest.mark.parametrize("url", ["https://example.org/a?b=1&c=2", "http://example.org"])
def test_a_web_address_is_a_link(url: str) -> None:
    page = page_of(Document(Report.of("Rain.", url=url)))
    assert any(attributes.get("href") == url for _, attributes in Reader(page).tags)


def test_every_number_leads_to_words_that_are_there() -> None:
    for document in gold_documents():
        page = page_of(document)
        tags = Reader(page).tags
        ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        links = [attributes for tag, attributes in tags if tag == "a" and attributes.get("class") == "n"]
        assert links
        for attributes in links:
            assert (attributes["href"] or "").removeprefix("#") in ids
            for span in (attributes["data-spans"] or "").split():
                start, end = span.split("-")
                assert f"d1-{start}" in ids
                assert f"d1-{end}" in ids or int(end) == len(document.report.text)


def test_the_whole_text_is_there_once() -> None:
    document = gold_documents()[3]
    body = re.search(r'<div class="body">(.*?)</div>', page_of(document), re.DOTALL)[1]  # type: ignore[index]
    assert html.unescape(re.sub(r"<[^>]+>", "", body)) == document.report.text


def test_factuality_has_a_sign_and_a_word() -> None:
    page = page_of(gold_documents()[0])
    signs = load("brief.yaml")["signs"]
    assert len(set(signs.values())) == len(signs) == 9
    assert f'<span class="sign" aria-hidden="true">{signs["reported"]}</span> reported' in page
    assert len(re.findall(r"<tr>", page)) == 1 + len(gold_documents()[0].events or ())


def test_several_reports_have_a_list_of_contents() -> None:
    page = page_of(*gold_documents())
    assert "6 reports" in page
    assert page.count('class="sheet"') == 6


@given(st.text(max_size=40), st.data())
def test_pieces_join_to_the_text(text: str, data: st.DataObject) -> None:
    edges = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(edges, edges).map(lambda pair: (min(pair), max(pair))), max_size=6))
    cut = pieces(text, spans)
    assert "".join(piece.text for piece in cut) == text
    for piece in cut:
        assert piece.text == text[piece.start : piece.start + len(piece.text)]
        assert piece.cited == any(start <= piece.start < end for start, end in spans)
