"""Graph → questions: what the report leaves open, with outcomes, a proposed rule and a deadline that a person can edit."""

from __future__ import annotations

import re

from tocsin.code.events import events_in
from tocsin.code.view import View
from tocsin.model import Node, Question, content_id

_YES_NO = re.compile(r"^(?:whether|if)\s+", re.IGNORECASE)
_OPEN = re.compile(r"^(?:how|what|who|when|where|why|which)\b", re.IGNORECASE)


def read_questions(view: View) -> tuple[Question, ...]:
    """One for each thing that the text leaves open; two words that leave the same thing open make one."""
    found: dict[tuple[int, int], Question] = {}
    for index in view.of_kind("question"):
        content = view.clause(index, "content")
        if content is None or (content.start, content.end) in found:
            continue
        start, end = view.sentence(content.start)
        before = view.text[max(start, content.start - 9) : content.start].lower()
        whether = bool(_YES_NO.match(view.words(content))) or before.rstrip().endswith(("whether", " if"))
        deadline = _deadline(view, content, (start, end))
        found[content.start, content.end] = Question(
            content_id("q", view.document.report.id, content.start, content.end), _text(view.words(content), whether),
            ("yes", "no") if whether else (), _rule(whether, deadline), deadline,
            events_in(view, content),
            view.confidence(index), view.evidence([index, view.index(content)]),
        )
    return tuple(found.values())


def _text(words: str, whether: bool) -> str:
    core = _YES_NO.sub("", words).rstrip(" .?")
    if whether:
        return f"Whether {core}?"
    return core[0].upper() + core[1:] + ("?" if _OPEN.match(core) else "")


def _rule(whether: bool, deadline: str | None) -> str | None:
    """A proposal only; a person is to edit it."""
    if not whether:
        return None
    by = f" by {deadline}" if deadline else ""
    return f"yes if reporting from two independent origins says so{by}; no otherwise"


def _deadline(view: View, content: Node, sentence: tuple[int, int]) -> str | None:
    published = view.document.report.published
    for time in view.document.times or ():
        inside = sentence[0] <= time.start < sentence[1]
        if inside and time.when and published and time.when.edtf[:10] > published[:10]:
            return time.when.edtf
    return None
