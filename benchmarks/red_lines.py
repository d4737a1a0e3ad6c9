"""Gold threats with a condition against the red lines read: precision, recall and F1 by sentence.

    python -m benchmarks.red_lines ../shared/data

Data: the development reports of the corpus and the held-out reports of `tests/gold` (those over open text need the public
data). Published on other data, ICBe sentences: conditional threats TF-IDF F1 .55, rules .42.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from pathlib import Path

from tocsin.annotate.decode import read_graph
from tocsin.annotate.encoder import Artefact, load_artefact
from tocsin.code import read_records
from tocsin.model import Document, Report
from training.graph import AnnotatedReport
from training.split import is_dev, read_corpus

ROOT = Path(__file__).parents[1]


def sentences_with_lines(artefact: Artefact, report: AnnotatedReport) -> tuple[set[int], set[int]]:
    """The sentences of one report that hold a conditional threat, in gold and as read."""
    starts = [start for start, _ in report.sentences]
    gold = {
        bisect_right(starts, report.nodes[hub].start) - 1
        for hub, _, _, role in report.clauses if role == "condition" and report.nodes[hub].kind == "threat"
    }
    graph = read_graph(artefact, report.text, report.sentences)
    document = read_records(Document(Report.of(report.text), sentences=tuple(report.sentences), graph=graph, times=()))
    return gold, {bisect_right(starts, line.wordings[0].start) - 1 for line in document.red_lines or ()}


def main(data: Path) -> None:
    artefact = load_artefact()
    sets = {
        "development": [report for report in read_corpus(ROOT / "training/corpus", data) if is_dev(report)],
        "held out": read_corpus(ROOT / "tests/gold", data),
    }
    for name, reports in sets.items():
        pairs = [sentences_with_lines(artefact, report) for report in reports]
        hits, gold, read = (sum(map(len, found)) for found in ((g & r for g, r in pairs), (g for g, _ in pairs), (r for _, r in pairs)))
        print(
            f"{name:12} {len(reports):3} reports, {sum(len(r.sentences) for r in reports):4} sentences: gold {gold}, read {read}, right {hits}; "
            f"precision {hits / max(1, read):.2f} recall {hits / max(1, gold):.2f} F1 {2 * hits / max(1, gold + read):.2f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
