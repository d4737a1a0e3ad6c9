"""PLV development rows → root, quad and binary macro-F1, with no PLV row in training, beside published figures.

    python -m benchmarks.plv ../shared/data/eval/plv/dev.jsonl

PLV (Halterman et al.) gives a sentence, a source and a target, and asks which PLOVER root the source does to the target. The
whole pipeline reads the sentence as it stands; of its events the one whose actor meets the source and whose recipient
meets the target is taken, else the nearest to that. A sentence without a typed event counts as wrong.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from tocsin.model import Document, Event, Report, Slot
from tocsin.pipeline import default_pipeline

# PLV has PLOVER's first edition, in which CONCEDE and RETREAT are one root.
ROOTS = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
PEERS = {
    "ConfliBERT, supervised on PLV": (86.7, 96.3, 98.4), "ZSP, zero-shot (codebook rules, large NLI model)": (82.4, 89.6, 96.4),
    "GPT-4 with the codebook": (61.5, 76.7, 93.4), "Universal PETRARCH": (46.3, None, None), "PETRARCH2": (42.4, None, None),
}


def meets(slots: tuple[Slot, ...], text: str, words: str) -> bool:
    """Whether one of the slots lies in (or holds) the words, wherever they stand in the text."""
    at = text.find(words)
    return any(
        slot.quote and (slot.quote in words or words in slot.quote or (slot.start is not None and at <= slot.start < at + len(words)))
        for slot in slots
    )


def choose(document: Document, source: str, target: str) -> str | None:
    """The PLOVER type of the event that fits source and target best; the earlier of equals."""

    def fit(event: Event) -> tuple[int, int]:
        actor = meets(event.actors, document.report.text, source)
        recipient = meets(event.recipients + event.affected, document.report.text, target)
        return 2 * actor + recipient, -event.mentions[0].start

    typed = [event for event in document.events or () if event.type]
    return max(typed, key=fit).type if typed else None


def macro_f1(pairs: list[tuple[str, str | None]]) -> float:
    labels = sorted({gold for gold, _ in pairs})
    hits = Counter(gold for gold, predicted in pairs if gold == predicted)
    gold_count, predicted_count = Counter(g for g, _ in pairs), Counter(p for _, p in pairs)
    return 100 * sum(2 * hits[x] / (gold_count[x] + predicted_count[x]) for x in labels) / len(labels)


def main(path: Path) -> None:
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    pipeline = default_pipeline()
    began = time.perf_counter()
    root: list[tuple[str, str | None]] = []
    for row in rows:
        document = pipeline.read(Report.of(row["text"]))
        chosen = choose(document, row["source"], row["target"])
        root.append((row["label"], ROOTS.get(chosen or "", chosen)))
    seconds = time.perf_counter() - began
    quads = {row["label"]: row["quad"] for row in rows}
    binaries = {row["label"]: row["binary"] for row in rows}
    quad = [(quads[gold], quads.get(predicted or "")) for gold, predicted in root]
    binary = [(binaries[gold], binaries.get(predicted or "")) for gold, predicted in root]
    print(f"data: {path.name}, {len(rows)} rows; reader {pipeline.reader}; {seconds:.1f} s; no event found in {sum(p is None for _, p in root)} rows")
    print(f"{'':52}{'root':>7}{'quad':>7}{'binary':>8}")
    print(f"{'tocsin, this run (dev rows, none trained on)':52}{macro_f1(root):7.1f}{macro_f1(quad):7.1f}{macro_f1(binary):8.1f}")
    for name, figures in PEERS.items():
        print(f"{name + ' (published, test)':52}" + "".join(f"{x:7.1f}" if x else f"{'–':>7}" for x in figures[:2]) + (f"{figures[2]:8.1f}" if figures[2] else f"{'–':>8}"))
    for label in sorted({gold for gold, _ in root}):
        wrong = Counter(p or "nothing" for g, p in root if g == label and p != label)
        total = sum(1 for g, _ in root if g == label)
        print(f"  {label:10}{total:5}  right {total - sum(wrong.values()):4}   taken for {', '.join(f'{k} {v}' for k, v in wrong.most_common(4))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
