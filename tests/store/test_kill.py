"""Processes that are killed in the middle, or write both at once, leave whole reports and nothing doubled."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tocsin.store import Store, open_store

from .made import made
from .writers import CHILDREN, fill

NUMBERS, RECORDS = range(12), 40
BATCH = {document.report.id: document for document in (made(number, records=RECORDS) for number in NUMBERS)}


def whole(store: Store) -> int:
    """How many reports there are; each must be there with everything, once, and found by its words."""
    assert store.check(quotes=True) == []
    kept = list(store.documents())
    assert all(document == BATCH[document.report.id] for document in kept)
    count = store.count()
    assert count["reports"] == count["readings"] == len(kept)
    assert count["events"] == RECORDS * len(kept)
    assert {hit.report.id for hit in store.search("depot", limit=99)} == {document.report.id for document in kept}
    return len(kept)


@pytest.mark.parametrize("seed", range(50))
def test_kill(tmp_path: Path, seed: int) -> None:
    """SIGKILL after a random number of reports and a random moment: while opening, in a report, between two."""
    chance, path = random.Random(seed), str(tmp_path / "store.db")
    told, done = CHILDREN.Pipe(duplex=False)
    child = CHILDREN.Process(target=fill, args=(path, NUMBERS, RECORDS, done))
    child.start()
    done.close()
    before = chance.randrange(len(NUMBERS))
    for _ in range(before):
        assert told.recv()
    time.sleep(chance.uniform(0, 0.02 if before else 0.1))
    child.kill()
    child.join()
    with open_store(path) as store:
        kept = whole(store)
        assert kept >= before  # what was told to be kept is kept
        assert sum(store.add(document) for document in BATCH.values()) == len(BATCH) - kept
        assert whole(store) == len(BATCH)


def test_two_writers(tmp_path: Path) -> None:
    """Two processes write the same reports into a new store: each report is added by one of them."""
    path = str(tmp_path / "store.db")
    pipes = [CHILDREN.Pipe(duplex=False) for _ in range(2)]
    children = [
        CHILDREN.Process(target=fill, args=(path, numbers, RECORDS, done))
        for (_, done), numbers in zip(pipes, (NUMBERS, NUMBERS[::-1]), strict=True)
    ]
    for child, (_, done) in zip(children, pipes, strict=True):
        child.start()
        done.close()
    added = sum(told.recv() for told, _ in pipes for _ in NUMBERS)
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    assert added == len(BATCH)
    with open_store(path) as store:
        assert whole(store) == len(BATCH)
