"""The tables of the store, in SQLAlchemy's words; no dialect, no query.

Rows are only ever added. A `record` row holds the record's JSON (the truth) beside the columns that filters need;
`slot` says who stands in which role, `known_as` under which names an actor or place is found, `evidence` where the
words are. Numbers are keys inside one store; ids are content hashes and the same everywhere.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()

migration = Table(
    "migration", metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("at", Text, nullable=False),
)

report = Table(
    "report", metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("source", Text),
    Column("source_key", Text, index=True),  # case folded
    Column("url", Text, index=True),
    Column("title", Text),
    Column("author", Text),
    Column("published", Text),
    Column("date", Text, index=True),  # first day of `published`
    Column("retrieved", Text),
    Column("lang", Text),
    Column("text", Text, nullable=False),
)

reading = Table(
    "reading", metadata,
    Column("number", Integer, primary_key=True),  # the greatest number of a report is its current reading
    Column("report", ForeignKey("report.number"), nullable=False),
    Column("reader", Text, nullable=False),  # empty: the document names none
    Column("at", Text, nullable=False),
    Column("layers", Text, nullable=False),  # JSON: names of the layers that were run
    Column("records", Integer, nullable=False),  # how many there are, so that a missing one is noticed
    Column("sentences", Text),
    Column("graph", Text),
    Column("times", Text),
    UniqueConstraint("report", "reader"),
    Index("reading_by_report", "report", "number"),
)

record = Table(
    "record", metadata,
    Column("number", Integer, primary_key=True),  # ascending inside a reading: the order in the document
    Column("reading", ForeignKey("reading.number"), nullable=False, index=True),
    Column("report", ForeignKey("report.number"), nullable=False),
    Column("layer", Text, nullable=False),
    Column("id", Text, nullable=False, index=True),
    Column("type", Text),
    Column("factuality", Text),
    Column("quad", Text),
    Column("date", Text),  # first day of the event, else of the publication
    Column("date_to", Text),
    Column("json", Text, nullable=False),
    Index("record_by_date", "layer", "date"),
    Index("record_by_type", "layer", "type", "date"),
)

slot = Table(
    "slot", metadata,
    Column("record", ForeignKey("record.number"), nullable=False, index=True),
    Column("role", Text, nullable=False),  # the path of the field: `actors`, `condition.place`
    Column("part", Text, nullable=False),  # actor, place, thing, voice
    Column("filler", ForeignKey("record.number")),  # the actor or place of the same reading
    Column("key", Text, nullable=False),  # the slot's name, case folded
    Index("slot_by_key", "key", "part", "record"),
    Index("slot_by_filler", "filler", "part", "record", "key"),
)

known_as = Table(
    "known_as", metadata,
    Column("key", Text, primary_key=True),  # id, name, alias, ISO code, case folded
    Column("part", Text, primary_key=True),  # actor, place
    Column("record", ForeignKey("record.number"), primary_key=True),
    sqlite_with_rowid=False,
)

evidence = Table(
    "evidence", metadata,
    Column("record", ForeignKey("record.number"), nullable=False, index=True),
    Column("report", ForeignKey("report.number"), nullable=False),
    Column("start", Integer, nullable=False),  # code points of the report's text, half-open
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
)

memory = Table(
    "memory", metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
