"""Tables in (JSON, JSON lines, CSV, TSV, Parquet), one draft a row out; columns by name or by the hints' mapping."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from typing import Any

import pyarrow  # type: ignore[import-untyped]
from charset_normalizer import from_bytes
from pyarrow import parquet

from tocsin.acquire.dates import iso
from tocsin.acquire.draft import Draft, Failed, Raw, too_large
from tocsin.acquire.text import decode
from tocsin.errors import InputError
from tocsin.ontology import load

Row = Mapping[str, Any]
_HEAD = 1_000_000  # bytes by which a table's encoding is told
_BATCH = 64  # rows of a Parquet file held at a time


def draft_of(row: Row, raw: Raw, *, where: str, default: Draft | None = None) -> Draft:
    """One row as a draft; what it does not give is taken from `default`.

    Raises:
        InputError: no column for the text, a named column is missing, or a date can be read in two ways or none.
    """
    names = _columns(row, raw, where)
    found = {field: _words(row[name]) for field, name in names.items() if field != "published"}
    if not found.get("text"):
        raise InputError("is empty", where=where, todo=f"put text into the column {names['text']!r}")
    published = row.get(names["published"]) if "published" in names else None
    if default:
        found = {field: found.get(field) or getattr(default, field) for field in load("inputs.yaml")["columns"]}
    told = None if raw.hints.published else _date(published, where)  # a hint goes before, so nothing need be told
    found["published"] = told or (default.published if default else None)
    found["url"] = found.get("url") or raw.url
    return Draft(where, **{key: value for key, value in found.items() if key != "text"}, text=str(found["text"]))


def read_json(raw: Raw) -> Iterator[Draft | Failed]:
    """An object, an array of objects, an object that holds one such array, or objects one after the other.

    Raises:
        InputError: too large, no JSON.
    """
    data = raw.read()
    text = decode(data, where=raw.where, charset=raw.charset).lstrip("\ufeff")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if str(error).startswith("Extra data"):  # JSON lines under the name .json
            yield from _lines(io.BytesIO(text.encode("utf-8", "surrogatepass")), raw)
            return
        raise InputError(f"is no JSON ({error})", where=raw.where, todo="mend the file") from error
    rows = _rows(value, raw)
    for number, row in enumerate(rows, 1):
        yield _attempt(row, raw, raw.where if value is row else f"{raw.where}:item {number}")


def read_jsonl(raw: Raw) -> Iterator[Draft | Failed]:
    """An object a line; a bad line is `Failed` with its number and the rest goes on. Streams."""
    head = raw.stream.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):  # wide characters: lines only after decoding
        text = decode(head + raw.read(), where=raw.where)
        yield from _lines(io.BytesIO(text.encode("utf-8", "surrogatepass")), raw)
    else:
        yield from _lines(raw.stream, raw, head=head)


def read_csv(raw: Raw, delimiter: str | None = None) -> Iterator[Draft | Failed]:
    """A row a report, the first row the names; it also tells the separator (comma, semicolon, tab, bar). Streams.

    A bad row is `Failed` with the number of its line and the rest goes on.

    Raises:
        InputError: binary, no header, no column for the text, bytes that do not fit the encoding.
    """
    csv.field_size_limit(max(csv.field_size_limit(), raw.settings.max_bytes))  # the module's own limit is 128 KiB
    with closing(_text_lines(raw)) as lines:
        first = next(lines, "")
        if not first.strip():
            raise InputError("is empty", where=raw.where, todo="give a table with a first row of column names")
        separator = delimiter or max(",;\t|", key=first.count)
        header = [name.strip() for name in next(csv.reader([first], delimiter=separator))]
        _columns(dict.fromkeys(header), raw, raw.where)
        table = csv.reader(lines, delimiter=separator, strict=True)
        while True:
            where = f"{raw.where}:{table.line_num + 2}"
            try:
                cells = next(table, None)
            except csv.Error as error:
                yield Failed(where, InputError(f"is no whole row ({error})", where=where, todo="mend its quotes"))
                continue
            if cells is None:
                return
            if any(cells):
                yield _row(header, cells, raw, where)


def read_tsv(raw: Raw) -> Iterator[Draft | Failed]:
    """As `read_csv`, separated by tabs."""
    return read_csv(raw, "\t")


def read_parquet(raw: Raw) -> Iterator[Draft | Failed]:
    """A row a report; read in batches.

    Raises:
        InputError: corrupt, no column for the text.
    """
    table = _parquet(lambda: parquet.ParquetFile(raw.stream), raw)
    names = _columns(dict.fromkeys(table.schema_arrow.names), raw, raw.where)
    batches = table.iter_batches(batch_size=_BATCH, columns=sorted(set(names.values())))
    number = 0
    while (batch := _parquet(lambda: next(batches, None), raw)) is not None:
        for row in _parquet(batch.to_pylist, raw):
            number += 1
            yield _attempt(row, raw, f"{raw.where}:row {number}")


def _row(header: list[str], cells: list[str], raw: Raw, where: str) -> Draft | Failed:
    if len(cells) > len(header):
        what = f"has {len(cells)} cells, the header {len(header)}"
        return Failed(where, InputError(what, where=where, todo="quote cells that hold the separator"))
    return _attempt(dict(zip(header, cells, strict=False)), raw, where)


def _attempt(row: Any, raw: Raw, where: str) -> Draft | Failed:
    try:
        return draft_of(row, raw, where=where)
    except InputError as error:
        return Failed(where, error)


def _columns(row: Any, raw: Raw, where: str) -> dict[str, str]:
    """Our field → the row's column. Names are compared without regard to case, the hints' exactly."""
    if not isinstance(row, Mapping):
        raise InputError("is no object", where=where, allowed="objects with a text", todo="mend it")
    known = {str(name).strip().lower(): name for name in reversed(list(row))}
    names = {}
    for field, usual in load("inputs.yaml")["columns"].items():
        name = next((known[name] for name in usual if name in known), None)
        names[field] = raw.hints.columns.get(field, name)
    there = ", ".join(map(str, row)) or "none"
    for field, name in raw.hints.columns.items():
        if name not in row:
            raise InputError(f"has no column {name!r} for {field}", where=where, allowed=there, todo="name another")
    if names["text"] is None:
        raise InputError("has no column for the text", where=where, allowed=there, todo="map one of these to text")
    return {field: name for field, name in names.items() if name is not None}


def _words(value: Any) -> str | None:
    if isinstance(value, Mapping):
        return _words(value.get("name"))
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_words, value))) or None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is None or value != value or isinstance(value, bool) else str(value)  # NaN differs from itself


def _date(value: Any, where: str) -> str | None:
    if value is None or value != value or str(value).strip().lower() in ("", "nan", "nat", "none", "null", "n/a", "-"):
        return None
    found = iso(value)
    if found is None:
        raise InputError(f"date {str(value)[:40]!r} cannot be read for sure", where=where,
                         allowed="dates as 2024-11-18", todo="write it so, or give the date as a hint")
    return found


def _rows(value: Any, raw: Raw) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise InputError("is no object or array", where=raw.where, allowed="objects with a text", todo="mend the file")
    lists = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
    usual = set(load("inputs.yaml")["columns"]["text"]) | {raw.hints.columns.get("text", "text")}
    return lists[0] if len(lists) == 1 and not usual & {str(name).lower() for name in value} else [value]


def _lines(stream: Any, raw: Raw, head: bytes = b"") -> Iterator[Draft | Failed]:
    most, number = raw.settings.max_bytes, 0
    while line := head + stream.readline(most + 1):
        head, number = b"", number + 1
        where = f"{raw.where}:{number}"
        if len(line) > most:
            yield Failed(where, too_large(where, most))
            while not line.endswith(b"\n") and (line := stream.readline(most)):
                pass
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            yield _line(line, raw, where)


def _line(line: bytes, raw: Raw, where: str) -> Draft | Failed:
    try:
        row = json.loads(decode(line, where=where, charset=raw.charset))
    except InputError as error:
        return Failed(where, error)
    except (ValueError, RecursionError) as error:
        return Failed(where, InputError(f"is no JSON ({error})", where=where, todo="mend the line"))
    return _attempt(row, raw, where)


def _text_lines(raw: Raw) -> Generator[str, None, None]:
    """The lines of a table as text, none longer than `max_bytes`; the encoding is told by the table's head."""
    head = raw.stream.read(_HEAD)
    decode(head.rpartition(b"\n")[0] or head, where=raw.where, charset=raw.charset)  # refuses what is binary
    raw.stream.seek(0)
    most = raw.settings.max_bytes
    text = io.TextIOWrapper(raw.stream, encoding=_encoding(head, raw.charset), newline="")
    try:
        while line := text.readline(most + 1):
            if len(line) > most:
                raise too_large(raw.where, most)
            yield line.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"changes its encoding ({error})", where=raw.where, todo="save it as UTF-8") from error
    finally:
        text.detach()  # closing is for whoever opened the stream


def _encoding(head: bytes, charset: str | None) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    whole = head.rpartition(b"\n")[0] or head
    for name in filter(None, (charset, "utf-8")):
        try:
            whole.decode(name)
        except (LookupError, ValueError):
            continue
        return name
    best = from_bytes(whole).best()
    return best.encoding if best else "utf-8"


def _parquet(step: Callable[[], Any], raw: Raw) -> Any:
    try:
        return step()
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:  # the last: dates beyond Python's
        reason = str(error).split("\n")[0][:200]
        raise InputError(f"is no whole Parquet file ({reason})", where=raw.where, todo="get it again") from error
