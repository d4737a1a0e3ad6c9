"""The folder of the corpus → its reports, and which of them serve development: whole stories of a year, never single sentences."""

from __future__ import annotations

import hashlib
from pathlib import Path

from training.graph import AnnotatedReport, load
from training.standoff import join

DEV_SHARE = 10  # every tenth story, by a hash


def read_corpus(folder: Path, data: Path) -> list[AnnotatedReport]:
    """Our own reports (`.graph`) and those over open text (`.standoff.jsonl`, joined with the text under `data`)."""
    open_text = [report for path in sorted(folder.glob("*.standoff.jsonl")) for report in join(path, data)]
    return load(sorted(folder.glob("*.graph"))) + open_text


def is_dev(report: AnnotatedReport) -> bool:
    """Whether a report of the corpus serves development: all reports on one story in one year do, or none."""
    return _draw(story(report)) % DEV_SHARE == 0


def story(report: AnnotatedReport) -> str:
    """The first word of the crisis's slug with the year, so that neighbouring reports fall on one side.

    >>> story(AnnotatedReport("x1", {"crisis": "kosovo-talks", "published": "1999-02-06"}, "", [], [], [], []))
    'kosovo 1999'
    """
    return f"{report.meta.get('crisis', report.id).split('-')[0]} {report.meta.get('published', '')[:4]}"


def part(reports: list[AnnotatedReport], sentences: int) -> list[AnnotatedReport]:
    """Whole reports drawn by a hash of their ids until `sentences` are reached: a smaller part lies inside every larger one."""
    chosen, count = [], 0
    for report in sorted(reports, key=lambda report: _draw(report.id)):
        if count >= sentences:
            break
        chosen.append(report)
        count += len(report.sentences)
    return chosen


def _draw(key: str) -> int:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16)
