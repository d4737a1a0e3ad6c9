"""Groups of mentions in, `Actor` records out: name, kind, country, role and what each belongs to.

The tables go before the pattern of the words, the pattern before what the model says of the node.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.link import names, offices
from tocsin.link.coreference import groups, place_country
from tocsin.link.mentions import Mention, is_proper, mentions, rules, without_honorific
from tocsin.model import Actor, Document, Evidence, Graph, Slot, content_id

_BOUND_KINDS = ("government", "military", "person", "unnamed", "public")
_ALONE = 0.5  # confidence left to a pronoun that nobody could be found for
_INFERRED = 0.8  # and to a country that the report as a whole suggests


@dataclass(frozen=True, slots=True)
class Cast:
    """The actors of a report and which of them each span means."""

    actors: tuple[Actor, ...]
    by_span: Mapping[tuple[int, int], Actor]
    by_node: Mapping[int, Actor]


@dataclass(frozen=True, slots=True)
class _Post:
    """An office that the report gives to a mention: title, country, and the role of the body it belongs to."""

    title: str
    country: str | None
    role: str | None


def cast(document: Document) -> Cast:
    """Every distinct actor over the actor nodes of the document, in order of first mention."""
    found = mentions(document)
    sets, persons = groups(document, found)
    posts = _posts(document)
    home = _home(document)
    actors: list[Actor] = []
    taken: set[str] = set()
    by_span: dict[tuple[int, int], Actor] = {}
    by_node: dict[int, Actor] = {}
    for group in sets:
        members = [found[index] for index in group]
        person = next((persons[index] for index in group if persons[index]), None)
        actor = _actor(document, members, person, posts, home)
        if actor.id in taken:
            actor = _renamed(actor, members[0].start)
        taken.add(actor.id)
        actors.append(actor)
        for member in members:
            by_span[member.start, member.end] = by_node[member.node] = actor
    return Cast(tuple(actors), by_span, by_node)


def implied(slot: Slot, document: Document, evidence: tuple[Evidence, ...]) -> Actor:
    """The actor of a slot that no words fill: a known name, or an unnamed voice of this report."""
    entry = names.lookup(slot.name)
    if entry and entry.form != "people":
        government = entry.form in ("capital", "government")
        kind = "government" if government else entry.kind or "organisation"
        name = names.country_name(entry.country) if entry.form == "capital" and entry.country else entry.name
        whole = name if government else None
        return _made(name, kind, entry.country, entry.role, _belongs(entry.part_of), (), (), _ALONE, evidence, whole)
    country = names.country_of(slot.name)
    key = content_id("a", document.report.id, slot.name)
    return Actor(key, slot.name, "unnamed", country, None, country, (), (), _ALONE, evidence)


def _made(name: str, kind: str, country: str | None, role: str | None, part_of: str | None, aliases: tuple[str, ...],
          spots: tuple[Evidence, ...], confidence: float, evidence: tuple[Evidence, ...], whole: str | None = None) -> Actor:
    """An actor that has the same id in every report. `whole` is its name where that means the whole government of its country."""
    key = names.fold(names.country_name(country)) if country and kind == "government" and name in (whole, names.country_name(country)) else names.fold(name)
    return Actor(content_id("a", key, kind, country), name, kind, country, role, part_of, aliases, spots, confidence, evidence)


def _belongs(part_of: str | None) -> str | None:
    """The ISO code, or the id that the named actor has in every report."""
    if part_of is None or re.fullmatch(r"[A-Z]{3}", part_of):
        return part_of
    entry = names.lookup(part_of)
    return content_id("a", names.fold(entry.name), entry.kind, entry.country) if entry else None


def _renamed(actor: Actor, start: int) -> Actor:
    values = {field: getattr(actor, field) for field in Actor.__slots__}
    return Actor(**values | {"id": content_id("a", actor.id, start)})


def _actor(document: Document, members: Sequence[Mention], person: str | None, posts: Mapping[int, _Post], home: str | None) -> Actor:
    best = _best(members)
    spots = tuple(Evidence(member.start, member.end, member.words) for member in members)
    evidence = (Evidence(best.start, best.end, best.words),)
    confidence = max(member.confidence for member in members)
    given = [posts[member.node] for member in members if member.node in posts]
    entry = next((member.entry for member in members if member.entry), None)
    if best.form == "pronoun":
        key = content_id("a", document.report.id, best.start)
        return Actor(key, best.words, best.kind, None, best.role, None, (), spots, confidence * _ALONE, evidence)
    if person or (best.kind == "person" and entry is None and best.form != "unnamed"):
        return _person(document, members, best, person, given, spots, confidence, evidence)
    if entry:
        return _known(members, entry, spots, confidence, evidence)
    return _described(document, members, best, given, home, spots, confidence, evidence)


def _best(members: Sequence[Mention]) -> Mention:
    """The mention that a reader would quote: a name before a description before a pronoun, the fullest, the first."""
    rank = {"name": 0, "nominal": 1, "unnamed": 1, "pronoun": 2}

    def order(member: Mention) -> tuple[int, int, int]:
        fuller = -len(member.tokens) if member.personal or (member.form == "name" and member.entry is None) else 0
        return rank[member.form], fuller, member.start

    return min(members, key=order)


def _known(members: Sequence[Mention], entry: names.Entry, spots: tuple[Evidence, ...], confidence: float,
           evidence: tuple[Evidence, ...]) -> Actor:
    """An actor that the tables know. A government has the name of its country unless only a building's name stands for it."""
    forms = {member.entry.form for member in members if member.entry}
    kind, name = entry.kind or "organisation", entry.name
    if members[0].key and any(member.key and member.key[0] == "government" for member in members):
        kind = "government"
        name = names.country_name(entry.country) if entry.country and forms != {"government"} else entry.name
    if entry.form == "people":
        name = members[0].words
    role = entry.role or ("GOV" if kind in ("government", "state") else _voted_role(members))
    part_of = entry.part_of or (entry.country if kind == "government" else None)
    whole = name if kind == "government" and forms & {"government", "capital", "country", "adjective"} else None
    return _made(name, kind, entry.country, role, _belongs(part_of), _aliases(members, name), spots, confidence, evidence, whole)


