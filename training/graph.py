"""Annotated reports in the graph format (`docs/annotation.md`) → `AnnotatedReport`s, and the checker of the format.

    python -m training.graph training/corpus/*.graph        # check, with counts

A line is one node; edges are written by quoting words, so that nobody counts characters:

>>> text = '''# report id=x1 published=2024-03-01
... S The junta barred the envoy from Niamey on Friday.
... actor [The junta] government GOV NER
... actor [the envoy] person
... place [Niamey]
... time [Friday]
... event [barred] COERCE/restrict actor=[The junta] recipient=[the envoy] place=[Niamey] time=[Friday]
... '''
>>> report = parse(text)[0]
>>> [(node.kind, node.quote(report.text)) for node in report.nodes][-1]
('event', 'barred')
"""

from __future__ import annotations

import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path

import yaml

SCHEMA = yaml.safe_load((Path(__file__).parents[1] / "src/tocsin/ontology/graph.yaml").read_text("utf-8"))
THINGS, OFFICES, HAPPENINGS = set(SCHEMA["things"]), set(SCHEMA["offices"]), set(SCHEMA["happenings"])
ATTRIBUTES, EDGES, CLAUSES, SYNONYMS = (SCHEMA[key] for key in ("attributes", "edges", "clauses", "synonyms"))
KINDS = THINGS | OFFICES | HAPPENINGS

# The names under which `dump` writes the roles of these kinds.
_GRANT = {"actor": "grantor", "recipient": "grantee", "instrument": "system"}
ROLE_NAMES = {"cue": {"actor": "holder"}, "threat": {"actor": "issuer", "recipient": "addressee"}, "permit": _GRANT, "withhold": _GRANT}
LONG = 60  # characters of a quotation that `dump` shortens to its first and last words

REFERENCE = re.compile(r"\[(?P<words>[^\[\]]+)\](?:#(?P<nth>\d+))?(?:@(?P<offset>[+-]?\d+))?")
_ONE = r"\[[^\[\]]+\](?:#\d+)?(?:@[+-]?\d+)?"
ITEM = re.compile(rf"(?:(?P<key>[a-z_]+)=)?(?P<refs>{_ONE}(?:\+{_ONE})*)|(?P<pair>[a-z_]+=[^\s\[]+)|(?P<bare>[^\s\[\]=]+)")
ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*")
COUNTRY = re.compile(r"^[A-Z]{3}$")


class GraphError(ValueError):
    """A line that the format does not allow: says file, line, what was found and what is allowed."""


