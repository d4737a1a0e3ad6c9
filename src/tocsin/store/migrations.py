"""An opened database → one whose tables are of this version, or a refusal.

A migration is a named function with a version. The first makes the tables as `schema` has them now, so a fresh store
needs no other; each later one changes a store that is older than it. All that are due run in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from tocsin.errors import StoreError
from tocsin.store import queries
from tocsin.store.dialect import SQLite
from tocsin.store.schema import metadata, migration


@dataclass(frozen=True, slots=True)
class Migration:
    """Brings a store from the version before to `version`."""

    version: int
    name: str
    run: Callable[[Connection, SQLite], None]


def first_tables(connection: Connection, dialect: SQLite) -> None:
    """All tables, their indices and the index of words."""
    metadata.create_all(connection)
    dialect.create_words(connection)


MIGRATIONS = (Migration(1, "first_tables", first_tables),)


def migrate(dialect: SQLite, *, now: Callable[[], str], migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring the store up to the last of the migrations; nothing is written where it is there already.

    Raises:
        StoreError: the store is newer than this code, or the database belongs to something else.
    """
    with dialect.read() as connection:
        version = _version(connection, dialect, migrations)
    if version == migrations[-1].version:
        return
    with dialect.write() as connection:
        version = _version(connection, dialect, migrations)  # another process may have been faster
        due = [step for step in migrations if step.version > version]
        for step in due[:1] if version == 0 else due:
            step.run(connection, dialect)
        rows = [{"version": step.version, "name": step.name, "at": now()} for step in due]
        if rows:
            connection.execute(queries.INSERTS["migration"], rows)


def _version(connection: Connection, dialect: SQLite, migrations: tuple[Migration, ...]) -> int:
    tables = dialect.tables(connection)
    if tables and migration.name not in tables:
        raise StoreError(
            f"is a database of something else (tables {', '.join(sorted(tables)[:3])})", where=dialect.where,
            todo="give another path",
        )
    version = int(connection.scalar(queries.LAST_MIGRATION) or 0) if tables else 0
    if version > migrations[-1].version:
        raise StoreError(
            f"was written by a newer Tocsin (version {version} of the tables)", where=dialect.where,
            allowed=f"up to version {migrations[-1].version}", todo="install the newer Tocsin, or give another path",
        )
    return version
