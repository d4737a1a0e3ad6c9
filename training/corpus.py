"""The annotated corpus → its counts beside the floors, agreement, review, diversity and leaks, as one table.

    python -m training.corpus check --data ../shared/data           # print it; fails below a floor, on a near-duplicate or a leak
    python -m training.corpus write --data ../shared/data           # the same into docs/corpus.md, with the drawn examples
    python -m training.corpus review --before FOLDER --data …       # what a review changed, into training/corpus/review.json

The corpus is `training/corpus/` (training and development) and the test split under `tests/gold/`. Folders `first/` and
`second/` in each hold two blind annotations of the same reports, as they were before review and adjudication; those under
`training/corpus/mended/` were made after the guide had been mended where the first ones disagreed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.agreement import agreement, changed
from training.canon import canonical
from training.draw import EXAMPLES, draw, table_of
from training.graph import ATTRIBUTES, CLAUSES, EDGES, HAPPENINGS, SCHEMA, AnnotatedReport
from training.likeness import diversity, near_duplicates, shared_stories
from training.overlap import OverlapError, held_out_files, refuse_overlap
from training.split import is_dev, read_corpus

ROOT = Path(__file__).parents[1]
CORPUS, GOLD, PAGE = ROOT / "training/corpus", ROOT / "tests/gold", ROOT / "docs/corpus.md"
REVIEW = CORPUS / "review.json"
RULES: dict[str, Any] = tomllib.loads((CORPUS / "floors.toml").read_text("utf-8"))
FALSE_FRIEND = re.compile(re.sub(r"\n", "", RULES["false-friends"]["words"]), re.IGNORECASE)
Pairs = list[tuple[AnnotatedReport, AnnotatedReport]]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All annotated reports, by what they serve, and pairs of blind annotations of some of them."""

    train: list[AnnotatedReport]
    dev: list[AnnotatedReport]
    test: list[AnnotatedReport]
    pairs: Pairs
    mended: Pairs

    @property
    def all(self) -> list[AnnotatedReport]:
        return [*self.train, *self.dev, *self.test]


def read(data: Path) -> Corpus:
    """The whole corpus; `data` holds the public text of the stand-off part.

    Raises:
        GraphError, StandoffError: a file that the format does not allow, or whose text is missing.
    """
    reports = read_corpus(CORPUS, data)
    return Corpus(
        [r for r in reports if not is_dev(r)], [r for r in reports if is_dev(r)], read_corpus(GOLD, data),
        _pairs(CORPUS, data) + _pairs(GOLD, data), _pairs(CORPUS / "mended", data),
    )


def _pairs(folder: Path, data: Path) -> Pairs:
    return list(zip(read_corpus(folder / "first", data), read_corpus(folder / "second", data), strict=True))


def is_open(report: AnnotatedReport) -> bool:
    """Whether the report is a public text, annotated stand-off, rather than one of ours."""
    return "doc" in report.meta


# --- counts -------------------------------------------------------------------------------------------------------


def counts(reports: Iterable[AnnotatedReport]) -> Counter[str]:
    """How much there is, by the keys of `corpus/floors.toml` (but the test split and what was annotated twice)."""
    found = Counter[str]()
    crises = set()
    for report in reports:
        side = "open" if is_open(report) else "own"
        found[f"{side} reports"] += 1
        found[f"{side} sentences"] += len(report.sentences)
        crises.add(report.meta.get("crisis", "").split("-")[0])
        found.update(_of_nodes(report))
        found.update(_of_sentences(report))
    return found + Counter({"crises": len(crises)})


def _of_nodes(report: AnnotatedReport) -> Iterator[str]:
    conditions = {hub for hub, *_, role in report.clauses if role == "condition"}
    figures = {hub for hub, _, role in report.edges if role == "figure"}
    holders = {hub for hub, _, role in report.edges if role == "actor"}
    for index, node in enumerate(report.nodes):
        if node.kind == "threat" and index in conditions:
            yield "conditional threats"
        if node.kind in ("permit", "withhold"):
            yield "permissions"
        if node.kind == "system" and index in figures:
            yield "capabilities with figures"
        if node.kind == "office" or node.attributes.get("tenure", "-") != "-":
            yield "offices and transitions"
        if node.kind == "link":
            yield "causal and reason links"
        if node.kind == "cue" and index in holders:
            yield "claims with holders"
        if node.kind == "cue":
            yield f"certainty {node.attributes.get('certainty', 'attributed')}"
            yield f"claim {node.attributes.get('claim', 'assessment')}"
        elif node.kind in ATTRIBUTES["factuality"]["kinds"] and node.kind != "link":
            yield f"factuality {node.attributes.get('factuality', 'asserted')}"
        if node.kind in ATTRIBUTES["type"]["kinds"]:
            yield f"type {node.attributes.get('type', '-')}"
        yield f"kind {node.kind}"