@dataclass(slots=True)
class GraphNode:
    kind: str
    start: int
    end: int
    sentence: int
    attributes: dict[str, str] = field(default_factory=dict)
    country: str | None = None
    line: int = 0

    def quote(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(slots=True)
class AnnotatedReport:
    """One report with its gold graph. `edges` hold (hub index, node index, role), `clauses` (hub index, start, end, role)."""

    id: str
    meta: dict[str, str]
    text: str
    sentences: list[tuple[int, int]]
    nodes: list[GraphNode]
    edges: list[tuple[int, int, str]]
    clauses: list[tuple[int, int, int, str]]


def parse(source: str, name: str = "<text>") -> list[AnnotatedReport]:
    """Parse the reports of one file.

    Raises:
        GraphError: naming file, line, what stands there and what is allowed.
    """
    blocks: list[list[tuple[int, str]]] = []
    for number, line in enumerate(source.splitlines(), 1):
        line = line.strip()
        if line.startswith("# report "):
            blocks.append([])
        if not line or (line.startswith("#") and not line.startswith(("# report ", "# title "))):
            continue
        if not blocks:
            raise GraphError(f"{name}:{number}: a file begins with '# report id=… published=…', found {line[:60]!r}")
        blocks[-1].append((number, line))
    reports, problems = [], []
    for block in blocks:
        try:
            reports.append(_parse_report(block, name))
        except GraphError as error:
            problems.append(str(error))
    if problems:
        raise GraphError("\n".join(problems))
    return reports


def _parse_report(block: list[tuple[int, str]], name: str) -> AnnotatedReport:
    meta = dict(item.split("=", 1) for item in shlex.split(block[0][1])[2:] if "=" in item)
    if "id" not in meta:
        raise GraphError(f"{name}:{block[0][0]}: '# report' needs id=…")
    text, sentences, annotations = "", [], []
    for number, line in block[1:]:
        if line.startswith("# title "):
            meta["title"] = line.removeprefix("# title ")
        elif line[:2] in ("S ", "P "):
            if text:
                text += " " if line[0] == "S" else "\n\n"
            sentences.append((len(text), len(text) + len(line[2:].strip())))
            text += line[2:].strip()
        elif not sentences:
            raise GraphError(f"{name}:{number}: an annotation before the first sentence: {line[:60]!r}")
        else:
            annotations.append((number, line, len(sentences) - 1))
    report = AnnotatedReport(meta["id"], meta, text, sentences, [], [], [])
    problems: list[str] = []
    pending = []
    for number, line, sentence in annotations:
        try:
            pending.append(_parse_node(report, number, line, sentence, name))
        except GraphError as error:
            problems.append(str(error))
    for hub, references, number, sentence in pending:
        for key, reference in references:
            try:
                _add_edge(report, hub, key, reference, sentence, f"{name}:{number}")
            except GraphError as error:
                problems.append(str(error))
    problems += _overlaps(report, name)
    if problems:
        raise GraphError("\n".join(problems))
    return report


def _parse_node(
    report: AnnotatedReport, number: int, line: str, sentence: int, name: str
) -> tuple[int, list[tuple[str, re.Match[str]]], int, int]:
    where = f"{name}:{number}"
    kind, _, rest = line.partition(" ")
    if kind not in KINDS:
        raise GraphError(f"{where}: unknown kind {kind!r}; allowed: S, P, {', '.join(sorted(KINDS))}")
    head = REFERENCE.match(rest)
    if not head:
        raise GraphError(f"{where}: after {kind!r} come the words in [brackets], found {rest[:60]!r}")
    start, end = _locate(report, head, sentence, where)
    node = GraphNode(kind, start, end, sentence, line=number)
    references: list[tuple[str, re.Match[str]]] = []
    position = head.end()
    while position < len(rest):
        if rest[position].isspace():
            position += 1
            continue
        item = ITEM.match(rest, position)
        if not item:
            raise GraphError(f"{where}: cannot read {rest[position:position + 40]!r}")
        if item["refs"]:
            if not item["key"]:
                raise GraphError(f"{where}: {item['refs'][:40]} has no role; write role={item['refs'][:40]}")
            references += [(item["key"], match) for match in REFERENCE.finditer(item["refs"])]
        elif item["pair"]:
            key, _, value = item["pair"].partition("=")
            _set_attribute(node, key, value, where)
        else:
            _set_bare(node, item["bare"], where)
        position = item.end()
    report.nodes.append(node)
    return len(report.nodes) - 1, references, number, sentence


def _set_attribute(node: GraphNode, key: str, value: str, where: str) -> None:
    if key not in ATTRIBUTES or node.kind not in ATTRIBUTES[key]["kinds"]:
        allowed = [k for k, a in ATTRIBUTES.items() if node.kind in a["kinds"]]
        raise GraphError(f"{where}: a {node.kind} has no attribute {key!r}; allowed: {', '.join(allowed) or 'none'}")
    if value not in ATTRIBUTES[key]["values"]:
        raise GraphError(f"{where}: {key}={value!r}; allowed: {', '.join(ATTRIBUTES[key]['values'])}")
    node.attributes[key] = value


def _set_bare(node: GraphNode, word: str, where: str) -> None:
    kind, _, mode = word.partition("/")
    if mode:
        _set_attribute(node, "mode", mode, where)
    for key, attribute in ATTRIBUTES.items():
        if key not in ("certainty", "mode") and node.kind in attribute["kinds"] and kind in attribute["values"]:
            _set_attribute(node, key, kind, where)
            return
    if node.kind in ("actor", "place") and COUNTRY.match(kind):
        node.country = kind
        return
    raise GraphError(f"{where}: {word!r} is no value of a {node.kind}; see docs/annotation.md")


def _locate(report: AnnotatedReport, match: re.Match[str], sentence: int, where: str) -> tuple[int, int]:
    """Character offsets of quoted words; `[a … b]` runs from the first a to the next b."""
    target = sentence + int(match["offset"] or 0)
    if not 0 <= target < len(report.sentences):
        raise GraphError(f"{where}: {match.group()} points to sentence {target}, outside the report")
    low, high = report.sentences[target]
    text = report.text[low:high]
    first, *rest = ELLIPSIS.split(match["words"].strip(), maxsplit=1)
    last = rest[0] if rest else ""
    spots = [m.start() for m in re.finditer(_bounded(first), text)]
    nth = int(match["nth"] or 1)
    if len(spots) < nth:
        raise GraphError(f"{where}: {first!r} (number {nth}) does not stand in the sentence {text[:90]!r}")
    start = spots[nth - 1]
    end = start + len(first)
    if last:
        tail = re.search(_bounded(last), text[end:])
        if not tail:
            raise GraphError(f"{where}: {last!r} does not follow {first!r} in the sentence {text[:90]!r}")
        end += tail.end()
    return low + start, low + end


def _bounded(words: str) -> str:
    left = r"(?<!\w)" if words[:1].isalnum() else ""
    right = r"(?!\w)" if words[-1:].isalnum() else ""
    return left + re.escape(words) + right


def _add_edge(report: AnnotatedReport, hub: int, key: str, match: re.Match[str], sentence: int, where: str) -> None:
    node, role = report.nodes[hub], SYNONYMS.get(key, key)
    if node.kind == "system" and key == "holder":
        role = "holder"
    elif key == "holder":
        role = "actor"
    start, end = _locate(report, match, sentence, where)
    if role in CLAUSES:
        if node.kind not in CLAUSES[role]:
            raise GraphError(f"{where}: a {node.kind} has no {role}; {role} belongs to {', '.join(CLAUSES[role])}")
        report.clauses.append((hub, start, end, role))
        return
    if role not in EDGES:
        raise GraphError(f"{where}: unknown role {key!r}; allowed: {', '.join([*EDGES, *CLAUSES, *SYNONYMS])}")
    hubs, targets = EDGES[role]
    if node.kind not in hubs:
        raise GraphError(f"{where}: a {node.kind} has no {key}; {role} belongs to {', '.join(hubs)}")
    for index, other in enumerate(report.nodes):
        if (other.start, other.end) == (start, end) and other.kind in targets and index != hub:
            report.edges.append((hub, index, role))
            return
    raise GraphError(f"{where}: {key}={match.group()}: no {' / '.join(targets)} is annotated on exactly these words")


def _overlaps(report: AnnotatedReport, name: str) -> Iterator[str]:
    for layer in (THINGS, OFFICES, HAPPENINGS):
        nodes = sorted((node for node in report.nodes if node.kind in layer), key=lambda node: node.start)
        for one, two in pairwise(nodes):
            if two.start < one.end:
                yield (
                    f"{name}:{two.line}: {two.kind} {two.quote(report.text)!r} overlaps {one.kind} "
                    f"{one.quote(report.text)!r} (line {one.line}); spans of one layer stay apart"
                )
    for node in report.nodes:
        if node.kind in HAPPENINGS and len(node.quote(report.text).split()) > 5:
            yield f"{name}:{node.line}: a trigger has at most five words, found {node.quote(report.text)!r}"


def dump(reports: list[AnnotatedReport]) -> str:
    """Reports as the text that `parse` reads back to the same.

    Raises:
        GraphError: if a span cannot be quoted, such as one that ends inside a word.
    """
    return "\n\n".join("\n".join(_lines_of(report)) for report in reports) + "\n"


def _lines_of(report: AnnotatedReport) -> Iterator[str]:
    yield "# report " + " ".join(f'{key}="{value}"' if re.search(r"[^\w.-]", value) else f"{key}={value}" for key, value in report.meta.items() if key != "title")
    if "title" in report.meta:
        yield f"# title {report.meta['title']}"
    order = sorted(range(len(report.nodes)), key=lambda i: (report.nodes[i].kind in HAPPENINGS, report.nodes[i].start))
    for number, (low, high) in enumerate(report.sentences):
        paragraph = report.text[max(0, low - 2) : low] in ("", "\n\n")
        yield f"{'P' if paragraph else 'S'} {report.text[low:high]}"
        for index in order:
            if report.nodes[index].sentence == number:
                yield _line_of(report, index)


def _line_of(report: AnnotatedReport, index: int) -> str:
    node = report.nodes[index]
    parts = [node.kind, _quote(report, node.start, node.end, node.sentence)]
    values = dict(node.attributes)
    kind, mode = values.pop("type", None), values.pop("mode", None)
    if kind or mode:
        parts.append(f"{kind or '-'}/{mode}" if mode else str(kind))
    parts += [f"{key}={value}" if key == "certainty" or value == "-" else value for key, value in values.items()]
    if node.country:
        parts.append(node.country)
    names = ROLE_NAMES.get(node.kind, {})
    edges: dict[str, list[str]] = {}
    for hub, thing, role in report.edges:
        if hub == index:
            other = report.nodes[thing]
            edges.setdefault(names.get(role, role), []).append(_quote(report, other.start, other.end, node.sentence))
    for hub, start, end, role in report.clauses:
        if hub == index:
            edges.setdefault(role, []).append(_quote(report, start, end, node.sentence))
    return " ".join([*parts, *(f"{role}={'+'.join(quotes)}" for role, quotes in edges.items())])


def _quote(report: AnnotatedReport, start: int, end: int, sentence: int) -> str:
    target = next(i for i, (low, high) in enumerate(report.sentences) if low <= start < high)
    low, high = report.sentences[target]
    text, words = report.text[low:high], report.text[start:end]
    away = f"@{target - sentence:+d}" if target != sentence else ""
    ends = islice(_shortened(words, 2), 12) if len(words) > LONG else ()
    for quoted in (*ends, words, *_shortened(words, 1)):
        first = ELLIPSIS.split(quoted, maxsplit=1)[0]
        spots = [m.start() for m in re.finditer(_bounded(first), text)]
        if start - low not in spots:
            continue
        nth = spots.index(start - low) + 1
        reference = f"[{quoted}]" + (f"#{nth}" if nth > 1 else "") + away
        match = REFERENCE.fullmatch(reference)
        with suppress(GraphError):  # the words before the dots stand there, those after them do not
            if match and _locate(report, match, sentence, report.id) == (start, end):
                return reference
    raise GraphError(f"{report.id}: {words!r} cannot be quoted from {text[:90]!r}; a span begins and ends with a word")


def _shortened(words: str, least: int) -> Iterator[str]:
    """`first words ... last words`, at least so many at each end."""
    tokens = words.split()
    for head in range(least, len(tokens)):
        for tail in range(least, len(tokens) - head + 1):
            yield " ".join(tokens[:head]) + " ... " + " ".join(tokens[-tail:])


def load(paths: list[Path]) -> list[AnnotatedReport]:
    """All reports of these files, in order; ids must be unique."""
    reports = [report for path in paths for report in parse(path.read_text("utf-8"), path.name)]
    twice = [key for key, count in Counter(report.id for report in reports).items() if count > 1]
    if twice:
        raise GraphError(f"report ids used twice: {', '.join(twice[:5])}; choose others")
    return reports


def main(arguments: list[str]) -> int:
    failures, counts = 0, Counter[str]()
    seen: Counter[str] = Counter()
    for path in map(Path, arguments):
        try:
            reports = parse(path.read_text("utf-8"), path.name)
        except GraphError as error:
            print(error, file=sys.stderr)
            failures += 1
            continue
        for report in reports:
            seen[report.id] += 1
            counts["reports"] += 1
            counts["sentences"] += len(report.sentences)
            counts.update(node.kind for node in report.nodes)
            counts.update(f"type {node.attributes['type']}" for node in report.nodes if "type" in node.attributes)
            counts.update(f"factuality {node.attributes.get('factuality', 'asserted')}" for node in report.nodes
                          if node.kind in ATTRIBUTES["factuality"]["kinds"] and node.kind != "cue")
            counts.update(role for _, _, role in report.edges)
            counts.update(role for *_, role in report.clauses)
    for key, count in seen.items():
        if count > 1:
            print(f"report id {key} is used {count} times; choose another", file=sys.stderr)
            failures += 1
    for key, count in sorted(counts.items()):
        print(f"{count:6} {key}")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
