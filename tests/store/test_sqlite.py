"""What only SQLite's files can do wrong: opening, locks, full disks, damage, versions; all on real files."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tocsin.errors import StoreError, StoreFullError, StoreLockedError
from tocsin.store import Filter, migrations, open_store
from tocsin.store.dialect import dialect_of
from tocsin.store.migrations import MIGRATIONS, Migration, migrate
from tocsin.store.store import utc_now

from .made import made

# --- opening -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["{}", "sqlite:///{}"])
def test_folders_are_made_and_what_was_added_stays(tmp_path: Path, url: str) -> None:
    path = tmp_path / "a b" / "ü%20?x=1#" / "store.db"
    with open_store(url.format(path)) as store:
        store.add(made(1))
    assert path.is_file()
    with open_store(url.format(path)) as store:
        assert list(store.documents()) == [made(1)]


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///one.db").close()
    open_store("two.db").close()
    assert {path.name for path in tmp_path.iterdir()} == {"one.db", "two.db"}


@pytest.mark.parametrize("url", ["postgresql://host/db", "http://a.example/", "sqlite://host/db", "", "a\0b"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(StoreError, match=r"allowed: sqlite:///path/to.db, sqlite:// \(in memory\), or a path"):
        open_store(url)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Some notes that are no database. " * 100)
    with pytest.raises(StoreError, match=r"notes.txt: is no SQLite database.*another path"):
        open_store(str(path))
    assert path.read_text().startswith("Some notes")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipe (title TEXT)")
    other.close()
    with pytest.raises(StoreError, match=r"of something else \(tables recipe\)"):
        open_store(str(path))


def test_a_folder_and_a_path_through_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(str(tmp_path))
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="the folder cannot be made"):
        open_store(str(tmp_path / "file" / "store.db"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "shut"
    folder.mkdir(mode=0o500)
    with pytest.raises(StoreError, match=r"cannot be opened.*folder that you may write to"):
        open_store(str(folder / "store.db"))
    with pytest.raises(StoreError, match="the folder cannot be made"):
        open_store(str(folder / "more" / "store.db"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody may write")
def test_a_folder_in_which_nobody_may_write() -> None:
    with pytest.raises(StoreError, match=r"cannot be opened|cannot be made"):
        open_store("/proc/store.db")


# --- versions ----------------------------------------------------------------------------------------------------


def test_a_newer_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO migration VALUES (99, 'from_the_future', '2030-01-01')")
    database.close()
    with pytest.raises(StoreError, match=r"newer Tocsin \(version 99.*allowed: up to version 1"):
        open_store(str(path))


def test_an_older_store_is_brought_up_in_one_transaction(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(str(path)) as store:
        store.add(made(1))

    def add_note(connection: object, dialect: object) -> None:
        connection.exec_driver_sql("CREATE TABLE note (text TEXT)")  # type: ignore[attr-defined]

    def fail(connection: object, dialect: object) -> None:
        raise StoreError("this one fails")

    second, third = Migration(2, "add_note", add_note), Migration(3, "fail", fail)
    dialect = dialect_of(str(path), busy_timeout=1)
    with pytest.raises(StoreError, match="this one fails"):
        migrate(dialect, now=utc_now, migrations=(*MIGRATIONS, second, third))
    with dialect.read() as connection:
        assert "note" not in dialect.tables(connection)
    migrate(dialect, now=utc_now, migrations=(*MIGRATIONS, second))
    migrate(dialect, now=utc_now, migrations=(*MIGRATIONS, second))
    with dialect.read() as connection:
        assert "note" in dialect.tables(connection)
        assert connection.exec_driver_sql("SELECT version, name FROM migration").all() == [
            (1, "first_tables"), (2, "add_note"),
        ]
    dialect.close()


def test_versions_rise_and_have_names() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    assert all(step.run is getattr(migrations, step.name) for step in MIGRATIONS)


def test_writers_wait_in_wal_and_references_are_kept(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store.db"), busy_timeout=7) as store, store._dialect.read() as connection:
        asked = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                 for name in ("journal_mode", "foreign_keys", "busy_timeout")}
    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 7000}


# --- locks -------------------------------------------------------------------------------------------------------


def test_a_lock_that_lasts_is_told_and_passes(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(str(path), busy_timeout=0.05) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for write in (lambda: store.add(made(1)), lambda: store.put("a", "b"), store.check):
            with pytest.raises(StoreLockedError, match=r"did not finish in 0.05 s.*SQLITE_BUSY, query begin: BEGIN IMM"):
                write()
        assert store.count()["reports"] == 0  # readers are not held up
        with open_store(str(path), busy_timeout=0.05) as second:  # nor is opening
            assert not second.has("r1")
        other.rollback()
        other.close()
        assert store.add(made(1))


def test_a_reader_holds_up_no_writer(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store.db"), busy_timeout=0.05) as store:
        for number in range(3):
            store.add(made(number))
        reading = store.documents()
        next(reading)
        assert store.add(made(3))
        assert len(list(reading)) == 2


@pytest.mark.parametrize("url", ["{}/store.db", "sqlite://"])
def test_threads_share_a_store(tmp_path: Path, url: str) -> None:
    with open_store(url.format(tmp_path)) as store:
        added: list[bool] = []

        def work(numbers: range) -> None:
            for number in numbers:
                added.append(store.add(made(number)))
                list(store.records("events", Filter(actor="RUS")))

        threads = [threading.Thread(target=work, args=(range(8)[::step],)) for step in (1, -1, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (sum(added), len(added)) == (8, 24)
        assert store.check() == []


# --- full disks --------------------------------------------------------------------------------------------------


def test_a_full_database_keeps_nothing_of_the_report(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store.db")) as store:
        store.add(made(1))
        with store._dialect.read() as connection:  # the only connection of the pool
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
        before = store.count()
        with pytest.raises(StoreFullError, match=r"nothing of this was kept.*SQLITE_FULL, query insert_"):
            store.add(made(2, records=2000))
        assert store.count() == before
        assert store.check(quotes=True) == []
        assert store.add(made(3))
        with store._dialect.read() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert store.add(made(2, records=2000))
        assert store.check() == []


LIMITED = """
import resource, signal, sys
from tocsin.errors import StoreFullError
from tocsin.store import open_store
from tests.store.made import made
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(sys.argv[1]) as store:
    store.add(made(1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, resource.RLIM_INFINITY))
    kept = 1
    try:
        for number in range(2, 100):
            kept += store.add(made(number, records=60))
    except StoreFullError as error:
        print(kept, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
def test_a_full_disk(tmp_path: Path) -> None:
    """The system refuses to make the file larger: what was kept stays, and the rest goes in once there is room."""
    path = tmp_path / "store.db"
    root = Path(__file__).parents[2]
    places = os.pathsep.join([str(root), str(root / "src")])
    asked = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": places},
    )
    kept = int(asked.stdout.split()[0])
    assert "the disk is full or fails" in asked.stdout
    with open_store(str(path)) as store:
        assert store.check(quotes=True) == []
        assert store.count()["reports"] == kept
        assert store.count()["events"] == 3 + 60 * (kept - 1)
        assert store.add(made(kept + 1, records=60))


