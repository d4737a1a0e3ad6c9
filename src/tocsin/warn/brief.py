"""A read `Document` → its `Brief`: sections of lines, each with the numbers of the words that support it.

What happened and what is only said, feared, planned or threatened never stand in one section. Lines are told in the
report's own words, with the parties in front; a record that another line tells already is left out here, not in the JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tocsin.model import Capability, Claim, Clause, Document, Event, Evidence, Permission, RedLine, Slot, Tenure
from tocsin.ontology import load
from tocsin.warn import wording


@dataclass(frozen=True, slots=True)
class Quote:
    """The words behind a number, with what stands before and after them in their sentences."""

    number: int
    report: str
    start: int
    end: int
    quote: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One item: `label` (how it stands), `text`, `code` (PLOVER type and mode), further `details`, numbers of quotes, record.

    `unsure`: the model was not sure of it (`unsure_below` in `ontology/brief.yaml`).
    """

    text: str
    record: str
    evidence: tuple[int, ...]
    label: str | None = None
    code: str | None = None
    details: tuple[str, ...] = ()
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; `key` is its name in the page."""

    key: str
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a report tells, for reading. `facts` are pairs such as `("Published", "18 Nov 2024")`."""

    report: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A line with its evidence, before it is numbered."""

    text: str
    record: str
    evidence: tuple[Evidence, ...]
    label: str | None = None
    code: str | None = None
    details: tuple[str, ...] = ()


def write_brief(document: Document, *, first: int = 1, only: Collection[str] | None = None) -> Brief:
    """The brief of one read report.

    Args:
        first: the number of its first quote, so that several briefs can be numbered through.
        only: ids of the records to tell; all by default.

    >>> from tocsin.model import Report
    >>> write_brief(Document(Report.of("Mali closed the border.", title="Border shut"))).title
    'Border shut'
    """
    chosen = document if only is None else _only(document, only)
    drafted = [
        (key, heading, _merged(drafts)) for key, heading, write in SECTIONS if (drafts := [*write(chosen)])
    ]
    numbers: dict[tuple[int, int], int] = {}
    for _, _, drafts in drafted:
        for evidence in (item for draft in drafts for item in draft.evidence):
            numbers.setdefault((evidence.start, evidence.end), first + len(numbers))
    doubtful = {record.id for _, record in document.records() if record.confidence < load("brief.yaml")["unsure_below"]}
    sections = tuple(
        Section(key, heading, tuple(_line(draft, numbers, doubtful) for draft in drafts)) for key, heading, drafts in drafted
    )
    quotes = tuple(_quote(document, number, start, end) for (start, end), number in numbers.items())
    report = document.report
    return Brief(report.id, report.title or "Untitled report", tuple(_facts(document)), sections, quotes)


def _only(document: Document, ids: Collection[str]) -> Document:
    layers = ("events", "claims", "red_lines", "permissions", "capabilities", "tenures", "links", "questions", "doubts")
    kept: dict[str, Any] = {layer: tuple(record for record in getattr(document, layer) or () if record.id in ids) for layer in layers}
    return replace(document, **kept)


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    report = document.report
    told = (
        ("Source", report.source), ("Author", report.author), ("Published", wording.spoken(report.published)),
        ("Link", report.url), ("Report", report.id),
    )
    yield from ((what, value) for what, value in told if value)


def _merged(drafts: Iterable[Draft]) -> list[Draft]:
    """Lines that read the same become one with the evidence of all."""
    found: dict[tuple[str | None, str], Draft] = {}
    for draft in drafts:
        key = draft.label, draft.text.lower()
        same = found.get(key)
        found[key] = replace(same, evidence=(*same.evidence, *draft.evidence)) if same else draft
    return list(found.values())


def _line(draft: Draft, numbers: dict[tuple[int, int], int], doubtful: Collection[str]) -> Line:
    cited = tuple(sorted({numbers[item.start, item.end] for item in draft.evidence}))
    return Line(draft.text, draft.record, cited, draft.label, draft.code, draft.details, draft.record in doubtful)


def _quote(document: Document, number: int, start: int, end: int) -> Quote:
    text = document.report.text
    low, _ = wording.sentence_of(document, start)
    _, high = wording.sentence_of(document, max(start, end - 1))
    return Quote(number, document.report.id, start, end, text[start:end], text[min(low, start) : start], text[end : max(high, end)])


# --- what happened, and what is only said or feared ---------------------------------------------------------------

# The order in which the second section groups its lines.
_UNSURE = ("attributed", "reported", "possible", "speculated", "planned", "conditional", "denied", "did not happen")


def _happened(document: Document) -> Iterator[Draft]:
    """Events that the report itself tells as so."""
    for event in _worth_telling(document):
        if event.factuality == "asserted":
            yield _event(document, event)


def _said(document: Document) -> Iterator[Draft]:
    """All other events, by how sure they are, with the word for that in front and the holder named."""
    told = [event for event in _worth_telling(document) if event.factuality != "asserted"]
    for factuality in _UNSURE:
        for event in (event for event in told if event.factuality == factuality):
            holder = wording.name(event.holder, document.report.text) if event.holder else None
            named = event.holder is not None and not event.holder.implied and not _one_party(event.holder, next(iter(event.actors), None))
            yield replace(_event(document, event), label=f"{factuality} ({holder})" if named else factuality)


def _worth_telling(document: Document) -> Iterator[Event]:
    """Events but those that say nothing alone, and those told as part of a red line, a permission or a claim."""
    for event in document.events or ():
        parties = event.actors or event.recipients or event.affected
        says = parties or event.instruments or event.place or event.figures or event.when
        if says and not _part_of_another(document, event, bool(parties)):
            yield event


def _part_of_another(document: Document, event: Event, parties: bool) -> bool:
    at = event.mentions[0]
    lines, permissions = document.red_lines or (), document.permissions or ()
    if event.type == "THREATEN" and any(_shared(event.evidence, line.evidence) for line in lines):
        return True
    clauses: list[Clause | Evidence | None] = [clause for line in lines for clause in (line.condition, line.consequence)]
    clauses += [permission.act for permission in permissions if _says_something(permission)]
    open_ = event.factuality in ("planned", "conditional", "possible")
    if open_ and any(clause and clause.start <= at.start and at.end <= clause.end for clause in clauses):
        return True
    if parties:
        return False
    claimed = any(event.id in claim.events and claim.kind != "assessment" for claim in document.claims or ())
    return claimed or any(_shared(event.evidence, permission.evidence) for permission in permissions)


def _shared(one: tuple[Evidence, ...], two: tuple[Evidence, ...]) -> bool:
    return bool(set(one) & set(two))


def _event(document: Document, event: Event) -> Draft:
    """WHO → WHOM: the report's words from the verb on, and what of place, means, time and figures they leave out."""
    text, at = document.report.text, event.mentions[0]
    words, end = _words(document, event)

    def outside(start: int | None) -> bool:
        return start is not None and not at.start <= start < end

    actors, means = event.actors, [slot for slot in event.instruments if outside(slot.start)]
    if not actors and means and (means[0].start or 0) < at.start:  # "a first batch reached Ukraine"
        actors, means = event.instruments, []
    extra = [f"with {wording.names(means, text)}"] if means else []
    if event.place and outside(event.place.start):
        extra.append(wording.with_preposition(event.place, text, "in"))
    extra += [told for figure in event.figures if (told := wording.figure(figure)).lower() not in words.lower() and outside(figure.start)]
    if event.affected:
        extra.append(f"affecting {wording.names(event.affected, text)}")
    date = wording.spoken(event.when.edtf) if event.when else ""
    extra += [date] if date and date not in words else []
    parties = _parties(actors, event.recipients, text)
    told = f"{parties}: {words}" if parties else words[:1].upper() + words[1:]
    code = " ".join(part for part in (event.type, event.mode) if part)
    return Draft(told + (f" ({', '.join(extra)})" if extra else ""), event.id, event.evidence, code=code or None)


