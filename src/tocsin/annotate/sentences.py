"""Text → sentence offsets: half-open code-point pairs in order that leave out only the blanks between them.

Rules, not a model: paragraphs first, then terminal punctuation that no abbreviation, initial or number explains. Lines
of a hard-wrapped text are joined; in any other text a line's end is a sentence's end. A sentence longer than
`MAX_CHARACTERS` is cut at the best break before it, so that no later stage meets an endless one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_CHARACTERS = 900

_ABBREVIATIONS = frozenset(
    ["mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "maj", "capt", "cmdr", "adm", "brig", "sgt", "sen", "rep", "gov", "pres", "st", "jr", "sr", "messrs", "mme", "mlle", "hon", "rev", "fr", "supt", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "no", "nos", "vs", "etc", "inc", "ltd", "co", "corp", "dept", "est", "approx", "fig", "al", "ca", "cf", "eg", "ie", "e.g", "i.e", "a.m", "p.m", "u.s", "u.k", "u.n", "u.a.e", "d.c", "ph.d", "op", "vol", "art", "sec", "para", "min", "max", "km", "mi", "ft", "lb", "sq"]
)
# May end a sentence as well as stand inside one: they end it before a word that usually begins one.
_MAY_END = frozenset(["u.s", "u.k", "u.n", "u.a.e", "d.c", "a.m", "p.m", "inc", "ltd", "co", "corp", "etc", "jr", "sr", "e.u"])
_STARTERS = frozenset(
    ["the", "a", "an", "in", "on", "at", "it", "he", "she", "they", "we", "i", "but", "and", "this", "that", "these", "those", "there", "its", "his", "her", "their", "our", "if", "when", "while", "as", "after", "before", "since", "for", "from", "with", "by", "however", "meanwhile", "moreover", "officials", "both", "no", "some", "many", "most"]
)
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]")
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’(«\[]+$")
_BULLET = re.compile(r"[-*•–—]\s|\d{1,3}[.)]\s")


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of the sentences of `text`; blanks at their ends are left out.

    >>> text = 'Gen. Abbas left the U.S. on Nov. 3. "We go," he said.'
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['Gen. Abbas left the U.S. on Nov. 3.', '"We go," he said.']
    """
    return tuple(
        piece
        for start, end in _paragraphs(text)
        for low, high in _lines(text, start, end)
        for first, last in _by_punctuation(text, low, high)
        for piece in _capped(text, first, last)
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _PARAGRAPH.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a paragraph, or the whole of it where its lines were wrapped at a fixed width."""
    breaks = [i for i in range(start, end) if text[i] == "\n"] if "\n" in text[start:end] else []
    edges = [start, *(i + 1 for i in breaks), end]
    lines = list(zip(edges, [*breaks, end], strict=False))
    widths = [high - low for low, high in lines[:-1]]
    if widths and min(widths) >= 45 and max(widths) <= 100 and not any(_BULLET.match(text, low) for low, _ in lines):
        yield start, end
    else:
        yield from lines


def _by_punctuation(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    low = start
    for stop in _END.finditer(text, start, end):
        if stop.end() < end and not _ends(text, low, stop, end):
            continue
        first, last = _trim(text, low, stop.end())
        if first < last:
            yield first, last
        low = stop.end()
    first, last = _trim(text, low, end)
    if first < last:
        yield first, last


def _ends(text: str, low: int, stop: re.Match[str], end: int) -> bool:
    """Whether this punctuation ends the sentence: look at the word before and at what follows."""
    rest = text[stop.end() : min(end, stop.end() + 60)].lstrip()
    follower = rest.lstrip("\"'“‘«([")
    if not follower:
        return True
    if follower[0].islower():
        return False  # also after a quoted question: '"Why?" he asked'
    if stop.group()[0] != "." or stop.group().startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, low, stop.start())
    word = before.group().lower() if before else ""
    next_word = re.match(r"\w+", follower)
    starter = next_word is not None and next_word.group().lower() in _STARTERS
    if word in _MAY_END:
        return starter
    if word in _ABBREVIATIONS or word.endswith(tuple(f"-{short}" for short in ("gen", "col"))):
        return False
    if len(word) == 1 and word.isalpha():
        return starter  # an initial: John F. Kennedy
    return not (re.fullmatch(r"(?:\w\.)+\w", word) and not starter)


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_CHARACTERS:
        window = text[start : start + MAX_CHARACTERS]
        cut = max(window.rfind("; "), window.rfind(": ") if window.rfind(": ") > 200 else -1)
        if cut < 200:
            cut = max(window.rfind(", "), window.rfind(" "), window.rfind("\n"))
        cut = start + (cut + 1 if cut >= 200 else MAX_CHARACTERS)
        first, last = _trim(text, start, cut)
        if first < last:
            yield first, last
        start = cut
    first, last = _trim(text, start, end)
    if first < last:
        yield first, last