# --- damage ------------------------------------------------------------------------------------------------------


def tampered(path: Path, *statements: str) -> list[str]:
    with open_store(str(path)) as store:
        store.add(made(1))
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    with open_store(str(path)) as store:
        return store.check(quotes=True)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM record WHERE layer = 'claims'", "of 7 records"),
        ("DELETE FROM record WHERE layer = 'actors'", "refers to a row of record that is not there"),
        ("DELETE FROM reading", "has no reading"),
        ("UPDATE record SET id = 'e1' WHERE layer = 'events'", "events e1 stands twice"),
        ("UPDATE report SET text = replace(text, 'Moscow', 'Berlin')", "index of words"),
        ("UPDATE record SET json = replace(json, 'Moscow denied it', 'Berlin denied it')", "is not the text at its offsets"),
    ],
)
def test_check_names_what_is_wrong(tmp_path: Path, statement: str, problem: str) -> None:
    assert any(problem in line for line in tampered(tmp_path / "store.db", statement))


def test_a_record_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    found = tampered(path, "UPDATE record SET json = '{\"id\": 1}' WHERE layer = 'events'")
    assert len(found) == 1
    assert "a record of events that this version cannot read" in found[0]
    with open_store(str(path)) as store, pytest.raises(StoreError, match=r"cannot read.*read the report again"):
        next(store.documents())


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_raises_nothing_but_ours(tmp_path: Path, seed: int) -> None:
    path, chance = tmp_path / "store.db", random.Random(seed)
    with open_store(str(path)) as store:
        for number in range(5):
            store.add(made(number, records=20))
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data) - 4096)
    data[start : start + 4096] = chance.randbytes(4096)
    path.write_bytes(data)
    with suppress(StoreError), open_store(str(path)) as store:
        for ask in (store.check, store.count, lambda: list(store.documents()), lambda: store.search("depot")):
            with suppress(StoreError):
                ask()


def test_a_failure_shows_its_query(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store.db")) as store:
        with store._dialect.write() as connection:
            connection.exec_driver_sql("DROP TABLE memory")
        with pytest.raises(StoreError, match=r"store.db: failed: no such table: memory.*query remembered: SELECT memory"):
            store.get("a")


