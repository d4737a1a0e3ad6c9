"""Filters, ids and prefixes → named statements. Every statement of the store but the dialect's own stands here.

The name travels with the statement and into the message when it fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, CompoundSelect, Executable, Select, delete, func, insert, select, union
from sqlalchemy.sql.dml import Insert

from tocsin.errors import StoreError
from tocsin.store.dates import days
from tocsin.store.filters import Filter
from tocsin.store.rows import fold
from tocsin.store.schema import evidence, known_as, memory, migration, reading, record, report, slot

Statement = TypeVar("Statement", bound=Executable)


def named(name: str, statement: Statement) -> Statement:
    """The statement with the name under which its failures are told."""
    return statement.execution_options(query=name)


# --- writing -----------------------------------------------------------------------------------------------------

INSERTS: dict[str, Insert] = {
    table.name: named(f"insert_{table.name}", insert(table))
    for table in (migration, report, reading, record, slot, known_as, evidence, memory)
}
LAST_RECORD = named("last_record", select(func.coalesce(func.max(record.c.number), 0)))


def forget(key: str) -> Any:
    return named("forget", delete(memory).where(memory.c.key == key))


# --- one thing by its id -----------------------------------------------------------------------------------------

LAST_MIGRATION = named("last_migration", select(func.max(migration.c.version)))


def report_by_id(report_id: str) -> Select[Any]:
    return named("report_by_id", select(report).where(report.c.id == report_id))


def reports_by_prefix(prefix: str, *, most: int) -> Select[Any]:
    return named("reports_by_prefix", select(report.c.id).where(*_begins(report.c.id, prefix)).limit(most))


def records_by_prefix(prefix: str, *, most: int) -> Select[Any]:
    found = select(record.c.id).distinct().where(*_begins(record.c.id, prefix)).limit(most)
    return named("records_by_prefix", found)


def record_by_id(record_id: str) -> Select[Any]:
    """The record as the newest reading has it, a current reading before a superseded one."""
    newest = record.c.reading.in_(current()).desc(), record.c.reading.desc(), record.c.number
    return named("record_by_id", select(record.c.number).where(record.c.id == record_id).order_by(*newest).limit(1))


def readings_of(report_id: str) -> Select[Any]:
    """The readings of a report, oldest first: the last one is current."""
    found = select(reading).join(report).where(report.c.id == report_id).order_by(reading.c.number)
    return named("readings_of", found)


def reading_by(report_id: str, reader: str | None) -> Select[Any]:
    found = select(reading.c.number).join(report).where(report.c.id == report_id)
    return named("reading_by", found if reader is None else found.where(reading.c.reader == reader))


def report_with_url(url: str) -> Select[Any]:
    return named("report_with_url", select(report.c.number).where(report.c.url == url).limit(1))


def remembered(key: str) -> Select[Any]:
    return named("remembered", select(memory.c.value).where(memory.c.key == key))


# --- many things by their numbers --------------------------------------------------------------------------------


def readings_numbered(numbers: Sequence[int]) -> Select[Any]:
    return named("readings_numbered", select(reading).where(reading.c.number.in_(numbers)))


def reports_numbered(numbers: Sequence[int]) -> Select[Any]:
    return named("reports_numbered", select(report).where(report.c.number.in_(numbers)))


def records_numbered(numbers: Sequence[int]) -> Select[Any]:
    return named("records_numbered", _record_columns().where(record.c.number.in_(numbers)))


def records_of_readings(numbers: Sequence[int]) -> Select[Any]:
    found = _record_columns().where(record.c.reading.in_(numbers)).order_by(record.c.reading, record.c.number)
    return named("records_of_readings", found)


def _record_columns() -> Select[Any]:
    return select(record.c.number, record.c.reading, record.c.report, record.c.layer, record.c.json)


# --- many things by a filter -------------------------------------------------------------------------------------


def current() -> Select[Any]:
    """Numbers of the current readings: of each report the newest."""
    return select(func.max(reading.c.number)).group_by(reading.c.report)


def records_filtered(layer: str, filter: Filter, limit: int | None) -> Select[Any]:
    """Numbers of the records of a layer in current readings, by date, then report, then order in the text."""
    found = (
        select(record.c.number).join(report)
        .where(record.c.layer == layer, record.c.reading.in_(current()))
        .where(*_about_record(filter), *_between(record.c.date, filter), *_about_report(filter))
        .order_by(record.c.date.nulls_first(), report.c.id, record.c.number).limit(limit)
    )
    return named("records_filtered", found)


def documents_filtered(filter: Filter, limit: int | None) -> Select[Any]:
    """Numbers of the current readings that hold a record as the filter wants it, by day of publication, then id."""
    found = documents_within(filter).with_only_columns(reading.c.number)
    return named("documents_filtered", found.order_by(report.c.published.nulls_first(), report.c.id).limit(limit))


def documents_within(filter: Filter) -> Select[Any]:
    """The same as numbers of reports, in no order: a subquery for the search."""
    wanted = _about_record(filter)
    found = select(report.c.number).join(reading, reading.c.report == report.c.number)
    found = found.where(reading.c.number.in_(current()), *_between(report.c.date, filter), *_about_report(filter))
    return found.where(reading.c.number.in_(select(record.c.reading).where(*wanted))) if wanted else found


def _about_report(filter: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter.source is not None:
        found.append(report.c.source_key == fold(filter.source))
    if filter.report is not None:
        found += _begins(report.c.id, filter.report)
    return found


def _about_record(filter: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter.type is not None:
        found.append(record.c.type.in_({filter.type, filter.type.upper(), filter.type.lower()}))
    if filter.factuality is not None:
        found.append(record.c.factuality == filter.factuality)
    if filter.actor is not None:
        found.append(record.c.number.in_(_with(filter.actor, "actor")))
    if filter.place is not None:
        found.append(record.c.number.in_(_with(filter.place, "place")))
    if filter.dyad is not None:
        found.append(record.c.number.in_(_with_both(*filter.dyad)))
    return found


def _between(date: Any, filter: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter.since is not None:
        found.append(date >= _day(filter.since, 0))
    if filter.until is not None:
        found.append(date <= _day(filter.until, 1))
    return found


def _day(text: str, end: int) -> str:
    day = days(text)[end]
    if day is None:
        raise StoreError(f"{text!r} is no date", where="filter", allowed="2024-11-17, 2024-11, 2024")
    return day


def _with(name: str, part: str) -> CompoundSelect[Any]:
    """Records in which somebody so named stands, and the entry of that actor or place itself."""
    itself = select(known_as.c.record).where(known_as.c.key == fold(name), known_as.c.part == part)
    return union(*_slots(name, part, slot.c.record), itself)


def _with_both(one: str, other: str) -> Select[Any]:
    """Records in which both stand, as different parties."""
    first, second = (union(*_slots(name, "actor", slot.c.record, slot.c.key)).subquery() for name in (one, other))
    return select(first.c.record).join(second, (first.c.record == second.c.record) & (first.c.key != second.c.key))


def _slots(name: str, part: str, *columns: ColumnElement[Any]) -> tuple[Select[Any], Select[Any]]:
    """Slots that bear the name, and slots filled by who is known under it."""
    slots = select(*columns).where(slot.c.part == part)
    filled = slots.join(known_as, known_as.c.record == slot.c.filler).where(known_as.c.key == fold(name))
    return slots.where(slot.c.key == fold(name)), filled


def _begins(column: Any, prefix: str) -> list[ColumnElement[bool]]:
    """An id begins so; a range, since LIKE would not use the index."""
    return [column >= prefix, column < prefix + "\U0010ffff"]


# --- the whole ---------------------------------------------------------------------------------------------------

COUNTS: dict[str, Select[Any]] = {
    "reports": named("count_reports", select(func.count()).select_from(report)),
    "readings": named("count_readings", select(func.count()).select_from(reading)),
}
COUNT_RECORDS = named(
    "count_records",
    select(record.c.layer, func.count().label("records")).where(record.c.reading.in_(current())).group_by(record.c.layer),
)
UNREAD = named(
    "unread", select(report.c.id).where(report.c.number.not_in(select(reading.c.report))).order_by(report.c.id)
)
_kept = select(record.c.reading, func.count().label("records")).group_by(record.c.reading).subquery()
INCOMPLETE = named(
    "incomplete",
    select(report.c.id, reading.c.reader, reading.c.records, func.coalesce(_kept.c.records, 0).label("kept"))
    .join(reading, reading.c.report == report.c.number)
    .outerjoin(_kept, _kept.c.reading == reading.c.number)
    .where(func.coalesce(_kept.c.records, 0) != reading.c.records),
)
DOUBLED = named(
    "doubled",
    select(report.c.id.label("report"), record.c.layer, record.c.id)
    .join(report, record.c.report == report.c.number)
    .group_by(report.c.id, record.c.reading, record.c.layer, record.c.id).having(func.count() > 1),
)
ALL_READINGS = named("all_readings", select(reading.c.number).order_by(reading.c.number))
