"""The actor nodes of a document in, `Mention`s out: each with what its own words and the tables tell of it."""

from __future__ import annotations

import bisect
import functools
import re
from dataclasses import dataclass
from typing import Any

from tocsin.link import names
from tocsin.model import Document
from tocsin.ontology import load

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Mention:
    """One actor node.

    `form` is `pronoun`, `unnamed`, `name` or `nominal`; `key` tells whom the words mean by themselves; `tokens` are the folded words without
    *Mr* or *General*; `personal` is true of the proper name of a person, neither a title nor a phrase.
    """

    node: int
    start: int
    end: int
    words: str
    sentence: int
    kind: str
    role: str | None
    confidence: float
    form: str
    entry: names.Entry | None
    country: str | None
    key: Key | None
    tokens: tuple[str, ...]
    personal: bool


def mentions(document: Document) -> tuple[Mention, ...]:
    """All actor nodes in the order of the text."""
    graph, text = document.graph, document.report.text
    if graph is None:
        return ()
    starts = [start for start, _ in document.sentences or ()]
    people = {names.fold(text[node.start : node.end]).split()[-1] for node in graph.nodes
              if node.kind == "actor" and node.actor_kind == "person" and " " in text[node.start : node.end].strip()
              and names.fold(text[node.start : node.end])}
    result = []
    for index, node in enumerate(graph.nodes):
        if node.kind == "actor":
            words = text[node.start : node.end]
            sentence = max(0, bisect.bisect_right(starts, node.start) - 1)
            kind = node.actor_kind or "organisation"
            role = node.role if node.role not in (None, "-") else None
            result.append(_mention(index, node.start, node.end, words, sentence, kind, role, node.confidence, people))
    return tuple(sorted(result, key=lambda mention: (mention.start, mention.end)))


def _mention(node: int, start: int, end: int, words: str, sentence: int, kind: str, role: str | None, confidence: float,
             people: set[str]) -> Mention:
    entry = names.lookup(words) or names.lookup(without_quantifier(words))  # both Ukraine
    if entry and kind == "person" and names.fold(words) in people:
        entry = None  # a surname that is a country's name as well
    form = _form(words, kind, entry)
    tokens = tuple(names.fold(without_honorific(words)).split())
    if form == "pronoun":
        return Mention(node, start, end, words, sentence, kind, role, confidence, form, None, None, None, tokens, False)
    proper = kind == "person" and entry is None and is_proper(words)  # Israel Katz is not of Israel by his name
    country = entry.country if entry else None if proper else names.country_of(words)
    key = _key(words, kind, form, entry, country)
    personal = proper and form == "name"
    return Mention(node, start, end, words, sentence, kind, role, confidence, form, entry, country, key, tokens, personal)


def pronoun_class(words: str) -> str | None:
    """`person`, `plural`, `thing` or `speaker` for a pronoun.

    >>> pronoun_class("He"), pronoun_class("US")
    ('person', None)
    """
    word = words.strip().lower()
    if words.strip() in ("US", "IT", "WHO"):
        return None
    return next((name for name, listed in rules()["pronouns"].items() if word in listed), None)


def _form(words: str, kind: str, entry: names.Entry | None) -> str:
    if pronoun_class(words):
        return "pronoun"
    if entry:
        return "name"
    bare = without_quantifier(words)
    capitals = [token for token in re.findall(r"[\w'’-]+", bare) if token[:1].isupper() and not _is_country_word(token)]
    described = len(capitals) == 1 and bare.startswith(capitals[0]) and names.role_of(bare) is not None  # Riot police, Hezbollah fighters
    named = bool(capitals) and not described
    head = re.split(r"\s+(?:of|in|from|with|close|familiar|at|for)\s+", names.fold(bare))[0].split()
    voice = not named and head and head[-1] in names.unnamed_heads() and kind not in ("public", "military", "armed-group")
    if kind == "unnamed" or (voice and (kind != "person" or head[-1].endswith("s"))):
        return "unnamed"
    return "name" if named and not words.islower() else "nominal"


