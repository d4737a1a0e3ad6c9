"""Annotated reports → the same with spans, clauses and labels by those rules of `docs/annotation.md` that need no judgement.

    python -m training.canon training/corpus/*.graph tests/gold/*.graph          # rewrites the files in place
    python -m training.canon training/corpus/*.standoff.jsonl --data ../shared/data

Two annotators who agree about what is meant still differ about articles, prepositions and generic heads. These rules decide.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import yaml

from training.graph import HAPPENINGS, OFFICES, THINGS, AnnotatedReport, GraphNode, dump, load
from training.standoff import StandoffError, join, save

ROOT = Path(__file__).parents[1]
DETERMINER = re.compile(r"(?:the|a(?! few)|an|his|her|its|their|our|my|your|this|that|these) (?=\S)", re.IGNORECASE)
NAMES = ("The Hague", "The Gambia", "The Bahamas")  # of which the article is a part
ARTICLE = re.compile(r"the (?=\S)", re.IGNORECASE)
TITLE = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Professor|Gen|General|Lt|Lieutenant|Col|Colonel|Maj|Major|Brig|Brigadier|Capt|Captain|Adm|Admiral|Sgt|Sergeant|Marshal|Sir|Sen|Rep)\.?[ -]"
    r"(?=(?:[Gg]eneral |[Cc]olonel |[Cc]ommander |[Aa]dmiral )?[A-Z])"
)
TIME_BEFORE = re.compile(r"(?:in|on|at|for|over|to|through|throughout|during|from(?! now on)) (?=\S)", re.IGNORECASE)
BOUND = re.compile(r"\b(?:since|until|till|before|by|within|no later than)(?: the| an?)? $", re.IGNORECASE)
AUXILIARY = re.compile(r"(?:is|are|was|were|has been|have been|had been|be|been|being) (?=\S+$)", re.IGNORECASE)
STANDING = re.compile(r"(acting|interim|former|outgoing|caretaker) (?:(?:acting|interim|outgoing|caretaker) )*(?=\S)", re.IGNORECASE)
COUNT = re.compile(r"(?:two|three|four|five|six|several|some|single|\d+) (?=\S)(?!mm\b)", re.IGNORECASE)
DESIGNATION = re.compile(r"(?P<name>(?:\S*[A-Z0-9]\S*)(?: \S*[A-Z0-9]\S*)*)(?: [a-z][\w-]*)+")
NO_DESIGNATION = re.compile(r"\S+(?:ese|ish|ian|ean|can|ench|utch|reek|aeli|aqi|ani|ansk|uth Korean|wiss|hai|U\.S\.|US|UN|NATO|EU|'s|’s)|[A-Z][a-z]+|\d\S*")
PEOPLE = re.compile(
    r" (?:people|persons|men|women|children|civilians|lives|deaths|dead|wounded|injured|victims|casualties|troops|inhabitants|residents|refugees)\b"
)
_NUMBER = (
    r"(?:[\d.,/]*\d|a few|(?:an? )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half|"
    r"dozens?|scores?|hundreds?|thousands?|millions?|billion|several|couple|handful|tens))\b"
)
COUNTED = re.compile(  # hedges, the number, and what makes it greater
    rf"(?:(?:at|the|a|least|about|around|some|more|than|nearly|almost|up|to|over|roughly|fewer|less|as|many|estimated|approximately|only|just|barely|close|another|well|between|from|further|additional|total|of) )*"
    rf"{_NUMBER}(?:(?:[ -]|, | and | or | to | of )(?:{_NUMBER}|more|so))*", re.IGNORECASE,
)
MODES = {name: kind["modes"] for name, kind in yaml.safe_load((ROOT / "src/tocsin/ontology/plover.yaml").read_text("utf-8"))["types"].items()}
INTRODUCED = re.compile(r"(?:to (?=[a-z]+ \S)(?!(?:the|a|an|about|over|some|one|its|his|her|their) )|[Ii]f (?=\S+ \S))")
ABBREVIATION = re.compile(r"(?:\b[A-Z]|[A-Z]\.[A-Z]|\b(?:Inc|Jr|Co|Corp|Ltd|St|etc|a\.m|p\.m|No))\.$")
STANDINGS = {"interim": "acting", "caretaker": "acting"}


def canonical(report: AnnotatedReport) -> int:
    """Put spans, clauses, modes, kinds of state bodies and `same` between names right, in place; returns how many were changed.

    A span that would meet another stays.

    >>> from training.graph import parse
    >>> text = "# report id=x published=2024-01-01\\nS Mr Orr was in office since the spring.\\nactor [Mr Orr] person\\ntime [the spring]"
    >>> report = parse(text)[0]
    >>> canonical(report), [node.quote(report.text) for node in report.nodes]
    (2, ['Orr', 'since the spring'])
    """
    changed = 0
    for node in report.nodes:
        if node.attributes.get("mode") not in (None, *MODES.get(node.attributes.get("type", "-"), [])):
            del node.attributes["mode"]  # PLOVER gives this type no such mode
            changed += 1
        if node.attributes.get("role") in ("JUD", "COP", "LEG") and node.attributes.get("actor_kind") == "organisation" and node.country:
            node.attributes["actor_kind"] = "government"
            changed += 1
        rule = RULES.get(node.kind)
        if rule is None:
            continue
        start, end = rule(report, node)
        if (start, end) != (node.start, node.end) and not _taken(report, node, start, end):
            node.start, node.end = start, end
            changed += 1
    kept = [(hub, thing, role) for hub, thing, role in report.edges if role != "same" or not _one_name(report, hub, thing)]
    changed += len(report.edges) - len(kept)
    report.edges = kept
    clauses = [(hub, *_clause(report.text, start, end, role), role) for hub, start, end, role in report.clauses]
    changed += sum(old != new for old, new in zip(report.clauses, clauses, strict=True))
    report.clauses = clauses
    return changed


def _one_name(report: AnnotatedReport, one: int, two: int) -> bool:
    """Two mentions that share a capitalised word: the linker joins names, `same` is for pronouns and nouns."""
    words = [{w for w in re.findall(r"\w+", report.nodes[i].quote(report.text)) if w[0].isupper() and len(w) > 1} for i in (one, two)]
    lower = report.nodes[one].quote(report.text)[0].islower() or report.nodes[one].kind != "actor"
    return not lower and bool(words[0] & words[1] - {"The", "He", "She", "It", "They", "His", "Its", "Their", "We", "Our"})


def _clause(text: str, start: int, end: int, role: str) -> tuple[int, int]:
    """Without the word that introduces it, and without quotation marks and stops at its ends."""
    old = (start, end)
    while True:
        before = (start, end)
        start += len(text[start:end]) - len(text[start:end].lstrip(" ,;:—–-"))
        if text[start] in "“\"" and not re.search("[”\"]", text[start + 1 : end - 1]):
            start += 1
        if role != "limit" and (match := INTRODUCED.match(text, start, end)) and (match[0][0] == "t" or role == "condition"):
            start = match.end()
        if (cut := len(text[start:end].rstrip(" ,;:—–-."))) and not ABBREVIATION.search(text, start, end):
            end = start + cut
        if text[end - 1] in "”\"" and not re.search("[“\"]", text[start : end - 1]):
            end -= 1
        if (start, end) == before or end - start < 3:
            return before if before[1] - before[0] >= 3 else old


def _taken(report: AnnotatedReport, node: GraphNode, start: int, end: int) -> bool:
    """Whether the span would leave its sentence or meet another of its layer."""
    low, high = report.sentences[node.sentence]
    layer = next(kinds for kinds in (THINGS, OFFICES, HAPPENINGS) if node.kind in kinds)
    others = (n for n in report.nodes if n is not node and n.sentence == node.sentence and n.kind in layer)
    return not low <= start < end <= high or any(n.start < end and start < n.end for n in others)


def _strip(pattern: re.Pattern[str], report: AnnotatedReport, start: int, end: int) -> int:
    """Where the span begins without what `pattern` takes from its front; a capital inside a sentence belongs to a name."""
    while match := pattern.match(report.text, start, end):
        inside = match[0][0].isupper() and pattern is DETERMINER and start not in {low for low, _ in report.sentences}
        if report.text[start:end].startswith(NAMES) or (inside and report.text[start - 1] not in "“\"'‘"):
            break
        start = match.end()
    return start


def _actor(report: AnnotatedReport, node: GraphNode) -> tuple[int, int]:
    start, end = _strip(DETERMINER, report, node.start, node.end), node.end
    if node.attributes.get("actor_kind") == "person":
        start = _strip(TITLE, report, start, end)
    if report.text[start:end].endswith(("'s", "’s")):
        end -= 2
    return start, end


def _place(report: AnnotatedReport, node: GraphNode) -> tuple[int, int]:
    return _strip(DETERMINER, report, node.start, node.end), node.end


def _time(report: AnnotatedReport, node: GraphNode) -> tuple[int, int]:
    start = _strip(ARTICLE, report, _strip(TIME_BEFORE, report, node.start, node.end), node.end)
    bound = BOUND.search(report.text, report.sentences[node.sentence][0], start)
    of_a_noun = bound and bound[0].endswith(" the ") and report.text[start : node.end].isdigit()  # since the 1993 treaty
    return (bound.start() if bound and not of_a_noun else start), node.end


def _system(report: AnnotatedReport, node: GraphNode) -> tuple[int, int]:
    start, end = _strip(COUNT, report, _strip(DETERMINER, report, node.start, node.end), node.end), node.end
    if (match := DESIGNATION.fullmatch(report.text, start, end)) and not NO_DESIGNATION.fullmatch(match["name"]):
        end = match.end("name")
    return start, end


def _office(report: AnnotatedReport, node: GraphNode) -> tuple[int, int]:
    start = _strip(DETERMINER, report, node.start, node.end)
    if match := STANDING.match(report.text, start, node.end):
        word = match[1].lower()
        node.attributes.setdefault("standing", STANDINGS.get(word, word))
        start = match.end()
    return start, node.end


def _cue(report: AnnotatedReport, node: GraphNode) -> tuple[int, int]:
    return _strip(AUXILIARY, report, node.start, node.end), node.end


def _quantity(report: AnnotatedReport, node: GraphNode) -> tuple[int, int]:
    """A counted thing is the bare number with its hedges, but *12 people* and the like are one quantity."""
    start, end = _strip(ARTICLE, report, node.start, node.end), node.end
    if node.attributes.get("what") in ("people", "deaths", "injuries", "troops", "systems") and (number := COUNTED.match(report.text, start, end)):
        people = PEOPLE.match(report.text, number.end(), report.sentences[node.sentence][1])
        if people and people.end() <= end:
            return start, end
        if people and not re.match(r",? (?:and|or) ", report.text[people.end() : people.end() + 6]):
            end = people.end()
        elif re.match(r" [a-z]", report.text[number.end() : end]):
            end = number.end()
    return start, end


RULES: dict[str, Callable[[AnnotatedReport, GraphNode], tuple[int, int]]] = {
    "actor": _actor, "place": _place, "time": _time, "system": _system, "office": _office, "cue": _cue, "quantity": _quantity,
}


def _head(path: Path) -> list[str]:
    """The comments at the beginning of a file."""
    return list(takewhile(lambda line: not line.startswith("# report "), path.read_text("utf-8").splitlines(keepends=True)))


def rewrite(path: Path, data: Path | None, *, check: bool) -> int:
    """Put one file right in place, or only count with `check`; returns how many things were changed.

    Raises:
        GraphError, StandoffError: a file that the format does not allow, or open text without its folder `data`.
    """
    standoff = path.suffix == ".jsonl"
    if standoff and data is None:
        raise StandoffError(f"{path}: the text of a stand-off file lies elsewhere; give the folder that holds open-text/ with --data")
    reports = join(path, data) if standoff and data else load([path])
    changed = sum(canonical(report) for report in reports)
    if changed and not check:
        if standoff and data:
            save(reports, data, path)
        else:
            path.write_text("".join(_head(path)) + dump(reports), "utf-8")
    return changed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="training.canon", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, help="the folder that holds open-text/, for stand-off files")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if something would change")
    given = parser.parse_args(arguments)
    total = 0
    for path in given.files:
        try:
            changed = rewrite(path, given.data, check=given.check)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
        total += changed
        if changed:
            print(f"{path.name}: {changed} spans, clauses, labels or edges")
    return 1 if given.check and total else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
