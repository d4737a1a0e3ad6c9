"""Documents → a database and back: `open_store(url)` gives a `Store`.

Reads and writes `model.Document`s in a SQLite file (PostgreSQL is to follow). Start with `store.py`; tables are in
`schema.py`, statements in `queries.py`, what is SQLite's own in `dialect.py`, documents as rows in `rows.py`.
"""

from tocsin.store.filters import Filter
from tocsin.store.store import Hit, Reading, Store, Stored, open_store

__all__ = ["Filter", "Hit", "Reading", "Store", "Stored", "open_store"]
