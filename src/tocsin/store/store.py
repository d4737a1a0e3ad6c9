"""Documents → a database and back: `open_store` gives a `Store`, whose methods are all that can be done with it.

One transaction a report; nothing is ever overwritten. What is read comes in small bites, so a loop over documents may
write to the same store, and holds up nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection

from tocsin.errors import StoreError, StoreLockedError
from tocsin.model import LAYERS, Document, Record, Report
from tocsin.store import queries
from tocsin.store.dialect import SQLite, dialect_of
from tocsin.store.filters import EVERYTHING, Filter
from tocsin.store.migrations import migrate
from tocsin.store.rows import Rows, misquotes, to_document, to_record, to_report, to_rows

DOCUMENTS_AT_ONCE, RECORDS_AT_ONCE = 32, 500


@dataclass(frozen=True, slots=True)
class Stored:
    """A record with the report that it was read from; `layer` is a key of `model.LAYERS`, or `reports`."""

    layer: str
    record: Record | Report
    report: Report


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that holds the words. `start` and `end` are the first match in its text, 0 and 0 where only the title
    matches; `snippet` is the text around it on one line; `rank` compares hits of one search, more is better.
    """

    report: Report
    snippet: str
    start: int
    end: int
    rank: float


@dataclass(frozen=True, slots=True)
class Reading:
    """That a report was read: by which reader, when (ISO 8601, UTC), and whether it is what counts now."""

    reader: str | None
    at: str
    current: bool


def utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def open_store(url: str, *, busy_timeout: float = 30.0, now: Callable[[], str] = utc_now) -> Store:
    """Open the store, and make it where there is none yet, with its folders.

    Args:
        url: `sqlite:///path/to.db`, a path, or `sqlite://` for one in memory.
        busy_timeout: seconds to wait for another writer.
        now: the clock, for the dates of readings.

    Raises:
        StoreError: an unknown scheme, no database, of something else, newer than this code, or not writable.
        StoreLockedError: another process was writing all the time.

    >>> with open_store("sqlite://") as store:
    ...     store.count()["reports"]
    0
    """
    dialect = dialect_of(url, busy_timeout=busy_timeout)
    try:
        migrate(dialect, now=now)
    except StoreError:
        dialect.close()
        raise
    return Store(dialect, now=now)