def _words(document: Document, event: Event) -> tuple[str, int]:
    """The report's words for what is done; they reach to the last filler but for an actor who is not in a by-phrase.

    What a speaker says and what a permission allows is part of it.
    """
    text, at = document.report.text, event.mentions[0]
    agents = [slot for slot in event.actors if slot.start is not None and wording.with_preposition(slot, text, "-").startswith("by ")]
    slots = [*agents, *event.recipients, *event.affected, *event.instruments, *([event.place] if event.place else [])]
    fillers = [(slot.start, slot.end) for slot in slots if slot.start is not None and slot.end is not None]
    fillers += [(p.act.start, p.act.end) for p in document.permissions or () if p.act and _shared(p.evidence, event.evidence)]
    said = _content(document, event)
    fillers += [said] if said else []
    own = {slot.start for slot in [*slots, *event.actors]}
    others = [other for other in document.events or () if other is not event]
    acts = {mention.start for other in others for mention in other.mentions}
    acts |= {slot.start for other in others for slot in other.actors if slot.start is not None and slot.start not in own}
    words, end = wording.telling(document, at, fillers, acts)
    if said and not (at.start <= said[0] and said[1] <= end):
        words = f"{words if end > at.end else at.quote}: “{_flat(text[slice(*said)])}”"
    return words, end