def _person(document: Document, members: Sequence[Mention], best: Mention, person: str | None, given: Sequence[_Post],
            spots: tuple[Evidence, ...], confidence: float, evidence: tuple[Evidence, ...]) -> Actor:
    country = next((post.country for post in given if post.country), None) or best.country
    role = next((post.role for post in given if post.role), None)
    name, part_of = without_article(best.words), None
    if person:
        row = _row(person, country, document.report.published)
        country, part_of = (row.country, None) if len(row.country) == 3 and row.country.isupper() else (country, row.country)
        entry = names.lookup(part_of) if part_of else None
        role = role or (entry.role if entry else "GOV")
        country = country or (entry.country if entry else None)
        name = row.person if row.basis == "project" else name
    country = country or _modifier(document, members)
    pattern = names.role_of(best.words)
    role = role or (pattern.role if pattern and best.form != "name" else None) or _voted_role(members)
    key = ("a", names.fold(person), "person") if person else None
    if best.form == "name" and not key:
        key = ("a", names.fold(name), "person", country)  # type: ignore[assignment]
    actor = content_id(*key) if key else content_id("a", document.report.id, best.start)
    belongs = _belongs(part_of) or country
    return Actor(actor, name, "person", country, role, belongs, _aliases(members, name), spots, confidence, evidence)


def _described(document: Document, members: Sequence[Mention], best: Mention, given: Sequence[_Post], home: str | None,
               spots: tuple[Evidence, ...], confidence: float, evidence: tuple[Evidence, ...]) -> Actor:
    """Whom no table knows: kind, role and country from the words, then from the model and the report."""
    pattern = names.role_of(best.words) if best.form != "name" or best.country else None
    kind = "unnamed" if best.form == "unnamed" else _voted_kind(members)
    if pattern and not pattern.person and kind not in ("unnamed", "person"):
        kind = pattern.kind
    role = (pattern.role if pattern else None) or next((post.role for post in given if post.role), None) or _voted_role(members)
    country = best.country or next((member.country for member in members if member.country), None)
    country = country or next((post.country for post in given if post.country), None) or _modifier(document, members)
    country = country or _of_whom(best.words, document.report.published)
    if country is None and home and _is_home_body(document.report.text, best):
        country, confidence = home, confidence * _INFERRED
    name = without_article(best.words)
    part_of = country if kind in (*_BOUND_KINDS, "organisation") else None
    inside = _known_inside(best.words)
    if inside:
        part_of, country, role = _belongs(inside.name), country or inside.country, role or inside.role
    if best.form == "name" or best.key:
        whole = name if best.key and best.key[0] == "government" else None
        return _made(name, kind, country, role, part_of, _aliases(members, name), spots, confidence, evidence, whole)
    key = content_id("a", document.report.id, best.start)
    return Actor(key, name, kind, country, role, part_of, _aliases(members, name), spots, confidence, evidence)


