"""The store's URL → a `Dialect`: connections, transactions, search by words, the meaning of errors.

All that one database does otherwise than another stands here; SQLite is the only one so far. Errors of the driver
leave as `StoreError`, `StoreLockedError` or `StoreFullError` with the name of the query.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    ExceptionContext,
    Select,
    bindparam,
    column,
    create_engine,
    event,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool, StaticPool

from tocsin.errors import StoreError, StoreFullError, StoreLockedError, TocsinError
from tocsin.store.queries import named
from tocsin.store.schema import report

ALLOWED = "sqlite:///path/to.db, sqlite:// (in memory), or a path"

# Title and text of each report; the words are kept in `report` alone. Stems are English, accents do not count.
CREATE_WORDS = """CREATE VIRTUAL TABLE words USING fts5(
    title, text, content='report', content_rowid='number', tokenize='porter unicode61 remove_diacritics 2'
)"""
WORDS = table("words", column("rowid"), column("title"), column("text"))
ADD_WORDS = named("add_words", WORDS.insert())
OPEN_MARK, CLOSE_MARK = "\x02", "\x03"  # normalised text has no control characters


class Found(NamedTuple):
    """A report's number, how well it fits (more is better), and where in its text the first match is."""

    report: int
    rank: float
    start: int
    end: int


