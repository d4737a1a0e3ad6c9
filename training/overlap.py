"""Training texts and held-out files → nothing, or an error that names what occurs in both.

Two checks: the normalised sentence, and runs of eight words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
GRAM = 8
# Runs that a person looked at and found to be a name or a formula of law, shared by texts that have nothing else in common.
NAMES = {
    "region of the democratic republic of the congo",
    "of the organization for security and cooperation in", "for security and cooperation in europe osce and",
    "the organization for security and cooperation in europe",
    # Article 2(4) of the Charter of the United Nations
    "refrain from the threat or use of force", "from the threat or use of force against", "the threat or use of force against the",
    "threat or use of force against the territorial", "or use of force against the territorial integrity",
}


class OverlapError(RuntimeError):
    """Training text occurs in evaluation data."""


def words(text: str) -> list[str]:
    """Lower-case words and numbers, nothing else.

    >>> words("The U.S. said: “No.”")
    ['the', 'u', 's', 'said', 'no']
    """
    return re.findall(r"\w+", text.lower())


def grams(text: str) -> set[tuple[str, ...]]:
    """All runs of eight words; a shorter text has none."""
    tokens = words(text)
    return {tuple(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1)}


def refuse_overlap(texts: Iterable[str], files: Iterable[Path], more: Iterable[tuple[str, str]] = ()) -> None:
    """Compare training texts with held-out files, and with `more` held-out texts, each with its name.

    Raises:
        OverlapError: with the first shared runs and the files they stand in.
    """
    mine: set[tuple[str, ...]] = set().union(*(grams(text) for text in texts))
    hits: list[str] = []
    for name, held_out in [*((path.name, _texts(path)) for path in files), *((name, [text]) for name, text in more)]:
        shared = {gram for text in held_out for gram in grams(text)} & mine
        runs = [" ".join(gram) for gram in sorted(shared)]
        hits += [f"{name}: {run}" for run in runs if run not in NAMES]
    if hits:
        raise OverlapError(f"{len(hits)} runs of {GRAM} words of the training text are held out; first: {'; '.join(hits[:5])}")


def held_out_files(data: Path) -> list[Path]:
    """Everything that must not be trained on: the development sets under `data`/eval, the gold of the tests, the examples.

    Raises:
        ValueError: if there is no `data`/eval; without it nothing would be compared.
    """
    if not (data / "eval").is_dir():
        raise ValueError(f"{data / 'eval'}: no such folder, so held-out texts cannot be compared; give the folder that holds eval/ with --data")
    found = [path for suffix in ("jsonl", "conll") for path in sorted((data / "eval").rglob(f"*.{suffix}"))]
    found += [*sorted((ROOT / "tests/gold").glob("*.graph")), *sorted((ROOT / "examples").glob("*.txt"))]
    return found + sorted((data.parent / "examples").glob("*.txt"))


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield from _strings(json.loads(line))
    elif path.suffix == ".conll":  # a word and its tags on a line, a blank line between sentences
        blocks = path.read_text("utf-8").split("\n\n")
        yield from (" ".join(line.split()[0] for line in block.splitlines() if line.strip()) for block in blocks)
    elif path.suffix == ".graph":
        yield from (line[2:] for line in path.read_text("utf-8").splitlines() if line[:2] in ("S ", "P "))
    else:
        yield path.read_text("utf-8")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield " ".join(value)
        else:
            for item in value:
                yield from _strings(item)
