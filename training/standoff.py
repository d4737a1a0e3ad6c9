"""Annotated reports over open text ⇄ a stand-off JSON Lines file that holds no sentence of the text.

    python -m training.standoff write tests/gold/open.graph --data ../shared/data --out tests/gold/open.standoff.jsonl
    python -m training.standoff check tests/gold/open.standoff.jsonl --data ../shared/data

A line is one report over one document. Each sentence is given by its place in the source (`first` to `last`, the source's
sentences, joined by a space; `start` and `end` in them), by `edits` and by the digest of the mended sentence. An edit
`[offset, deleted, inserted]` mends spacing or punctuation; letters and digits are never changed. Offsets of nodes and
clauses are those of the mended report.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.graph import AnnotatedReport, GraphNode, load

LONGEST = 12  # characters of one insertion: enough for quotation marks and full stops, too few for a sentence
Edit = tuple[int, str, str]


class StandoffError(ValueError):
    """A stand-off file and its source do not fit: says report, place, what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the open text: its file, and the source's own sentences in order."""

    file: str
    document: str
    sentences: tuple[str, ...]


def sources(data: Path) -> dict[str, Source]:
    """The documents under `data`/open-text by id.

    Raises:
        StandoffError: if there is no such folder.
    """
    folder = data / "open-text"
    if not folder.is_dir():
        raise StandoffError(f"{folder}: no such folder; the open text is not part of the project, give its folder with --data")
    found = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found[row["id"]] = Source(path.name, row["id"], tuple(row.get("sentences") or [row["text"]]))
    return found


def address(document: str) -> str:
    """The public page of a document, from its id.

    >>> address("VOA_EN_NW_2014.05.12.1912526")
    'https://www.voanews.com/a/1912526.html'
    >>> address("UNSC_2014_SPV.7219_spch015_Russian_Federation_neg_03.txt")
    'https://undocs.org/S/PV.7219'
    """
    if document.startswith("https://"):
        return document
    if match := re.match(r"VOA_EN_NW_\d+\.\d+\.\d+\.(\d+)$", document):
        return f"https://www.voanews.com/a/{match[1]}.html"
    if match := re.match(r"UNSC_\d+_SPV\.(\w+?)_", document):
        return f"https://undocs.org/S/PV.{match[1]}"
    if document.startswith("GUM_"):
        return f"https://github.com/amir-zeldes/gum/blob/master/xml/{document}.xml"
    return ""


def align(source: str, wanted: str) -> tuple[int, int, list[Edit]] | None:
    """Where `wanted` stands in `source`, spacing and punctuation aside, and the edits that make it so.

    Offsets of the edits count from the start of the place. None if the letters and digits do not stand there in this order.

    >>> align('He said :" No' , 'said: “No.”')
    (3, 13, [(4, ' :" ', ': “'), (10, '', '.”')])
    >>> align("He said no", "He says no")
    """
    places = [match.start() for match in re.finditer(r"\w", source)]
    letters = [match.start() for match in re.finditer(r"\w", wanted)]
    found = re.sub(r"\W", "", source).find(re.sub(r"\W", "", wanted)) if letters else -1
    if found < 0:
        return None
    places = places[found : found + len(letters)]
    start, end = places[0], places[-1] + 1
    while (before := letters[0] - (places[0] - start) - 1) >= 0 and start and source[start - 1] == wanted[before]:
        start -= 1
    while (after := letters[-1] + 1 + end - places[-1] - 1) < len(wanted) and source[end : end + 1] == wanted[after]:
        end += 1
    ours, theirs = [start - 1, *places, end], [-1, *letters, len(wanted)]
    edits: list[Edit] = []
    for i in range(len(ours) - 1):
        old, new = source[ours[i] + 1 : ours[i + 1]], wanted[theirs[i] + 1 : theirs[i + 1]]
        if old != new:
            edits.append((ours[i] + 1 - start, old, new))
    return start, end, edits


def mend(piece: str, edits: list[Edit]) -> str:
    """Apply edits, given in order of offset.

    Raises:
        StandoffError: if a deleted string does not stand there, or an insertion is longer than 12 characters.

    >>> mend("the C rimean port", [(5, " ", ""), (17, "", ".")])
    'the Crimean port.'
    """
    parts, position = [], 0
    for offset, deleted, inserted in edits:
        if len(inserted) > LONGEST:
            raise StandoffError(f"an insertion of {len(inserted)} characters, at most {LONGEST} are allowed: {inserted[:40]!r}")
        if offset < position or piece[offset : offset + len(deleted)] != deleted:
            raise StandoffError(f"at {offset} stands {piece[offset : offset + len(deleted)]!r}, the edit deletes {deleted!r}")
        parts += [piece[position:offset], inserted]
        position = offset + len(deleted)
    return "".join([*parts, piece[position:]])


