"""What the child processes of the tests run: they import the store and the model, write, and are killed."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.connection import Connection

from tocsin.store import open_store

from .made import made

CHILDREN = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
if sys.platform != "win32":
    CHILDREN.set_forkserver_preload(["__main__", __name__])  # so that a child is there at once


def fill(path: str, numbers: range, records: int, done: Connection) -> None:
    """Add the documents of these numbers; tell of each whether it was added."""
    with open_store(path) as store:
        for number in numbers:
            done.send(store.add(made(number, records=records)))
    done.close()
