"""Values of records → the words in which a brief tells them: names, dates, places, figures, hedges.

The report's own words are kept wherever they can be; nothing here decides what is so.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from tocsin.model import Document, Evidence, Figure, Slot
from tocsin.ontology import load

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_POINT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?")


@dataclass(frozen=True, slots=True)
class _Patterns:
    stop: re.Pattern[str]
    pair: re.Pattern[str]
    tail: re.Pattern[str]
    head: re.Pattern[str]
    before: re.Pattern[str]
    most_words: int


@functools.cache
def _patterns() -> _Patterns:
    """The lists of `ontology/brief.yaml` as patterns."""
    words = load("brief.yaml")
    stops, clauses, prepositions, articles = ("|".join(words[key]) for key in ("stops", "clauses", "prepositions", "articles"))
    loose = "|".join([*words["loose"], *words["prepositions"], *words["articles"]])
    return _Patterns(
        stop=re.compile(rf"[;:()\"“”\n]|,(?=\s)|\s[—–-]\s|\s(?:{stops})\b|\s(?:and|or)\s+(?:{clauses}|\w{{3,}}ed)\b"),
        pair=re.compile(r"\s(?:and|or)\s+(?:\w+\s+)?"),
        tail=re.compile(rf"(?:\s+(?:{loose})|[\s,;:—–-])+$", re.IGNORECASE),
        head=re.compile(rf"^(?:(?:{loose})\s+)+", re.IGNORECASE),
        before=re.compile(rf"(?<!\w)(?:(?P<word>{prepositions})\s+)?(?P<article>(?:{articles})\s+)?$", re.IGNORECASE),
        most_words=int(words["most_words"]),
    )


def joined(names: Iterable[str]) -> str:
    """Names as a reader lists them, each once.

    >>> joined(["Mali", "Niger", "Mali", "Chad"])
    'Mali, Niger and Chad'
    """
    once = list(dict.fromkeys(names))
    return " and ".join([", ".join(once[:-1]), once[-1]] if len(once) > 1 else once)


def name(slot: Slot, text: str) -> str:
    """What a reader would write; common nouns keep the article or possessive that they have in the text.

    >>> name(Slot(None, "army", 4, 8, "army"), "The army left.")
    'the army'
    """
    if slot.start is None or slot.name != slot.quote or not slot.name[:1].islower():
        return slot.name
    before = _patterns().before.search(text, max(0, slot.start - 12), slot.start)
    return f"{((before and before['article']) or '').strip().lower()} {slot.name}".strip()


def names(slots: Iterable[Slot], text: str) -> str:
    """Several fillers of one role."""
    return joined(name(slot, text) for slot in slots)


def with_preposition(slot: Slot, text: str, default: str) -> str:
    """A filler with the preposition that it has in the text, else with `default`.

    >>> with_preposition(Slot("x", "Kursk", 11, 16, "Kursk"), "troops near Kursk", "in")
    'in Kursk'
    >>> with_preposition(Slot("x", "Kursk", 12, 17, "Kursk"), "troops near Kursk", "in")
    'near Kursk'
    """
    start = slot.start or 0
    before = _patterns().before.search(text, max(0, start - 24), start)
    return f"{((before and before['word']) or default).lower()} {name(slot, text)}"


def spoken(edtf: str | None) -> str:
    """A date as it is read; its precision stays as it is.

    >>> spoken("2024-11-17"), spoken("2024-09"), spoken("2024-11-11/2024-11-17"), spoken("2023~"), spoken("../2024-11")
    ('17 Nov 2024', 'Sep 2024', '11–17 Nov 2024', 'about 2023', 'until Nov 2024')
    """
    low, slash, high = (edtf or "").partition("/")
    if not slash:
        return _point(low)
    if low in ("", ".."):
        return f"until {_point(high)}"
    if high in ("", ".."):
        return f"since {_point(low)}"
    first, last = _point(low).split(" "), _point(high).split(" ")
    shared = 0
    while shared < len(first) - 1 and first[-1 - shared] == last[-1 - shared]:
        shared += 1
    return f"{' '.join(first[: len(first) - shared])}–{' '.join(last)}"


def _point(edtf: str) -> str:
    plain = edtf.rstrip("~?%")
    found = _POINT.fullmatch(plain)
    about = "about " if plain != edtf else ""
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return about + plain
    year, month, day = found.groups()
    return about + " ".join(part for part in (str(int(day)) if day else "", _MONTHS[int(month) - 1] if month else "", year) if part)


def figure(figure: Figure) -> str:
    """A figure as published, with what it counts where its words do not tell.

    >>> figure(Figure("deaths", 31.0, None, None, "31", 0, 2))
    '31 (deaths)'
    """
    bare = not re.search(r"[^\W\d_]{3,}|[$€£%]", figure.text.removeprefix(figure.hedge or ""))
    return f"{figure.text} ({figure.what})" if bare and figure.what != "other" else figure.text


@functools.cache
def bands() -> dict[str, str]:
    """Words of probability → the range in which readers take them (`ontology/likelihood.toml`).

    >>> bands()["may"]
    '20–60 %'
    """
    return {
        word: f"{phrase['low']}–{phrase['high']} %" if phrase["low"] != phrase["high"] else f"{phrase['low']} %"
        for phrase in load("likelihood.toml")["phrases"] for word in phrase["words"]
    }


def hedges(words: Sequence[str]) -> str:
    """Hedges with the readers' range where it is known; those that only round a number are left out.

    >>> hedges(("may", "about", "reportedly"))
    '“may” (readers take it as 20–60 %), “reportedly”'
    """
    rounding = {str(word) for word in load("figures.yaml")["hedges"]}
    kept = [word for word in words if word not in rounding]
    return ", ".join(f"“{word}” (readers take it as {bands()[word]})" if word in bands() else f"“{word}”" for word in kept)


@functools.cache
def country(iso: str | None) -> str:
    """The name of a country by its ISO 3166 alpha-3 code; the code itself where there is none.

    >>> country("NER")
    'Niger'
    """
    return next((str(row["name"]) for row in load("countries.tsv") if row["iso"] == iso), iso or "")


def sentence_of(document: Document, offset: int) -> tuple[int, int]:
    """The sentence that holds this offset; the whole text where sentences were not read."""
    sentences = document.sentences or ((0, len(document.report.text)),)
    return sentences[max(0, bisect_right(sentences, (offset, len(document.report.text) + 1)) - 1)]


def telling(
    document: Document, trigger: Evidence, fillers: Iterable[tuple[int, int]], acts: Collection[int] = ()
) -> tuple[str, int]:
    """The report's words from the trigger on: to the end of its clause, and as far as the last filler stands.

    A trigger that stands alone at the end of its clause takes the words before it: *supplies will be cut*.

    Args:
        trigger: the word for the act.
        fillers: offsets of what else belongs to it.
        acts: where other acts begin: *froze assets and suspended trade* are two.

    Returns:
        The words, on one line, and the offset where they end.

    >>> from tocsin.model import Report
    >>> report = Report.of("The bloc froze the country's assets in its banks, officials said.")
    >>> telling(Document(report), Evidence.at(report.text, 9, 14), ())[0]
    "froze the country's assets in its banks"
    """
    text, patterns = document.report.text, _patterns()
    sentence = sentence_of(document, trigger.start)
    limit = max(trigger.end, min([sentence[1], *_words_from(text, trigger.start, patterns.most_words)]))
    stops = [found.start() for found in [patterns.stop.search(text, trigger.end, limit)] if found]
    stops += [found.start() for found in patterns.pair.finditer(text, trigger.end, limit) if {*acts} & {found.end(), _last_word(found)}]
    inside = [end for start, end in fillers if trigger.end <= start and end <= limit]
    end = max([trigger.end, min([*stops, limit]), *inside])
    words = _one_line(text[trigger.start : end])
    if end not in inside:
        words = patterns.tail.sub("", words)
    if not inside and len(words) <= len(_one_line(trigger.quote)):
        return _words_before(text, trigger, sentence[0]), trigger.end
    return words, end


def _last_word(found: re.Match[str]) -> int:
    """Where the second word of a pair begins: *and* [then] *suspended*."""
    return found.start() + len(found.group()) - len(found.group().lstrip().split(maxsplit=1)[-1])


def _words_before(text: str, trigger: Evidence, sentence: int) -> str:
    """The words of the clause up to the trigger and with it, if they are few."""
    patterns = _patterns()
    start = max([sentence, *(found.end() for found in patterns.stop.finditer(text, sentence, trigger.start))])
    words = patterns.head.sub("", _one_line(text[start : trigger.end]))
    return words if words.count(" ") < patterns.most_words else _one_line(trigger.quote)


def _one_line(words: str) -> str:
    return " ".join(words.split()).rstrip(".?! ")


def _words_from(text: str, start: int, most: int) -> list[int]:
    """Where the word number `most` from here ends, if there is one."""
    found = re.compile(rf"(?:\S+\s+){{{most - 1}}}\S+").match(text, start)
    return [found.end()] if found else []
