"""Annotated reports → how varied their wording is, and which sentences and stories are too much alike."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from training.graph import AnnotatedReport
from training.overlap import words

GRAM = 4  # words of a run


def _runs(sentence: str) -> list[tuple[str, ...]]:
    tokens = words(sentence)
    return [tuple(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1)]


def _sentences(reports: Iterable[AnnotatedReport]) -> Iterator[tuple[str, str]]:
    for report in reports:
        for low, high in report.sentences:
            yield report.id, report.text[low:high]


def diversity(reports: Iterable[AnnotatedReport], *, sample: int = 2500, seed: int = 1) -> dict[str, float]:
    """How varied the wording is, in a random sample of sentences so that corpora of different size compare.

    `distinct runs`: different runs of four words, of all. `seen elsewhere`: mean share of a sentence's runs that stand in
    another report of the sample too. `same opening`: share of sentences of which the first three words open another one.
    """
    rows = list(_sentences(reports))
    rows = random.Random(seed).sample(rows, min(sample, len(rows)))
    everywhere: dict[tuple[str, ...], set[str]] = defaultdict(set)
    total = 0
    for name, sentence in rows:
        for run in _runs(sentence):
            everywhere[run].add(name)
            total += 1
    shares = [sum(len(everywhere[run]) > 1 for run in runs) / len(runs) for _, sentence in rows if (runs := _runs(sentence))]
    openings = Counter(tuple(words(sentence)[:3]) for _, sentence in rows)
    return {
        "distinct runs": len(everywhere) / total, "seen elsewhere": sum(shares) / len(shares),
        "same opening": sum(n for n in openings.values() if n > 1) / len(rows),
    }


def near_duplicates(reports: Iterable[AnnotatedReport], *, shared: float, length: int) -> list[str]:
    """Pairs of sentences of at least `length` words, of different reports, of whose runs of four words the share `shared` is common."""
    rows = [(name, sentence, set(_runs(sentence))) for name, sentence in _sentences(reports)]
    rows = [row for row in rows if len(words(row[1])) >= length]
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    found = []
    for number, (name, sentence, runs) in enumerate(rows):
        common = Counter(other for run in runs for other in where[run])
        for other, n in common.items():
            if rows[other][0] != name and n / len(runs | rows[other][2]) >= shared:
                found.append(f"{rows[other][0]} and {name}: {sentence[:90]!r}")
        for run in runs:
            where[run].append(number)
    return found


def shared_stories(
    test: list[AnnotatedReport], training: list[AnnotatedReport], *, days: int, rare: int, weight: float
) -> list[str]:
    """Pairs of a test report and a training report at most `days` apart that share rare names: one story on both sides.

    A name counts 1 / log2(2 + reports that have it), names in `rare` reports or more nothing; together they reach `weight`.
    """
    named = {id(r): {w for n in r.nodes if n.kind in ("actor", "place") and (w := n.quote(r.text))[:1].isupper() and len(w) > 4} for r in [*test, *training]}
    known = Counter(name for names in named.values() for name in names)
    found = []
    for one in test:
        for two in training:
            if abs((_day(one) - _day(two)).days) <= days:
                both = sorted(n for n in named[id(one)] & named[id(two)] if known[n] < rare)
                if sum(1 / math.log2(2 + known[n]) for n in both) >= weight:
                    found.append(f"one story in the test and in training: {one.id} and {two.id}, both with {', '.join(both[:5])}")
    return found


def _day(report: AnnotatedReport) -> date:
    return date.fromisoformat(report.meta.get("published") or "0001-01-01")