def _content(document: Document, event: Event) -> tuple[int, int] | None:
    """Where what is said stands, for an act of speaking: in the claim of its actor whose evidence it shares."""
    at, text = event.mentions[0], document.report.text
    for claim in document.claims or ():
        if any(_one_party(actor, claim.holder) for actor in event.actors):
            for item in claim.evidence:
                start = text.find(claim.proposition, item.start, item.end)
                end = start + len(claim.proposition)
                if start >= 0 and item in event.evidence and item.start <= at.start <= item.end and not start <= at.start < end:
                    return start, end
    return None


def _parties(actors: Iterable[Slot], recipients: Iterable[Slot], text: str) -> str:
    """Who → whom, in words.

    >>> _parties([Slot(None, "Mali", None, None, None)], [], "")
    'Mali'
    """
    left, right = wording.names(actors, text), wording.names(recipients, text)
    both = f"{left} → {right}".strip() if right else left
    return both[:1].upper() + both[1:]


# --- claims -------------------------------------------------------------------------------------------------------



def _claims(document: Document) -> Iterator[Draft]:
    """Who holds what, how surely; but what the line of an event or a red line has told in full."""
    text, words = document.report.text, load("brief.yaml")["claims"]
    grouped: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in document.claims or ():
        if not _told(document, claim):
            grouped.setdefault((claim.kind, claim.certainty, claim.proposition), []).append(claim)
    for (kind, certainty, proposition), claims in grouped.items():
        what = words["certainty"].get(certainty) or words["kind"].get(kind) or kind
        how = words["qualified"].get(certainty)
        holders = wording.joined(wording.name(claim.holder, text) if claim.holder else "the report" for claim in claims)
        weaker = wording.hedges(claims[0].hedges)
        around = claims[0].evidence[0].quote
        short = len(proposition.split()) <= 3 and proposition in around and len(around.split()) <= 16
        if short:  # "his aides insist that he will not"
            what, proposition = what.removesuffix(" of").removesuffix(" about"), around
        yield Draft(
            f"{what}{f' ({how})' if how else ''}: “{_flat(proposition)}”", claims[0].id,
            tuple(quote for claim in claims for quote in claim.evidence),
            label=holders[:1].upper() + holders[1:], details=(f"hedged: {weaker}",) if weaker else (),
        )


def _told(document: Document, claim: Claim) -> bool:
    short = claim.holder is not None and claim.holder.implied and len(claim.proposition.split()) <= 3
    if short or claim.proposition.lower() in load("brief.yaml")["empty"]:
        return True
    if any(line.condition and line.condition.quote in claim.proposition for line in document.red_lines or ()):
        return True
    for event in _worth_telling(document):
        same_act = event.id in claim.events and _one_party(event.holder, claim.holder)
        if same_act and claim.kind == "assessment" and claim.certainty != "uncertain":
            return True
        if any(_one_party(actor, claim.holder) for actor in event.actors) and any(
            claim.proposition in evidence.quote for evidence in event.evidence
        ) and _flat(claim.proposition) in _event(document, event).text:
            return True
    return False


def _one_party(one: Slot | None, two: Slot | None) -> bool:
    return one is not None and two is not None and ((one.id or one.start) == (two.id or two.start))


def _flat(words: str) -> str:
    """A quote on one line, with single quotation marks inside."""
    return " ".join(words.split()).replace("“", "‘").replace("”", "’").replace('"', "'")


# --- red lines, permissions, capabilities, offices ----------------------------------------------------------------


