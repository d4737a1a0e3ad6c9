"""Tables: columns by name or mapping, a bad row is named and the rest goes on."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tocsin.acquire import Failed, Hints, reports
from tocsin.model import Report
from tocsin.settings import Settings

ROW = {"headline": "Mali closes border", "body": "Mali closed the border.", "outlet": "The Outlet",
       "pub_date": "2024-11-18", "link": "https://example.org/1", "byline": "Jane Doe", "language": "en"}


def read(folder: Path, name: str, data: bytes | str, settings: Settings, hints: Hints | None = None) -> list[Report | Failed]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return list(reports(path, settings=settings, hints=hints or Hints()))


def as_parquet(rows: list[dict[str, object]]) -> bytes:
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def as_csv(row: dict[str, str], separator: str = ",") -> str:
    return separator.join(row) + "\n" + separator.join(f'"{value}"' for value in row.values()) + "\n"


@pytest.mark.parametrize(("name", "data"), [
    ("a.json", json.dumps(ROW)), ("a.json", json.dumps([ROW])), ("a.json", json.dumps({"status": 1, "articles": [ROW]})),
    ("a.json", json.dumps(ROW) + "\n" + json.dumps(ROW)), ("a.jsonl", json.dumps(ROW) + "\n"),
    ("a.ndjson", b"\xef\xbb\xbf" + json.dumps(ROW).encode()), ("a.jsonl", json.dumps(ROW).encode("utf-16")),
    ("a.csv", as_csv(ROW)), ("a.csv", as_csv(ROW, ";")), ("a.csv", b"\xef\xbb\xbf" + as_csv(ROW).encode()),
    ("a.csv", as_csv(ROW).encode("utf-16")), ("a.tsv", as_csv(ROW, "\t")), ("a.csv", as_csv(ROW).replace("\n", "\r\n")),
    ("a.parquet", as_parquet([ROW])),
])
def test_usual_names(tmp_path: Path, settings: Settings, name: str, data: bytes | str) -> None:
    report = read(tmp_path, name, data, settings)[0]
    assert isinstance(report, Report), report
    assert (report.title, report.text, report.source) == (ROW["headline"], ROW["body"], "The Outlet")
    assert (report.published, report.url, report.author, report.lang) == ("2024-11-18", ROW["link"], "Jane Doe", "en")


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.parquet"])
def test_mapping(tmp_path: Path, settings: Settings, name: str) -> None:
    row = {"Artikel": "Mali schloss die Grenze.", "text": "no", "Tag": "18.11.2024"}
    data = {"a.json": json.dumps(row), "a.csv": as_csv(row), "a.parquet": as_parquet([row])}[name]  # type: ignore[list-item]
    hints = Hints(columns={"text": "Artikel", "published": "Tag"}, source="Blatt")
    (report,) = read(tmp_path, name, data, settings, hints)
    assert isinstance(report, Report), report
    assert (report.text, report.published, report.source) == ("Mali schloss die Grenze.", "2024-11-18", "Blatt")
    (failed,) = read(tmp_path, name, data, settings, Hints(columns={"text": "artikel"}))
    assert isinstance(failed, Failed)
    assert "has no column 'artikel' for text; allowed: Artikel, text, Tag" in str(failed.error)


@pytest.mark.parametrize(("name", "data"), [("a.json", '{"x": "y"}'), ("a.csv", "x,y\n1,2\n"), ("a.parquet", as_parquet([{"x": 1}]))])
def test_no_text_column(tmp_path: Path, settings: Settings, name: str, data: bytes | str) -> None:
    (failed,) = read(tmp_path, name, data, settings)
    assert isinstance(failed, Failed)
    assert "has no column for the text; allowed: x" in str(failed.error)


def test_bad_lines_of_jsonl(tmp_path: Path, settings: Settings) -> None:
    lines = [
        '{"text": "First."}', '{"text": "cut', "", "[1]", '{"text": ""}', '{"text": null}', '{"text": "x", "date": "soon"}',
        '{"text": "x", "date": "03/04/2024"}', '{"text": "' + "x" * 100_001 + '"}', '"\x00\x01\x02\x03"',
        "[" * 90_000, '{"text": "Lone \\ud800 surrogate, pair \\ud83d\\ude00.", "date": "n/a"}',
    ]
    items = read(tmp_path, "a.jsonl", "\n".join(lines), settings)
    texts = [item.text for item in items if isinstance(item, Report)]
    assert texts == ["First.", "Lone \ufffd surrogate, pair 😀."]
    bad = [item.where.rpartition(":")[2] for item in items if isinstance(item, Failed)]
    assert bad == ["2", "4", "5", "6", "7", "8", "9", "10", "11"]
    said = " ".join(str(item.error) for item in items if isinstance(item, Failed))
    for part in ("is no JSON", "is no object", "is empty", "'soon' cannot be read for sure", "'03/04/2024'", "is too large"):
        assert part in said


def test_mixed_encodings_of_jsonl(tmp_path: Path, settings: Settings) -> None:
    data = '{"text": "Élysée"}\n'.encode() + b'{"text": "Pr\xe9sident arr\xeat\xe9 \xe0 Bamako"}\n'
    assert [item.text for item in read(tmp_path, "a.jsonl", data, settings) if isinstance(item, Report)] == [
        "Élysée", "Président arrêté à Bamako",
    ]


def test_bad_rows_of_csv(tmp_path: Path, settings: Settings) -> None:
    data = 'text,date\nOne.,2024\nToo,many,cells\n\n,2024\n"quoted ""well"", over\ntwo lines",\n"bad" quote,2024\nShort\n"never closed'
    items = read(tmp_path, "a.csv", data, settings)
    assert [item.text for item in items if isinstance(item, Report)] == ["One.", 'quoted "well", over\ntwo lines', "Short"]
    assert [item.where.rpartition(":")[2] for item in items if isinstance(item, Failed)] == ["3", "5", "8", "10"]


def test_long_cell_and_wrong_encoding_of_csv(tmp_path: Path, settings: Settings) -> None:
    large = settings.model_copy(update={"max_bytes": 400_000})
    (report,) = read(tmp_path, "a.csv", "text\n" + "x" * 300_000, large)
    assert isinstance(report, Report)
    (failed,) = read(tmp_path, "b.csv", "text\n" + "x" * 300_000, settings)
    assert isinstance(failed, Failed)
    (cyrillic,) = read(tmp_path, "c.csv", "text\nМали закрыло границу с Нигером в понедельник\n".encode("cp1251"), settings)
    assert isinstance(cyrillic, Report)
    assert cyrillic.text.startswith("Мали закрыло")
    late = b"text\n" + b"Mali closed it.\n" * 70_000 + b"\xff\xfe\xfa\n"
    *rest, last = read(tmp_path, "d.csv", late, settings)
    assert len(rest) > 60_000
    assert isinstance(last, Failed)
    assert "changes its encoding" in str(last.error)


def test_parquet_rows(tmp_path: Path, settings: Settings) -> None:
    rows: list[dict[str, object]] = [
        {"text": f"Report {n}.", "date": datetime(2024, 11, 18), "authors": ["A", "B"], "score": 0.5} for n in range(150)
    ]
    rows[70]["text"] = None
    items = read(tmp_path, "a.parquet", as_parquet(rows), settings)
    assert len(items) == 150
    assert isinstance(items[70], Failed)
    assert items[70].where.endswith("a.parquet:row 71")
    first = items[0]
    assert isinstance(first, Report)
    assert (first.published, first.author) == ("2024-11-18", "A; B")


def test_corrupt_parquet(tmp_path: Path, settings: Settings) -> None:
    whole = as_parquet([{"text": f"Report {n}." * 50} for n in range(50)])
    for data in (b"PAR1", whole[:100], whole[:200] + b"\xff" * 50 + whole[250:], whole[: len(whole) // 2]):
        (failed,) = read(tmp_path, "a.parquet", data, settings)
        assert isinstance(failed, Failed)
        assert "is no whole Parquet file" in str(failed.error)
