"""A `Brief` → plain text for a terminal or a pipe: wrapped lines, numbers of quotes, and the quotes at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tocsin.model import Record, Report, encode
from tocsin.warn import wording
from tocsin.warn.brief import Brief, Line, Quote

_STYLES = {"title": "1", "heading": "1;36", "label": "33", "small": "2", "number": "2;36", "quote": "1"}


def render_text(brief: Brief, *, width: int = 88, colour: bool = False, evidence: bool = False) -> str:
    """The brief as text.

    Args:
        width: columns; lines are wrapped at blanks.
        colour: with ANSI colours.
        evidence: quotes stand in their whole sentence, marked: bold in colour, else «…».

    >>> print(render_text(Brief("r1", "Border shut", (("Source", "Sahel Wire"),), (), ()), width=40))
    Border shut
    Source: Sahel Wire · Report: r1
    <BLANKLINE>
    Nothing was found in it.
    """
    pen = _Pen(width, colour)
    lines = [*pen.wrapped([(brief.title, "title")], "", "")]
    facts = [*brief.facts] if any(what == "Report" for what, _ in brief.facts) else [*brief.facts, ("Report", brief.report)]
    lines += pen.wrapped([(" · ".join(f"{what}: {value}" for what, value in facts), "small")], "", "")
    if not brief.sections:
        return "\n".join([*lines, "", "Nothing was found in it."])
    for section in brief.sections:
        lines += ["", pen.styled(section.heading, "heading")]
        for line in section.lines:
            lines += _line(pen, line)
    lines += ["", *pen.wrapped([("Evidence", "heading"), (f"(words of report {brief.report} and their offsets)", "small")], "", "")]
    for quote in brief.quotes:
        lines += _quote(pen, quote, whole=evidence)
    return "\n".join(lines)


def _line(pen: _Pen, line: Line) -> Iterator[str]:
    numbers = "".join(f"[{number}]" for number in line.evidence)
    pieces = [(f"{line.label} —", "label")] if line.label else []
    pieces += [(line.text, ""), *([(f"· {line.code}", "small")] if line.code else []), *([("· unsure", "label")] if line.unsure else []), (numbers, "number")]
    yield from pen.wrapped(pieces, "  • ", "    ")
    for detail in filter(None, line.details):
        yield from pen.wrapped([(detail, "small")], "      ", "      ")


def _quote(pen: _Pen, quote: Quote, *, whole: bool) -> Iterator[str]:
    head, indent = f"[{quote.number}]".rjust(5) + " ", " " * 6
    place = f"{quote.start}–{quote.end}"
    words = " ".join(quote.quote.split())
    if not whole:
        yield from pen.wrapped([(f"“{words}”", ""), (place, "small")], head, indent)
        return
    before, after = (re.sub(r"\s+", " ", part) for part in (quote.before, quote.after))
    marked = (words, "quote") if pen.colour else (f"«{words}»", "")
    yield from pen.wrapped([(before, ""), marked, (after, ""), (place, "small")], head, indent, glued=True)


class _Pen:
    """Wraps styled pieces of text at blanks; colour codes take no room."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width, self.colour = max(width, 20), colour

    def styled(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and style else text

    def wrapped(self, pieces: Iterable[tuple[str, str]], first: str, rest: str, *, glued: bool = False) -> Iterator[str]:
        """Lines of at most `width` columns (a longer word stands alone); `glued` pieces follow without a blank."""
        line, used, started = first, len(first), False
        for word, tight in _words(pieces, glued):
            length = sum(len(text) for text, _ in word)
            styled = "".join(self.styled(text, style) for text, style in word)
            if started and used + length + (not tight) > self.width:
                yield line.rstrip()
                line, used = rest + styled, len(rest) + length
            else:
                blank = " " if started and not tight else ""
                line, used = line + blank + styled, used + len(blank) + length
            started = True
        yield line.rstrip()


def _words(pieces: Iterable[tuple[str, str]], glued: bool) -> Iterator[tuple[list[tuple[str, str]], bool]]:
    """Words as lists of styled parts: two pieces that touch in a word stay together."""
    word: list[tuple[str, str]] = []
    pieces = list(pieces)
    for index, (text, style) in enumerate(pieces):
        last_glued = glued and index < len(pieces) - 2  # what follows the sentence (its place) stands apart
        parts = text.split(" ")
        for position, part in enumerate(parts):
            if part:
                word.append((part, style))
            if position < len(parts) - 1 or not last_glued:
                if word:
                    yield word, False
                word = []
    if word:
        yield word, False


def render_record(layer: str, record: Record, report: Report, *, width: int = 88, colour: bool = False) -> str:
    """One record with all its fields that hold something, and the words behind it.

    >>> from tocsin.model import Doubt, Evidence
    >>> report = Report.of("Mali closed the border.")
    >>> doubt = Doubt("d1", "contradiction", "closed", "also denied", 0.5, (Evidence.at(report.text, 5, 11),))
    >>> print(render_record("doubts", doubt, report).splitlines()[2])
    kind        contradiction
    """
    pen = _Pen(width, colour)
    origin = [report.title or "Untitled report", report.source, wording.spoken(report.published), report.id]
    lines = [pen.styled(f"{layer}: {record.id}", "title")]
    lines += pen.wrapped([(" · ".join(filter(None, origin)), "small")], "", "")
    for name, value in encode(record).items():
        told = _value(value)
        if name == "mentions":
            told = "; ".join(dict.fromkeys(_value(item) for item in value))
        if told and name not in ("id", "evidence", "wordings"):
            lines += pen.wrapped([(told, "")], f"{name:<11} ", " " * 12)
    lines.append(pen.styled("evidence", "heading"))
    for item in record.evidence:
        lines += pen.wrapped([(f"“{' '.join(item.quote.split())}”", ""), (f"{item.start}–{item.end}", "small")], "  ", "  ")
    return "\n".join(lines)


def _value(value: Any) -> str:
    """JSON on one line, for people: a slot by its name, an object by its fields that hold something."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_value, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, dict):
        return " ".join(str(value).split())
    if "implied" in value:  # a slot
        return f"{value['name']} ({value['id']})" if value["id"] else str(value["name"])
    if "quote" in value and set(value) <= {"start", "end", "quote", "event"}:
        return f"“{' '.join(value['quote'].split())}”"
    told = ((name, _value(item)) for name, item in value.items() if name not in ("start", "end", "evidence"))
    return ", ".join(f"{name} {item}" for name, item in told if item)