def _red_lines(document: Document) -> Iterator[Draft]:
    """Issuer → addressees: IF condition THEN consequence, and how firm it is."""
    text = document.report.text
    for line in document.red_lines or ():
        issuer = wording.name(line.issuer, text) if line.issuer else "Somebody"
        level = f" ({line.issuer_level})" if line.issuer_level and line.issuer_level not in issuer.lower() else ""
        to = f" → {wording.names(line.addressees, text)}" if line.addressees else ""
        then = f"“{_flat(line.consequence.quote)}”" if line.consequence else "what would follow is not told"
        told = f"{issuer[:1].upper()}{issuer[1:]}{level}{to}: {_condition(line)}, THEN {then}"
        yield Draft(told, line.id, line.evidence, details=tuple(_firmness(line)))


def _condition(line: RedLine) -> str:
    if line.condition is None:
        return "the condition is not told"
    quote = _flat(line.condition.quote)
    inside = any(f" {term} " in f" {quote.lower()} " for term in load("hedges.yaml")["negative_condition"])
    negated = line.condition.polarity == "does not happen" and not inside
    return f"IF {'NOT ' if negated else ''}“{quote}”"


def _firmness(line: RedLine) -> Iterator[str]:
    force = line.force
    words = ["explicit" if force.explicit else "", "in the issuer's quoted words" if force.quoted else "", "said before" if force.repeated else ""]
    hedged = wording.hedges(force.hedges)
    yield "; ".join([load("brief.yaml")["aims"][line.aim], *filter(None, words), *([f"hedged: {hedged}"] if hedged else [])])
    date = wording.spoken(line.status_log[-1].date) if line.status_log else ""
    yield f"threshold {line.ambiguity.threshold}, consequence {line.ambiguity.consequence}; {line.status}{f' {date}' if date else ''}"


def _permissions(document: Document) -> Iterator[Draft]:
    """How it stands, who lets whom, what, how far, since when."""
    text = document.report.text
    for permission in _fullest(document, [item for item in document.permissions or () if _says_something(item)]):
        sides = _parties([permission.grantor] if permission.grantor else [], [permission.grantee] if permission.grantee else [], text)
        act, where = permission.act, permission.scope.place
        what = f"“{_flat(act.quote)}”" if act else _bare_act(document, permission)
        if where and act and where.start is not None and not act.start <= where.start < act.end:
            what += f" ({wording.with_preposition(where, text, 'in')})"
        sure = [permission.factuality] if permission.factuality not in ("asserted", "conditional") else []
        since = [f"since {wording.spoken(permission.since.edtf)}"] if permission.since else []
        limits = [f"limit: “{_flat(limit.quote)}”" for limit in permission.scope.limits]
        yield Draft(
            ": ".join(part for part in (sides, what) if part), permission.id, permission.evidence,
            label=f"{permission.state} ({permission.change})" if permission.change else permission.state,
            details=("; ".join([*sure, *since, *limits]),),
        )


def _bare_act(document: Document, permission: Permission) -> str:
    """Where the act is not told: the words for the permission itself."""
    event = next((event for event in document.events or () if _shared(event.evidence, permission.evidence)), None)
    words = _words(document, event)[0] if event else ""
    if permission.system and permission.system.name not in words:
        words += f" ({wording.with_preposition(permission.system, document.report.text, 'with')})"
    return words.strip()


def _says_something(permission: Permission) -> bool:
    return bool(permission.act or permission.system or (permission.grantor and permission.grantee))


def _fullest(document: Document, permissions: list[Permission]) -> Iterator[Permission]:
    """Mentions of one permission as one, told by the one with the longest act, with the evidence of all.

    One permission: the same state and parties, and one event behind them or no act of its own.
    """
    groups: list[list[Permission]] = []
    for item in sorted(permissions, key=lambda item: -len(item.act.quote) if item.act else 0):
        for group in groups:
            if _sides(group[0]) == _sides(item) and (item.act is None or _behind(document, item) & _behind(document, group[0])):
                group.append(item)
                break
        else:
            groups.append([item])
    for group in sorted(groups, key=lambda group: min(item.evidence[0].start for item in group)):
        yield replace(group[0], evidence=tuple(quote for item in group for quote in item.evidence))