def _is_country_word(token: str) -> bool:
    entry = names.lookup(token)
    return bool(entry and (entry.form in ("country", "adjective", "people") or (entry.kind == "state" and entry.country)))


def without_honorific(words: str) -> str:
    """`Mr Muizzu` → `Muizzu`.

    >>> without_honorific("Gen. Mark Milley")
    'Mark Milley'
    """
    listed = "|".join(rules()["honorifics"])
    return re.sub(rf"^(?:(?:{listed})\.?\s+)+(?=\S)", "", words.strip(), flags=re.IGNORECASE)


def is_proper(words: str) -> bool:
    """Do the words look like a person's proper name: capitals throughout but for particles, no adjective of a country first?

    >>> is_proper("Ursula von der Leyen"), is_proper("Yugoslav president"), is_proper("King of Spain")
    (True, False, False)
    """
    tokens = [token for token in re.split(r"\s+", without_honorific(words)) if token]
    particles = rules()["particles"]
    if not tokens or not all(token[:1].isupper() or token[:3].lower() in ("al-", "el-", "as-", "ar-", "ad-", "an-", "bin") or token in particles for token in tokens):
        return False
    first = names.lookup(tokens[0])
    adjective = bool(first and first.form == "adjective" and len(tokens) > 1)
    return not adjective and "of" not in tokens and not re.search(r"['’]s$|['’]$", words.strip()) and not names.role_of(tokens[-1])


def without_quantifier(words: str) -> str:
    """`hundreds of protesters` → `protesters`.

    >>> without_quantifier("about 10,000 North Korean troops")
    'North Korean troops'
    """
    listed = "|".join(rules()["quantifiers"])
    number = r"(?:(?:about|around|some|at least|nearly|more than|up to|over|almost)\s+)?(?:[\d.,]+|two|three|four|five|six|seven|eight|nine|ten|twelve)(?:\s+(?:hundred|thousand|million))?"
    return re.sub(rf"^(?:(?:the|a|an)\s+)?(?:(?:{listed}|{number})\s+)+(?=\S)", "", words.strip(), flags=re.IGNORECASE)


def _key(words: str, kind: str, form: str, entry: names.Entry | None, country: str | None) -> Key | None:
    """Whom the words mean wherever they stand in one report; `None` where that depends on the rest of the report."""
    if form in ("pronoun", "unnamed"):
        return None
    if entry:
        return _entry_key(entry, kind)
    if country:
        rest = _without_country(words)
        if rest in rules()["whole_government"]:
            return "government", country
        if rest in rules()["whole_military"]:
            return "military", country
    bare = names.fold(without_quantifier(words))
    if form == "nominal" and kind != "person" and bare not in rules()["nominals"] and bare not in rules()["anybody"]:
        return "words", bare
    return None


def _entry_key(entry: names.Entry, kind: str) -> Key | None:
    if entry.form in ("country", "adjective"):
        return "state", entry.country or entry.name
    if entry.form == "people":
        return "people", entry.country or entry.name
    if entry.form == "capital":
        return ("government", entry.country or entry.name) if kind in ("state", "government", "unnamed") else None
    if entry.form == "government":
        return "government", entry.country or entry.name
    return "entry", entry.name


def _without_country(words: str) -> str:
    """What is left of a phrase without its country: `Mali's military` → `military`."""
    kept = re.findall(r"(?:[A-Z]\.){2,}|[\w.]+(?:['’]s)?(?:-\w+)*", without_quantifier(words))
    rest = " ".join(token for token in kept if not token[:1].isupper())
    return re.sub(r"^(?:the|s)\s+|\s+of(?: the)?$", "", names.fold(rest)).strip()


@functools.cache
def rules() -> Any:
    """The words of `ontology/coreference.yaml`."""
    return load("coreference")
