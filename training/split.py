"""The folder of the corpus → its reports, and which of them serve development."""

from __future__ import annotations

import hashlib
from pathlib import Path

from training.graph import AnnotatedReport, load
from training.standoff import join

DEV_SHARE = 10  # every tenth report, by a hash of its id


def read_corpus(folder: Path, data: Path) -> list[AnnotatedReport]:
    """Our own reports (`.graph`) and those over open text (`.standoff.jsonl`, joined with the text under `data`)."""
    open_text = [report for path in sorted(folder.glob("*.standoff.jsonl")) for report in join(path, data)]
    return load(sorted(folder.glob("*.graph"))) + open_text


def is_dev(report: AnnotatedReport) -> bool:
    """Whether a report of the corpus serves development; decided by its id alone."""
    return int(hashlib.sha256(report.id.encode()).hexdigest(), 16) % DEV_SHARE == 0