def _sides(permission: Permission) -> tuple[str | None, ...]:
    slots = (permission.grantor, permission.grantee)
    return permission.state, *((slot.id or slot.name) if slot else None for slot in slots)


def _behind(document: Document, permission: Permission) -> set[str]:
    return {event.id for event in document.events or () if _shared(event.evidence, permission.evidence)}


def _capabilities(document: Document) -> Iterator[Draft]:
    """A system, its maker, who holds it, its published figures."""
    text = document.report.text
    for item in document.capabilities or ():
        if not (item.maker or item.figures or item.kind):  # "other equipment": held, but what it is nobody knows
            continue
        aliases = [alias for alias in item.aliases if any(letter.isupper() or letter.isdigit() for letter in alias)]
        maker = f"made by {wording.name(item.maker, text)}" if item.maker else ""
        holders = f"held by {wording.names(item.holders, text)}" if item.holders else ""
        told = "; ".join(part for part in (maker, holders, _figures(item)) if part)
        head = wording.name(item.system, text)
        also = f" (also {wording.joined(aliases)})" if aliases else ""
        yield Draft(f"{head[:1].upper()}{head[1:]}{also}: {told}", item.id, item.evidence, code=item.kind)


def _figures(item: Capability) -> str:
    kinds: dict[str, list[str]] = {}
    for figure in item.figures:
        kinds.setdefault(figure.what, []).append(figure.text)
    return "; ".join((f"{what} " if what != "other" else "") + ", ".join(words) for what, words in kinds.items())


def _offices(document: Document) -> Iterator[Draft]:
    """Person: office, standing, from, to."""
    for tenure in document.tenures or ():
        land = f", {wording.country(tenure.country)}" if tenure.country else ""
        person = tenure.person.name
        if person[:1].islower():  # "the captive president": nobody was found for it
            continue
        yield Draft(f"{person}: {tenure.office}{land}{_dates(tenure)}", tenure.id, tenure.evidence, label=tenure.standing)


def _dates(tenure: Tenure) -> str:
    start, end = wording.spoken(tenure.from_), wording.spoken(tenure.to)
    if not start and not end:
        return ""
    first = "from" if end or tenure.standing in ("elect", "nominated") else "since"
    dates = " ".join([*([f"{first} {start}"] if start else []), *([f"to {end}"] if end else [])])
    return f" ({dates}{' by the table of offices' if tenure.basis == 'table' else ''})"


# --- why, what is open, what does not fit -------------------------------------------------------------------------

def _links(document: Document) -> Iterator[Draft]:
    """Effect and its cause, reason, occasion or aim, and who says so."""
    for link in document.links or ():
        form = load("brief.yaml")["links"][link.sign][link.relation]
        told = form.format(cause=f"“{_flat(link.cause.quote)}”", effect=f"“{_flat(link.effect.quote)}”")
        holder = wording.name(link.holder, document.report.text) if link.holder else None
        label = " ".join([link.certainty, *([f"({holder})"] if holder else [])]) if link.certainty != "asserted" or holder else None
        yield Draft(told, link.id, link.evidence, label=label)


def _questions(document: Document) -> Iterator[Draft]:
    """What is open, the outcomes, by when."""
    for question in document.questions or ():
        until = f"; by {wording.spoken(question.deadline)}" if question.deadline else ""
        outcomes = f" ({' / '.join(question.outcomes)}{until})" if question.outcomes else f" ({until[2:]})" if until else ""
        yield Draft(_flat(question.text) + outcomes, question.id, question.evidence)


def _doubts(document: Document) -> Iterator[Draft]:
    """What does not fit and why."""
    for doubt in document.doubts or ():
        yield Draft(f"{_flat(doubt.what)}: {doubt.why}", doubt.id, doubt.evidence, label=doubt.kind)


SECTIONS: tuple[tuple[str, str, Callable[[Document], Iterator[Draft]]], ...] = (
    ("happened", "What happened", _happened),
    ("said", "Said, reported or feared", _said),
    ("claims", "Claims", _claims),
    ("red-lines", "Red lines", _red_lines),
    ("permissions", "Permissions", _permissions),
    ("capabilities", "Capabilities", _capabilities),
    ("offices", "Offices and transitions", _offices),
    ("why", "Why", _links),
    ("open", "Open questions", _questions),
    ("doubts", "Doubts", _doubts),
)