def strip(report: AnnotatedReport, known: dict[str, Source]) -> dict[str, Any]:
    """The report as one line of the stand-off file, as plain data.

    Raises:
        StandoffError: if its `doc` is unknown, or a sentence differs from the source by more than spacing and punctuation.
    """
    source = known.get(report.meta.get("doc", ""))
    if source is None:
        raise StandoffError(f"{report.id}: doc={report.meta.get('doc')!r} is no document of the open text; set doc= on the report line")
    rows: list[dict[str, Any]] = []
    for low, high in report.sentences:
        row = _place(report.text[low:high], source, rows[-1]["last"] if rows else 0)
        if row is None:
            raise StandoffError(
                f"{report.id}: this sentence does not stand in {source.document}; only spacing and punctuation may be mended: "
                f"{report.text[low : low + 90]!r}"
            )
        rows.append({"paragraph": report.text[max(0, low - 2) : low] == "\n\n"} | row)
    return {
        "id": report.id, "meta": report.meta, "file": source.file, "document": source.document,
        "address": address(source.document), "sentences": rows,
        "nodes": [
            {"kind": n.kind, "start": n.start, "end": n.end, "sentence": n.sentence, "attributes": n.attributes, "country": n.country}
            for n in report.nodes
        ],
        "edges": report.edges, "clauses": report.clauses,
    }


def _place(text: str, source: Source, first: int) -> dict[str, Any] | None:
    """Place and edits of a mended sentence, looked for from the source's sentence `first` on, then in the whole document."""
    for begin in (first, 0):
        found = align(" ".join(source.sentences[begin:]), text)
        if found is None:
            continue
        start, end, edits = found
        while start > len(source.sentences[begin]):
            step = len(source.sentences[begin]) + 1
            start, end, begin = start - step, end - step, begin + 1
        last, size = begin, len(source.sentences[begin])
        while size < end:
            last += 1
            size += 1 + len(source.sentences[last])
        digest = hashlib.sha256(text.encode()).hexdigest()
        mend(" ".join(source.sentences[begin : last + 1])[start:end], edits)  # raises on too long an insertion
        return {"first": begin, "last": last, "start": start, "end": end, "edits": edits, "sha256": digest}
    return None


def write(graph: Path, data: Path, out: Path) -> int:
    """Write the reports of a .graph file as stand-off lines; returns how many.

    Raises:
        GraphError, StandoffError: as `load`, `sources` and `strip` say.
    """
    reports = load([graph])
    save(reports, data, out)
    return len(reports)


def save(reports: list[AnnotatedReport], data: Path, out: Path) -> None:
    """Write annotated reports over open text as stand-off lines.

    Raises:
        StandoffError: as `sources` and `strip` say; nothing is written then.
    """
    known = sources(data)
    lines = [json.dumps(strip(report, known), ensure_ascii=False) for report in reports]
    out.write_text("".join(line + "\n" for line in lines), "utf-8")


def join(path: Path, data: Path) -> list[AnnotatedReport]:
    """The reports of a stand-off file, their text put together again from the source under `data`.

    They equal those that `training.graph.parse` reads from the .graph file, but for the numbers of lines, which are 0.

    Raises:
        StandoffError: if the source is missing, or differs from the one that was annotated.
    """
    known = sources(data)
    return [_join(json.loads(line), known, path.name) for line in path.read_text("utf-8").splitlines() if line]


def _join(row: dict[str, Any], known: dict[str, Source], name: str) -> AnnotatedReport:
    where = f"{name}: {row['id']}"
    source = known.get(row["document"])
    if source is None:
        raise StandoffError(f"{where}: {row['document']} is missing from {row['file']}; get it from {row['address'] or 'its publisher'}")
    text, sentences = "", []
    for number, place in enumerate(row["sentences"], 1):
        piece = " ".join(source.sentences[place["first"] : place["last"] + 1])[place["start"] : place["end"]]
        try:
            sentence = mend(piece, [(offset, deleted, inserted) for offset, deleted, inserted in place["edits"]])
        except StandoffError as error:
            raise StandoffError(f"{where}, sentence {number}: {error}; {source.file} is not the text that was annotated") from error
        if hashlib.sha256(sentence.encode()).hexdigest() != place["sha256"]:
            raise StandoffError(
                f"{where}, sentence {number}: sentence {place['first']} of {source.document} in {source.file} is not the text that "
                "was annotated (its digest differs); take the same version of the source"
            )
        if text:
            text += "\n\n" if place["paragraph"] else " "
        sentences.append((len(text), len(text) + len(sentence)))
        text += sentence
    return AnnotatedReport(
        row["id"], row["meta"], text, sentences, [GraphNode(**node) for node in row["nodes"]],
        [(hub, thing, role) for hub, thing, role in row["edges"]],
        [(hub, start, end, role) for hub, start, end, role in row["clauses"]],
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="training.standoff", description="Annotated open text as stand-off files.")
    parser.add_argument("action", choices=["write", "check"])
    parser.add_argument("path", type=Path, help="a .graph file to write from, a .jsonl file to check")
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds open-text/")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    if given.action == "write" and not given.out:
        parser.error("write needs --out")
    try:
        count = write(given.path, given.data, given.out) if given.action == "write" else len(join(given.path, given.data))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{count} reports")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