class SQLite:
    """A SQLite file in WAL mode, or a database in memory (`file=None`) that threads use in turn.

    Raises:
        StoreError: the folder cannot be made.
    """

    def __init__(self, file: Path | None, *, busy_timeout: float) -> None:
        self.where = str(file) if file else "sqlite://"
        self.busy_timeout = busy_timeout
        self._turn = None if file else threading.RLock()
        if file:
            _make_folder(file.parent)
        self.engine = create_engine(
            URL.create("sqlite", database=str(file) if file else None),
            poolclass=QueuePool if file else StaticPool,
            connect_args={"check_same_thread": False, "timeout": busy_timeout},
        )
        event.listen(self.engine, "connect", self._prepare)
        event.listen(self.engine, "begin", _begin)
        event.listen(self.engine, "handle_error", self._leave_as_ours)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the store."""
        with self._in_turn(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction of the only writer: all of it is kept, or nothing.

        Raises:
            StoreLockedError: another writer did not finish within the busy timeout.
            StoreFullError: no room; nothing was kept.
        """
        with self._in_turn(), self.engine.connect() as connection:
            connection.execution_options(write=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        self.engine.dispose()

    def tables(self, connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    def create_words(self, connection: Connection) -> None:
        connection.execute(named("create_words", text(CREATE_WORDS)))

    def add_words(self, connection: Connection, number: int, title: str | None, body: str) -> None:
        connection.execute(ADD_WORDS, {"rowid": number, "title": title, "text": body})

    def search(self, connection: Connection, words: str, limit: int, within: Select[Any] | None) -> list[Found]:
        """The reports that hold all the words, the best first; `within` selects numbers of reports."""
        query = match_query(words)
        if query is None:
            return []
        matches = literal_column("words").op("MATCH")(bindparam("query"))
        rank = (-func.bm25(literal_column("words"), 4.0, 1.0)).label("rank")  # a title counts four times
        best = select(WORDS.c.rowid, rank).join(report, report.c.number == WORDS.c.rowid).where(matches)
        if within is not None:
            # The plus keeps SQLite from searching the index once for each report of the filter.
            best = best.where(literal_column("+words.rowid").in_(within))
        best = named("search", best.order_by(rank.desc(), report.c.id).limit(limit))
        ranked = {row.rowid: row.rank for row in connection.execute(best, {"query": query})}
        highlight = func.highlight(literal_column("words"), 1, OPEN_MARK, CLOSE_MARK).label("marked")
        marked = named("highlight", select(WORDS.c.rowid, highlight).where(matches, WORDS.c.rowid.in_(ranked)))
        spans = {row.rowid: _first(row.marked) for row in connection.execute(marked, {"query": query})}
        return [Found(number, rank, *spans[number]) for number, rank in ranked.items()]

    def damages(self, connection: Connection) -> list[str]:
        """What the database itself finds wrong with its file, its references and its index of words."""
        found = [row[0] for row in connection.execute(named("integrity", text("PRAGMA integrity_check")))]
        damages = [f"file: {line}" for line in found if line != "ok"]
        lost = connection.execute(named("foreign_keys", text("PRAGMA foreign_key_check")))
        damages += [f"table {row[0]}, row {row[1]}: refers to a row of {row[2]} that is not there" for row in lost]
        compare = text("INSERT INTO words(words, rank) VALUES ('integrity-check', 1)")
        try:
            connection.execute(named("integrity_of_words", compare))
        except StoreError as error:
            damages.append(f"index of words: {error.what}")
        return damages

    # --- inside ---

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
        else:
            with self._turn:
                yield

    def _prepare(self, connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: `_begin` does
        connection.execute("PRAGMA foreign_keys = ON")
        if self._turn is None and connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            self._switch_to_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")  # in WAL a killed process loses nothing that was kept

    def _switch_to_wal(self, connection: sqlite3.Connection) -> None:
        """SQLite refuses at once, without waiting, when two do this together."""
        deadline = time.monotonic() + self.busy_timeout
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
            time.sleep(0.01)

    def _leave_as_ours(self, context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, Exception) and not isinstance(error, TocsinError):
            raise self._ours(error, _query(context)) from error

    def _ours(self, error: Exception, query: str) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        reason = f"{error} [{getattr(error, 'sqlite_errorname', type(error).__name__)}, query {query}]"
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return StoreLockedError(
                f"another process is writing and did not finish in {self.busy_timeout:g} s: {reason}",
                where=self.where, todo="try again later, or raise the setting busy_timeout",
            )
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            return StoreFullError(
                f"the disk is full or fails; nothing of this was kept: {reason}", where=self.where,
                todo="make room and run the same again: what is stored already is skipped",
            )
        what, todo = REASONS.get(code, ("failed", "this is a fault of Tocsin: report it with this line"))
        return StoreError(f"{what}: {reason}", where=self.where, todo=todo)


REASONS = {
    sqlite3.SQLITE_NOTADB: ("is no SQLite database", "give another path"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "restore a copy, or read the reports again into a new store"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "give a file in a folder that you may write to"),
    sqlite3.SQLITE_READONLY: ("cannot be written", "give a file and a folder that you may write to"),
    sqlite3.SQLITE_PERM: ("may not be used", "give a file and a folder that you may write to"),
}


def dialect_of(url: str, *, busy_timeout: float) -> SQLite:
    """The database that a URL names; a path without a scheme is a SQLite file.

    Raises:
        StoreError: a scheme that is not known, or a folder that cannot be made.

    >>> dialect_of("oracle://host/db", busy_timeout=1)
    Traceback (most recent call last):
    tocsin.errors.StoreError: oracle://host/db: 'oracle' is no kind of store; allowed: sqlite:///path/to.db, \
sqlite:// (in memory), or a path; give one of these
    """
    scheme, found, rest = url.partition("://")
    if found and scheme != "sqlite":
        raise StoreError(f"{scheme!r} is no kind of store", where=url, allowed=ALLOWED, todo="give one of these")
    path = rest.removeprefix("/") if found else url
    if "\0" in path or (found and rest and not rest.startswith("/")) or not (found or path):
        raise StoreError("is no place for a store", where=url, allowed=ALLOWED, todo="give one of these")
    in_memory = path in ("", ":memory:")
    return SQLite(None if in_memory else Path(path).expanduser(), busy_timeout=busy_timeout)


def match_query(words: str) -> str | None:
    """A reader's words → a query of FTS5 that holds all of them, words in quotes as a phrase; `None` if none is left.

    >>> match_query('AND "red line" (Kursk*')
    '"AND" "red line" "(Kursk*"'
    >>> match_query('* -') is None
    True
    """
    clean = words.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    parts = [phrase or word for phrase, word in re.findall(r'"([^"]*)"?|([^\s"]+)', clean)]
    return " ".join(f'"{part}"' for part in parts if any(map(str.isalnum, part))) or None


def _first(marked: str) -> tuple[int, int]:
    """Offsets of the first marked stretch; (0, 0) where the match is in the title alone."""
    start = marked.find(OPEN_MARK)
    return (0, 0) if start < 0 else (start, marked.index(CLOSE_MARK, start) - 1)


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.execute(named("begin", text("BEGIN IMMEDIATE" if write else "BEGIN")))


def _query(context: ExceptionContext) -> str:
    """The name of the statement that failed, or the statement itself."""
    options = context.execution_context.execution_options if context.execution_context else {}
    statement = " ".join((context.statement or "connect").split())
    name = options.get("query")
    return f"{name}: {statement[:200]}" if name else statement[:200]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder cannot be made ({error.strerror})", where=str(folder),
            todo="give a file in a folder that you may write to",
        ) from error