def _of_sentences(report: AnnotatedReport) -> Iterator[str]:
    busy = {node.sentence for node in report.nodes if node.kind in HAPPENINGS}
    threats = {node.sentence for node in report.nodes if node.kind == "threat"}
    for number, (low, high) in enumerate(report.sentences):
        if number not in busy:
            yield "sentences without a happening"
        if number not in threats and FALSE_FRIEND.search(report.text[low:high]):
            yield "false friends of threats"


def sides(reports: Iterable[AnnotatedReport]) -> list[tuple[str, int, int]]:
    """Countries in material conflict, each as actor and as recipient, the most frequent first."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        for hub, thing, role in report.edges:
            kind, country = report.nodes[hub].attributes.get("type"), report.nodes[thing].country
            if country and role in ("actor", "recipient") and kind in ("ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "PROTEST"):
                found[country][role] += 1
    return sorted(((c, n["actor"], n["recipient"]) for c, n in found.items()), key=lambda row: -row[1] - row[2])


def leaks(corpus: Corpus, data: Path) -> str:
    """What training and development text shares with held-out text; empty if nothing."""
    open_test = [(report.id, report.text) for report in corpus.test if is_open(report)]
    try:
        refuse_overlap((r.text for r in [*corpus.train, *corpus.dev]), held_out_files(data), open_test)
    except OverlapError as error:
        return str(error)
    return ""


# --- the table ----------------------------------------------------------------------------------------------------


def report_of(corpus: Corpus, data: Path) -> tuple[str, list[str]]:
    """The corpus in Markdown tables, and what falls short."""
    found = counts(corpus.all)
    found["test sentences"] = sum(len(r.sentences) for r in corpus.test)
    twice = sum(len(r.sentences) for r, _ in corpus.pairs)
    total = found["own sentences"] + found["open sentences"]
    problems, lines = [], [f"{total:,} sentences: {sum(len(r.sentences) for r in corpus.train):,} to train on, "
                           f"{sum(len(r.sentences) for r in corpus.dev):,} for development, {found['test sentences']:,} for the test."]
    lines += ["", "### Counts and floors", "", "| | floor | there are |", "|---|---|---|"]
    for key, floor in RULES["floors"].items():
        there = twice / total if key == "share annotated twice" else found[key]
        lines.append(f"| {key} | {floor:,} | {there:,.2f} |" if isinstance(there, float) else f"| {key} | {floor:,} | {there:,} |")
        if there < floor:
            problems.append(f"{key}: {there:,.2f}, the floor is {floor:,}")
    for title, prefix in (("Nodes by kind", "kind"), ("PLOVER types", "type"), ("Certainty of claims", "certainty"), ("Kinds of claims", "claim")):
        rows = sorted(((n, key) for key, n in found.items() if key.startswith(prefix + " ")), reverse=True)
        names = [(n, key.removeprefix(prefix + " ")) for n, key in rows]
        lines += ["", f"### {title}", "", ", ".join(f"{'none' if name == '-' else name} {n:,}" for n, name in names) + "."]
    lines += _agreement_lines(corpus)
    lines += _review_lines(json.loads(REVIEW.read_text("utf-8"))) if REVIEW.exists() else []
    lines += _diversity_lines(corpus)
    lines += ["", "### Both sides", "", "Countries in material conflict (`ASSAULT COERCE SANCTION MOBILIZE PROTEST`), as actor and as recipient.", ""]
    lines += ["| | actor | recipient |", "|---|---|---|", *(f"| {c} | {a} | {r} |" for c, a, r in sides(corpus.all)[:24])]
    problems += [f"{r.id}: `python -m training.canon` would change {n} spans or labels" for r in deepcopy(corpus.all) if (n := canonical(r))]
    alike, leaked = near_duplicates(corpus.all, **RULES["duplicates"]), leaks(corpus, data)
    stories = shared_stories(corpus.test, [*corpus.train, *corpus.dev], **RULES["stories"])
    lines += ["", "### Near-duplicates and leaks", "", f"Near-duplicate sentences between reports: {len(alike)}. "
              f"Runs of eight words shared with evaluation data, the test split or the examples: {leaked if leaked else 'none'}."]
    lines[-1] += f" Stories (the same weeks and rare names) on both sides of the test split: {len(stories)}."
    return "\n".join(lines) + "\n", problems + alike + stories + ([leaked] if leaked else [])


def _agreement_lines(corpus: Corpus) -> list[str]:
    sizes = [sum(len(report.sentences) for report, _ in pairs) for pairs in (corpus.pairs, corpus.mended)]
    both = [agreement(pairs) for pairs in (corpus.pairs, corpus.mended)]

    def row(name: str, *keys: str) -> list[str]:
        shown = [" / ".join(_two(scores[key]) for key in keys) if keys[0] in scores else "–" for scores in both]
        return [f"| {name} | {' | '.join(shown)} |"] if any(key in scores for key in keys for scores in both) else []

    lines = ["", "### Agreement", "", f"{sizes[0]:,} sentences were annotated twice, independently and blind, before review; {sizes[1]:,} more, chosen for their threats, permissions and systems, after the guide had been "
             "mended where the first disagreed. F1 of spans with their kind and of clauses, exact / with any overlap; of edges, exact; kappa of the labels where both found the node, and the share that is the same. "
             "CAMEO's raters agree on root codes at .48–.65 (F1), PolNeAR's on claims at .777 (source), .705 (cue), .659 (content), exact.", "",
             "| | first guide | mended guide, hard sentences |", "|---|---|---|"]
    for kind in SCHEMA["things"] + SCHEMA["offices"] + SCHEMA["happenings"]:
        lines += row(kind, f"F1 {kind}", f"overlap {kind}")
    lines += row("trigger with PLOVER type", "type") + row("the same with actor and recipient spans", "dyad")
    for role in CLAUSES:
        lines += row(f"clause {role}", f"F1 {role}", f"overlap {role}")
    lines += row("edges, all", "edges") + row("edges, all, between shared nodes", "edges of shared nodes")
    for role in EDGES:
        lines += row(f"edge {role}", f"F1 edge {role}")
    for name in ATTRIBUTES:
        lines += row(f"label {name}, kappa / same", f"kappa {name}", f"acc {name}")
    return lines


def _review_lines(review: dict[str, Any]) -> list[str]:
    seen = review["seen"]
    lines = ["", "### Review", "", f"Somebody who had not annotated it read {seen['sentences']:,} sentences again and mended them. What was taken out (wrong) and added (missed), of what "
             "had stood there before.", "", "| | before | wrong | missed |", "|---|---|---|---|"]
    for kind, n in review["kinds"].items():
        before = max(1, n.get("before", 0))
        missed = f"{n['added'] / before:.1%}" if "added" in n else "–"
        lines.append(f"| {kind} | {n.get('before', 0):,} | {n.get('taken out', 0) / before:.1%} | {missed} |")
    return lines


def _diversity_lines(corpus: Corpus) -> list[str]:
    own, public = [r for r in corpus.all if not is_open(r)], [r for r in corpus.all if is_open(r)]
    lines = ["", "### Diversity", "", "In random samples of the same size; the public texts, written by hundreds of reporters, are the anchor.", "",
             "| | our own reports | public text |", "|---|---|---|"]
    size = min(2500, *(sum(len(r.sentences) for r in part) for part in (own, public)))
    ours, theirs = diversity(own, sample=size), diversity(public, sample=size)
    names = {"distinct runs": "different runs of four words, of all", "seen elsewhere": "share of a sentence's runs that stand in another report", "same opening": "sentences whose first three words open another one"}
    return lines + [f"| {text} | {ours[key]:.1%} | {theirs[key]:.1%} |" for key, text in names.items()] + [f"| sentences in the sample | {size:,} | {size:,} |"]


def _two(value: float) -> str:
    return re.sub(r"^(-?)0", r"\1", f"{value:.2f}")


def write_page(corpus: Corpus, table: str) -> None:
    """Put the table and the drawn examples into docs/corpus.md, between their marks."""
    reports = {report.id: report for report in corpus.all}
    folder = PAGE.with_suffix("")
    folder.mkdir(exist_ok=True)
    parts = []
    for number, (name, sentence) in enumerate(EXAMPLES, 1):
        (folder / f"{number:02}.svg").write_text(draw(reports[name], sentence), "utf-8")
        low, high = reports[name].sentences[sentence]
        parts.append(
            f"**{number}.** {reports[name].text[low:high]}\n\n![Graph of sentence {number}; the table below says the same](corpus/{number:02}.svg)\n\n"
            + table_of(reports[name], sentence)
        )
    page = PAGE.read_text("utf-8")
    for mark, text in (("table", table), ("examples", "\n".join(parts))):
        page = re.sub(rf"(<!-- {mark} -->\n).*?(<!-- end of {mark} -->)", lambda m, text=text: m[1] + "\n" + text + "\n" + m[2], page, flags=re.DOTALL)  # type: ignore[misc]
    PAGE.write_text(page, "utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="training.corpus", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["check", "write", "review"])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds open-text/ and eval/")
    parser.add_argument("--before", type=Path, help="for review: the corpus folder as it was")
    given = parser.parse_args(arguments)
    try:
        corpus = read(given.data)
        if given.action == "review":
            if not given.before:
                parser.error("review needs --before")
            REVIEW.write_text(json.dumps(changed(read_corpus(given.before, given.data), corpus.all), indent=1) + "\n", "utf-8")
        table, problems = report_of(corpus, given.data)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if given.action == "write":
        write_page(corpus, table)
    else:
        print(table)
    for problem in problems:
        print(f"FAILS: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