class Store:
    """What was read, report by report. Close it, or use it in a `with`; threads may share it.

    Every method raises `StoreError` where the database fails, `StoreLockedError` and `StoreFullError` among it.
    """

    def __init__(self, dialect: SQLite, *, now: Callable[[], str] = utc_now) -> None:
        self._dialect, self._now = dialect, now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self._dialect.where!r})"

    def close(self) -> None:
        self._dialect.close()

    # --- writing ---

    def add(self, document: Document) -> bool:
        """Keep a reading of a report: all of it or nothing. A newer reading supersedes, the older stays readable.

        Returns:
            Whether anything was added; not so where this reader has read this report before.

        Raises:
            StoreError: evidence does not quote the text, or the id stands for another text already.
            StoreLockedError: another writer did not finish in time.
            StoreFullError: no room; nothing of this report was kept.

        >>> with open_store("sqlite://") as store:
        ...     document = Document(Report.of("Mali closed the border."), reader="model-1")
        ...     store.add(document), store.add(document)
        (True, False)
        """
        if self.has(document.report.id, document.reader or ""):
            return False
        rows = to_rows(document)
        with self._dialect.write() as connection:
            return self._add(connection, rows)

    def put(self, key: str, value: str) -> None:
        """Remember a value under a key, in place of what stood there."""
        with self._dialect.write() as connection:
            connection.execute(queries.forget(key))
            connection.execute(queries.INSERTS["memory"], {"key": key, "value": value})

    # --- reading ---

    def get(self, key: str) -> str | None:
        """What was put under the key, or `None`."""
        with self._dialect.read() as connection:
            value = connection.scalar(queries.remembered(key))
        return None if value is None else str(value)

    def seen(self, url: str) -> bool:
        """Whether a report from this URL is in the store."""
        with self._dialect.read() as connection:
            return connection.scalar(queries.report_with_url(url)) is not None

    def has(self, report_id: str, reader: str | None = None) -> bool:
        """Whether the report was read, by this reader if one is named."""
        with self._dialect.read() as connection:
            return connection.scalar(queries.reading_by(report_id, reader)) is not None

    def document(self, report_id: str, *, reader: str | None = None) -> Document:
        """A report as it is read now, or as `reader` read it.

        Args:
            report_id: its id, or a beginning of it that no other report has.

        Raises:
            StoreError: there is none, more than one, or none by this reader.
        """
        with self._dialect.read() as connection:
            found = connection.execute(queries.readings_of(_report_id(connection, report_id))).all()
            wanted = [row for row in found if reader is None or row.reader == reader]
            if not wanted:
                raise StoreError(
                    f"was not read by {reader!r}", where=report_id,
                    allowed=", ".join(row.reader or "(unnamed)" for row in found),
                )
            return _documents(connection, [wanted[-1].number])[0]

    def documents(self, filter: Filter = EVERYTHING, *, limit: int | None = None) -> Iterator[Document]:
        """The current readings by publication, then id; those that hold a record as the filter wants it.

        What is added during the loop is not part of it.
        """
        with self._dialect.read() as connection:
            numbers = connection.scalars(queries.documents_filtered(filter, limit)).all()
        for bite in _bites(numbers, DOCUMENTS_AT_ONCE):
            with self._dialect.read() as connection:
                documents = _documents(connection, bite)
            yield from documents

    def readings(self, report_id: str) -> tuple[Reading, ...]:
        """All readings of a report, the oldest first; the last is current.

        Raises:
            StoreError: there is no such report, or more than one begins so.
        """
        with self._dialect.read() as connection:
            found = connection.execute(queries.readings_of(_report_id(connection, report_id))).all()
        return tuple(Reading(row.reader or None, row.at, row is found[-1]) for row in found)

    def records(self, layer: str, filter: Filter = EVERYTHING, *, limit: int | None = None) -> Iterator[Stored]:
        """The records of a layer in current readings, by date, then report, then order in the text.

        Raises:
            StoreError: there is no such layer.
        """
        if layer not in LAYERS:
            raise StoreError(f"{layer!r} is no layer", where="records", allowed=", ".join(LAYERS))
        with self._dialect.read() as connection:
            numbers = connection.scalars(queries.records_filtered(layer, filter, limit)).all()
        for bite in _bites(numbers, RECORDS_AT_ONCE):
            with self._dialect.read() as connection:
                stored = _stored(connection, bite)
            yield from stored  # each is decoded when its turn comes

    def find(self, record_id: str) -> Stored:
        """The record or report of this id, or of the one that begins so; of several readings the newest.

        Raises:
            StoreError: there is none, or more than one.
        """
        with self._dialect.read() as connection:
            number = connection.scalar(queries.record_by_id(record_id))
            if number is None:
                candidates = _begin_so(connection, record_id, queries.reports_by_prefix, queries.records_by_prefix)
                found = _only(record_id, candidates, "record or report")
                report = connection.execute(queries.report_by_id(found)).one_or_none()
                if report is not None:
                    return Stored("reports", to_report(report), to_report(report))
                number = connection.scalar(queries.record_by_id(found))
            return next(_stored(connection, [number]))

    def search(self, words: str, *, limit: int = 20, filter: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """Reports whose title or text holds all the words (by their stems), words in double quotes as a phrase.

        Nothing that a reader may type is an error: signs count as spaces.

        >>> with open_store("sqlite://") as store:
        ...     _ = store.add(Document(Report.of("Mali closed the border. Talks followed.")))
        ...     [(hit.start, hit.end, hit.snippet) for hit in store.search('"the borders" talk')]
        [(12, 22, 'Mali closed the border. Talks followed.')]
        """
        within = None if filter == EVERYTHING else queries.documents_within(filter)
        with self._dialect.read() as connection:
            found = self._dialect.search(connection, words, limit, within)
            reports = _reports(connection, [hit.report for hit in found])
        return tuple(
            Hit(reports[hit.report], _snippet(reports[hit.report], hit.start, hit.end), hit.start, hit.end, hit.rank)
            for hit in found
        )

    # --- the whole ---

    def count(self) -> dict[str, int]:
        """How many reports, readings and, by layer, records of current readings there are."""
        with self._dialect.read() as connection:
            counts = {name: int(connection.scalar(query) or 0) for name, query in queries.COUNTS.items()}
            layers = {row.layer: row.records for row in connection.execute(queries.COUNT_RECORDS)}
        return counts | {layer: layers.get(layer, 0) for layer in LAYERS}

    def check(self, *, quotes: bool = False) -> list[str]:
        """What is wrong with the store, a line each; empty if all is well.

        The file, its references and index; reports without a reading, readings without all their records, records
        that stand twice. With `quotes`, which reads everything: words that are not the text at their offsets.
        """
        try:
            problems = self._problems()
        except StoreLockedError:
            raise
        except StoreError as error:  # too damaged to be asked
            return [str(error)]
        return problems + (self._misquotes() if quotes else [])

    # --- inside ---

    def _problems(self) -> list[str]:
        with self._dialect.write() as connection:  # nobody writes meanwhile
            problems = self._dialect.damages(connection)
            problems += [f"report {report}: has no reading" for report in connection.scalars(queries.UNREAD)]
            for row in connection.execute(queries.INCOMPLETE):
                problems.append(f"report {row.id}, reader {row.reader!r}: {row.kept} of {row.records} records")
            for twice in connection.execute(queries.DOUBLED):
                problems.append(f"report {twice.report}: {twice.layer} {twice.id} stands twice")
        return problems

    def _misquotes(self) -> list[str]:
        with self._dialect.read() as connection:
            numbers = connection.scalars(queries.ALL_READINGS).all()
        problems = []
        for number in numbers:
            try:
                with self._dialect.read() as connection:
                    (document,) = _documents(connection, [number])
            except StoreError as error:
                problems.append(f"reading {number}: {error}")
            else:
                problems += _misquoted(document)
        return problems

    def _add(self, connection: Connection, rows: Rows) -> bool:
        known = connection.execute(queries.report_by_id(rows.report["id"])).one_or_none()
        if known is None:
            number = _insert(connection, "report", rows.report)
            self._dialect.add_words(connection, number, rows.report["title"], rows.report["text"])
        elif known.text != rows.report["text"]:
            raise StoreError(
                "the id stands for another text in the store", where=rows.report["id"],
                todo="make reports with Report.of, which derives the id from the text",
            )
        elif connection.scalar(queries.reading_by(known.id, rows.reading["reader"])) is not None:
            return False  # another process was faster
        else:
            number = known.number
        reading = _insert(connection, "reading", rows.reading | {"report": number, "at": self._now()})
        first = int(connection.scalar(queries.LAST_RECORD) or 0) + 1
        _insert_records(connection, rows, {"reading": reading, "report": number}, first)
        return True


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> int:
    key = connection.execute(queries.INSERTS[table], row).inserted_primary_key
    return int(key[0]) if key else 0


def _insert_records(connection: Connection, rows: Rows, of: dict[str, int], first: int) -> None:
    """Records and what hangs on them; `first` is the number of the first record."""
    records = [row | of | {"number": first + index} for index, row in enumerate(rows.records)]
    slots = [
        row | {"record": first + row["record"], "filler": None if row["filler"] is None else first + row["filler"]}
        for row in rows.slots
    ]
    names = [row | {"record": first + row["record"]} for row in rows.known_as]
    evidence = [row | {"record": first + row["record"], "report": of["report"]} for row in rows.evidence]
    for table, many in (("record", records), ("slot", slots), ("known_as", names), ("evidence", evidence)):
        if many:
            connection.execute(queries.INSERTS[table], many)


def _report_id(connection: Connection, prefix: str) -> str:
    if connection.execute(queries.report_by_id(prefix)).one_or_none() is not None:
        return prefix
    return _only(prefix, _begin_so(connection, prefix, queries.reports_by_prefix), "report")


def _begin_so(connection: Connection, prefix: str, *searches: Callable[..., Any]) -> list[str]:
    """Ids that begin so, at most four of each kind; none for an empty prefix."""
    return [found for search in searches if prefix for found in connection.scalars(search(prefix, most=4))]


def _only(prefix: str, candidates: list[str], kind: str) -> str:
    if len(candidates) == 1:
        return candidates[0]
    raise StoreError(
        f"more than one {kind} begins so" if candidates else f"no {kind} begins so", where=repr(prefix),
        allowed=", ".join(sorted(candidates)[:4]) or None, todo="give the whole id",
    )


def _documents(connection: Connection, numbers: list[int]) -> list[Document]:
    """The documents of these readings, in this order."""
    readings = {row.number: row for row in connection.execute(queries.readings_numbered(numbers))}
    reports = _reports(connection, [row.report for row in readings.values()])
    records: dict[int, list[tuple[str, Record]]] = {number: [] for number in numbers}
    for row in connection.execute(queries.records_of_readings(numbers)):
        records[row.reading].append((row.layer, to_record(row.layer, row.json)))
    return [to_document(reports[readings[number].report], readings[number], records[number]) for number in numbers]


def _stored(connection: Connection, numbers: list[int]) -> Iterator[Stored]:
    """The records of these numbers, in this order; those of one report share it."""
    rows = {row.number: row for row in connection.execute(queries.records_numbered(numbers))}
    reports = _reports(connection, [row.report for row in rows.values()])
    ordered = (rows[number] for number in numbers)
    return (Stored(row.layer, to_record(row.layer, row.json), reports[row.report]) for row in ordered)


def _reports(connection: Connection, numbers: list[int]) -> dict[int, Report]:
    found = connection.execute(queries.reports_numbered(sorted(set(numbers))))
    return {row.number: to_report(row) for row in found}


def _bites(numbers: Any, size: int) -> Iterator[list[int]]:
    for start in range(0, len(numbers), size):
        yield list(numbers[start : start + size])


def _snippet(report: Report, start: int, end: int, around: int = 80) -> str:
    """The match with some words on either side, on one line; the title where only that matches."""
    if start == end:
        return report.title or ""
    text = report.text
    left = 0 if start <= around else text.find(" ", start - around, start) + 1 or start
    right = len(text) if len(text) - end <= around else max(text.rfind(" ", end, end + around), end)
    shown = " ".join(text[left:right].split())
    return f"{'… ' if left else ''}{shown}{' …' if right < len(text) else ''}"


def _misquoted(document: Document) -> Iterator[str]:
    for layer, record in document.records():
        for quote in misquotes(record, document.report.text):
            yield f"report {document.report.id}, {layer} {record.id}: {quote[:60]!r} is not the text at its offsets"
