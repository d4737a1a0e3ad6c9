"""Documents with their briefs → one self-contained HTML page: the brief beside the report, quotes that lead to their words.

The page needs no network and refuses any: styles and the script stand in it, and its policy lets nothing else run.
Whatever the reports hold is escaped.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.model import Document, Event, Slot
from tocsin.ontology import load
from tocsin.warn import Brief
from tocsin.warn.wording import joined, spoken


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the report's text; `cited` where some line or event rests on it."""

    start: int
    text: str
    cited: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An event as a row of the table. `spans` are the offsets of its evidence."""

    date: str
    type: str
    factuality: str
    sign: str
    actors: str
    recipients: str
    words: str
    place: str
    spans: str
    first: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report on the page."""

    brief: Brief
    url: str | None
    pieces: tuple[Piece, ...]
    rows: tuple[Row, ...]


def render_page(pairs: Sequence[tuple[Document, Brief]], *, title: str | None = None) -> str:
    """The page of these documents and their briefs (`tocsin.warn.write_brief`).

    >>> from tocsin.model import Report
    >>> from tocsin.warn import write_brief
    >>> document = Document(Report.of("<script>alert(1)</script>"))
    >>> "<script>alert" in render_page([(document, write_brief(document))])
    False
    """
    environment = _environment()
    script, style = (_asset(name) for name in ("page.js", "page.css"))
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    sheets = [_sheet(document, brief) for document, brief in pairs]
    head = title or (sheets[0].brief.title if len(sheets) == 1 else f"{len(sheets)} reports")
    return environment.get_template("page.html").render(
        sheets=sheets, title=head, policy=policy, script=Markup(script), style=Markup(style),
        signs=load("brief.yaml")["signs"],
    )


def _sheet(document: Document, brief: Brief) -> Sheet:
    events = document.events or ()
    spans = {(quote.start, quote.end) for quote in brief.quotes} | {(e.start, e.end) for event in events for e in event.evidence}
    return Sheet(brief, _web_address(document.report.url), tuple(pieces(document.report.text, spans)), tuple(map(_row, events)))


def pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The text cut at each edge of a span, so that any span is a run of pieces.

    >>> [(piece.text, piece.cited) for piece in pieces("abcdef", [(1, 4), (2, 5)])]
    [('a', False), ('b', True), ('cd', True), ('e', True), ('f', False)]
    """
    edges = sorted({0, len(text), *(edge for span in spans for edge in span)})
    changes: dict[int, int] = {}
    for start, end in spans:
        changes[start] = changes.get(start, 0) + 1
        changes[end] = changes.get(end, 0) - 1
    cut, open_ = [], 0
    for start, end in pairwise(edges):
        open_ += changes.get(start, 0)
        cut.append(Piece(start, text[start:end], open_ > 0))
    return cut


def _row(event: Event) -> Row:
    def names(slots: Iterable[Slot]) -> str:
        return joined(slot.name for slot in slots)

    return Row(
        date=spoken(event.when.edtf) if event.when else "", type=" ".join(part for part in (event.type, event.mode) if part),
        factuality=event.factuality, sign=load("brief.yaml")["signs"][event.factuality], actors=names(event.actors),
        recipients=names(event.recipients), words=event.mentions[0].quote, place=event.place.name if event.place else "",
        spans=" ".join(f"{item.start}-{item.end}" for item in event.evidence), first=event.evidence[0].start,
    )


def _web_address(url: str | None) -> str | None:
    """The address if it is one of the web: a `javascript:` link would run."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tocsin.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@functools.cache
def _asset(name: str) -> str:
    loader = PackageLoader("tocsin.web")
    return loader.get_source(_environment(), name)[0]


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
