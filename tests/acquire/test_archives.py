"""ZIP: members in order, and limits on what is really unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tocsin.acquire import Failed, Hints, reports
from tocsin.model import Report
from tocsin.settings import Settings


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def read(folder: Path, data: bytes, settings: Settings, hints: Hints | None = None, name: str = "a.zip") -> list[Report | Failed]:
    (folder / name).write_bytes(data)
    return list(reports(folder / name, settings=settings, hints=hints or Hints()))


def told(items: list[Report | Failed]) -> list[str]:
    return [item.text if isinstance(item, Report) else item.error.what for item in items]


def test_members(tmp_path: Path, settings: Settings) -> None:
    data = packed({
        "b/rows.jsonl": b'{"text": "Row one."}\nbad\n', "a.txt": b"Text.", "../c.md": b"# Marked", "empty.txt": b"",
        "__MACOSX/a.txt": b"x", ".DS_Store": b"x", "dir/": b"", "inner.zip": packed({"x.txt": b"x"}),
        "hidden.dat": packed({"x.txt": b"x"}), "binary.txt": b"\x00\x01\x02\x03",
    })
    items = read(tmp_path, data, settings)
    assert sorted(told(items)) == sorted([
        "Marked", "Text.", "Row one.", "is no JSON (Expecting value: line 1 column 1 (char 0))", "is binary, not text",
        "is empty", "is a ZIP inside a ZIP", "is a ZIP inside a ZIP",
    ])
    bad = next(item for item in items if isinstance(item, Failed) and "JSON" in item.error.what)
    assert bad.where.endswith("a.zip/b/rows.jsonl:2")
    assert told(read(tmp_path, packed({"x": b"Text."}), settings, Hints(kind="zip"), "noname")) == ["Text."]


def test_damage(tmp_path: Path, settings: Settings) -> None:
    whole = packed({"a.txt": b"First report.", "b.txt": b"Second report."}, zipfile.ZIP_STORED)
    assert "is no whole ZIP" in told(read(tmp_path, whole[:80], settings))[0]
    assert "is no whole ZIP" in told(read(tmp_path, b"not a ZIP", settings))[0]
    broken = whole.replace(b"First", b"Fjrst", 1)
    first, second = told(read(tmp_path, broken, settings))
    assert "is damaged" in first
    assert second == "Second report."
    for cut in range(0, len(whole), 7):
        read(tmp_path, whole[:cut] + b"\xff" + whole[cut + 1:], settings)
    assert told(read(tmp_path, packed({}), settings)) == ["holds no reports"]


def test_encrypted(tmp_path: Path, settings: Settings) -> None:
    data = bytearray(packed({"a.txt": b"Secret.", "b.txt": b"Open."}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag of the first member in the directory
    assert told(read(tmp_path, bytes(data), settings)) == ["is encrypted", "Open."]


def test_bombs(tmp_path: Path, settings: Settings) -> None:
    assert "unpacks to too much" in told(read(tmp_path, packed({"a.txt": b"x" * 2_100_000}), settings))[0]
    assert "holds 21 files" in told(read(tmp_path, packed({f"{n}.txt": b"x" for n in range(21)}), settings))[0]
    large = told(read(tmp_path, packed({"a.txt": b"x" * 150_000, "b.txt": b"Small."}), settings))
    assert large == ["is too large", "Small."]


def test_bomb_that_lies_about_its_size(tmp_path: Path, settings: Settings) -> None:
    data = bytearray(packed({"a.txt": b"x" * 90_000_000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24: at + 28] = struct.pack("<I", 10)
    data[22:26] = struct.pack("<I", 10)
    (said,) = told(read(tmp_path, bytes(data), settings))
    assert "is damaged" in said


def test_office_files_are_no_archives(tmp_path: Path, settings: Settings) -> None:
    sheet = packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    assert "office file" in told(read(tmp_path, sheet, settings, name="a.xlsx"))[0]
