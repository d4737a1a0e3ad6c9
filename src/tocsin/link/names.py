"""Words that name an actor in, what the tables know of it out: country, kind, role and canonical name.

The tables are `ontology/countries.tsv` (names, adjectives, capitals), `ontology/actors.tsv` (governments by a building,
organisations, armed groups, media, companies) and `ontology/roles.yaml` (words that give a role away).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.ontology import load

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_PREPOSITIONS = frozenset((
    "of", "in", "from", "for", "to", "with", "against", "on", "at", "near", "by", "over", "under", "about", "inside",
    "across", "along", "between", "among",
))
_NOT_THEIRS = re.compile(r"[-‑](?:backed|led|made|allied|supported|born|controlled|occupied|based|trained|built|funded|aligned|held|run|friendly|speaking)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a table knows of a name. `form`: `country`, `adjective`, `people`, `capital`, `government` or `actor`."""

    name: str
    form: str
    kind: str | None
    role: str | None
    country: str | None
    part_of: str | None = None
    aliases: tuple[str, ...] = ()


@functools.lru_cache(maxsize=65536)
def fold(words: str) -> str:
    """The form in which names are compared: without accents, case, article, possessive and dots.

    >>> fold("the Élysée's"), fold("U.N.")
    ('elysee', 'un')
    """
    plain = unicodedata.normalize("NFKD", words.replace("’", "'").replace("‘", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _POSSESSIVE.sub("", _ARTICLE.sub("", plain.strip()))
    return re.sub(r"[\s\-‑–]+", " ", plain.casefold().replace(".", "").replace("'", "").replace("ı", "i")).strip()


def lookup(words: str) -> Entry | None:
    """What the tables know of exactly these words; short acronyms must agree in case.

    >>> lookup("the Kremlin").country, lookup("Ankara").form, lookup("us") is None
    ('RUS', 'capital', True)
    """
    bare = _POSSESSIVE.sub("", _ARTICLE.sub("", words.strip()))
    exact = _table()[0].get(_undotted(bare))
    return exact or _table()[1].get(fold(words))


@functools.cache
def country_name(code: str) -> str:
    """The English name of a country by its code; the code itself where no table has it.

    >>> country_name("UKR"), country_name("SUN")
    ('Ukraine', 'Soviet Union')
    """
    for row in load("countries"):
        if row["iso"] == code:
            return str(row["name"])
    for row in load("actors"):
        if row["country"] == code and row["kind"] == "state":
            return str(row["name"])
    return code


def country_of(words: str) -> str | None:
    """The country that a noun phrase belongs to by a word in it.

    Capitals do not count, nor what others support or lie in: *Iran-backed fighters*, *the envoy to Syria*.

    >>> country_of("Ukrainian forces"), country_of("ambassador to Syria"), country_of("junta of Niger")
    ('UKR', None, 'NER')
    """
    found = list(_countries(words))
    return found[-1] if found else None


def countries_in(text: str) -> Iterator[str]:
    """Every country named in running text by its name or adjective, in order."""
    tokens = _tokens(text)
    position = 0
    while position < len(tokens):
        size, entry = _country_at(tokens, position)
        if entry and entry.country:
            yield entry.country
        position += size


def _countries(words: str) -> Iterator[str]:
    tokens = _tokens(words)
    stop = next((i for i, token in enumerate(tokens) if token.lower() in _PREPOSITIONS), len(tokens))
    found = list(_scan(tokens[:stop]))
    if not found and stop < len(tokens) and tokens[stop].lower() == "of":
        tail = tokens[stop + 1 :]
        rest = next((i for i, token in enumerate(tail) if token.lower() in _PREPOSITIONS), len(tail))
        found = list(_scan(tail[:rest]))
    yield from found


def _scan(tokens: list[str]) -> Iterator[str]:
    position = 0
    while position < len(tokens):
        size, entry = _country_at(tokens, position)
        if entry and entry.country and entry.form != "capital":
            yield entry.country
        position += size


def _country_at(tokens: list[str], position: int) -> tuple[int, Entry | None]:
    """The longest country word that begins here, and how many tokens it has."""
    for size in range(min(6, len(tokens) - position), 0, -1):
        words = " ".join(tokens[position : position + size])
        if words[:1].isupper() and not _NOT_THEIRS.search(tokens[position + size - 1]):
            entry = lookup(words)
            if entry and (entry.form in ("country", "adjective", "people") or (entry.kind == "state" and entry.country)):
                return size, entry
    return 1, None


def _tokens(words: str) -> list[str]:
    return re.findall(r"(?:[A-Z]\.){2,}|[\w.'’]+(?:[-‑][\w.'’]+)*", words)


# --- roles -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A word that gives a role away. `person`: the word is for a person (*minister*), not for a body (*ministry*)."""

    role: str
    kind: str
    person: bool


def role_of(words: str) -> RoleWord | None:
    """The role that the head of a noun phrase gives away, a body before it going before a bare person's word.

    >>> role_of("army spokesman").role, role_of("the constitutional court").kind, role_of("rain") is None
    ('MIL', 'government', True)
    """
    tokens = [fold(token) for token in _tokens(words)]
    stop = next((i for i, token in enumerate(tokens) if token in _PREPOSITIONS), len(tokens))
    found = list(_role_words(tokens[:stop])) or list(_role_words(tokens))
    if not found:
        return None
    head = found[-1]
    bodies = [word for word in found[:-1] if not word.person]
    return RoleWord(bodies[-1].role, head.kind, True) if head.person and bodies else head


def _role_words(tokens: list[str]) -> Iterator[RoleWord]:
    position = 0
    while position < len(tokens):
        for size in range(min(4, len(tokens) - position), 0, -1):
            word = _roles().get(" ".join(tokens[position : position + size]))
            if word:
                yield word
                position += size
                break
        else:
            position += 1


@functools.cache
def _roles() -> Mapping[str, RoleWord]:
    data: Any = load("roles")
    result: dict[str, RoleWord] = {}
    for role, entry in data["roles"].items():
        for word in entry["words"]:
            result.setdefault(fold(word), RoleWord(role, entry["kind"], entry["kind"] == "person"))
    for role, words in data["persons"].items():
        for word in words:
            result[fold(word)] = RoleWord(role, "person", True)
            result.setdefault(fold(word + "s"), RoleWord(role, "person", True))
    return result


@functools.cache
def unnamed_heads() -> frozenset[str]:
    """Heads of phrases for sources whom nobody can trace (*officials*, *experts*)."""
    return frozenset(fold(word) for word in load("roles")["unnamed"])


# --- the tables ------------------------------------------------------------------------------------------------------


def _undotted(words: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(?<=[A-Z])\.", "", words))


@functools.cache
def _table() -> tuple[Mapping[str, Entry], Mapping[str, Entry]]:
    """Entries by their words as written (dots dropped) and by their folded words (short acronyms left out)."""
    exact: dict[str, Entry] = {}
    folded: dict[str, Entry] = {}
    for words, entry in _entries():
        exact.setdefault(_undotted(words), entry)
        if not (len(_undotted(words)) <= 4 and _undotted(words).isupper()) and len(words) > 1:
            folded.setdefault(fold(words), entry)
    return exact, folded


def _entries() -> Iterator[tuple[str, Entry]]:
    for row in load("countries"):
        names = (row["name"], *_list(row["names"]))
        entry = Entry(row["name"], "country", "state", None, row["iso"], None, names)
        yield from ((name, entry) for name in names)
    for row in load("actors"):
        yield from _actor_entries(row)
    for row in load("countries"):
        adjective = Entry(row["name"], "adjective", "state", None, row["iso"])
        people = Entry(row["name"], "people", "public", None, row["iso"])
        for word in _list(row["adjectives"]):
            yield word, adjective
            yield word + "s", people
        for capital in _list(row["capitals"]):
            yield capital, Entry(row["name"], "capital", "government", "GOV", row["iso"])


def _actor_entries(row: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    aliases = _list(row["aliases"])
    form = "government" if row["part_of"] == "government" else "actor"
    part_of = None if form == "government" else row["part_of"] or (row["country"] if row["kind"] != "state" else None)
    entry = Entry(row["name"], form, row["kind"], row["role"], row["country"], part_of, aliases)
    yield from ((name, entry) for name in (row["name"], *aliases))


def _list(cell: str | None) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