def _of_whom(words: str, day: str | None) -> str | None:
    """The country of *the Clinton administration*: of whoever of that name was in office on the day."""
    match = re.fullmatch(r"(?:the\s+)?(.+?)(?:['’]s?)?\s+(?:administration|government|cabinet|presidency|regime|junta|campaign|team|camp|circle)", words.strip())
    if not match or not match[1][:1].isupper():
        return None
    countries = {row.country for row in offices.named(match[1]) if day is None or row.covers(day)}
    return countries.pop() if len(countries) == 1 else None


def _is_home_body(text: str, mention: Mention) -> bool:
    """*the army* in a report that names one country: surely its army."""
    definite = text[max(0, mention.start - 4) : mention.start].lower() == "the " or mention.words.lower().startswith("the ")
    return mention.form == "nominal" and definite and names.fold(mention.words) in rules()["home_bodies"]


def without_article(words: str) -> str:
    """A name as it stands in a list, without *the* and *Mr*.

    >>> without_article("Mr Muizzu"), without_article("the ministry")
    ('Muizzu', 'ministry')
    """
    bare = re.sub(r"^(?:the|a|an)\s+", "", words.strip())
    return without_honorific(bare) if is_proper(bare) else bare


def _known_inside(words: str) -> names.Entry | None:
    """An organisation or group of the tables inside a phrase: *Hezbollah fighters*, *UN officials*."""
    tokens = re.findall(r"(?:[A-Z]\.){2,}|[\w.'’-]+", words)
    for size in range(min(4, len(tokens) - 1), 0, -1):
        entry = names.lookup(" ".join(tokens[:size]))
        if entry and entry.form == "actor" and entry.kind != "state":
            return entry
    return None


def _voted_kind(members: Sequence[Mention]) -> str:
    votes: Counter[str] = Counter()
    for member in members:
        votes[member.kind] += 1 if member.form == "pronoun" else 3
    return max(sorted(votes), key=lambda kind: votes[kind])


def _voted_role(members: Sequence[Mention]) -> str | None:
    votes = Counter(member.role for member in members if member.role)
    return max(sorted(role for role in votes if role), key=lambda role: votes[role]) if votes else None


def _aliases(members: Sequence[Mention], name: str) -> tuple[str, ...]:
    """Other names in the report, as written and in order; neither pronouns nor descriptions."""
    listed = dict.fromkeys(without_article(member.words) for member in members if member.form == "name")
    return tuple(alias for alias in listed if alias != name)


def _row(person: str, country: str | None, day: str | None) -> offices.Holding:
    rows = [row for row in offices.named(person) if row.person == person]

    def order(row: offices.Holding) -> tuple[bool, bool, str]:
        return bool(country) and row.country != country, day is None or row.covers(day) is not True, row.since

    return min(rows, key=order)


def _posts(document: Document) -> dict[int, _Post]:
    """The office that the graph gives to each actor node."""
    graph, text = document.graph or Graph((), ()), document.report.text
    result: dict[int, _Post] = {}
    for hub, node in enumerate(graph.nodes):
        if node.kind != "office":
            continue
        title = text[node.start : node.end]
        bodies = [graph.nodes[target] for target in graph.targets(hub, "country")]
        country = next((code for body in bodies if (code := place_country(text[body.start : body.end]))), None)
        body_role = next((body.role for body in bodies if body.role not in (None, "-", "GOV")), None)
        pattern = names.role_of(title)
        for target in graph.targets(hub, "person"):
            result.setdefault(target, _Post(offices.normal_office(title), country, body_role or (pattern.role if pattern else None)))
    return result


def _modifier(document: Document, members: Sequence[Mention]) -> str | None:
    """The country in the words right before a mention: *Russian* in *Russian foreign ministry*, *Mali's* in *Mali's army*."""
    text = document.report.text
    for member in members:
        if member.form == "pronoun":
            continue
        before = re.split(r"[.,;:()“”\"—–]|\n| and | in | on | by | to | with ", text[max(0, member.start - 60) : member.start])[-1]
        found = list(names.countries_in(" ".join(before.split()[-5:])))
        if found and re.search(r"(?:['’]s?|\w+n|\w+i|\w+ese|\w+sh|\w+ch|U\.S\.|US|UK|EU|Greek|Czech|Thai|Swiss|Uzbek|Kazakh|Tajik|Serb|Croat|Iraqi)(?:\s+[\w-]+){0,4}\s*$", before):
            return found[-1]
    return None


def _home(document: Document) -> str | None:
    """The country that a report is mostly about: named three times at least, and twice as often as the next."""
    counts = Counter(names.countries_in(document.report.text)).most_common(2)
    if not counts or counts[0][1] < 3:
        return None
    return counts[0][0] if len(counts) == 1 or counts[0][1] >= 2 * counts[1][1] else None

