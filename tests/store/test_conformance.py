"""The back ends that there are, each through the whole of `conformance`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.store import Store, open_store

from .conformance import Conformance


class TestFile(Conformance):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with open_store(f"sqlite:///{tmp_path / 'new' / 'store.db'}") as store:
            yield store


class TestMemory(Conformance):
    @pytest.fixture
    def store(self) -> Iterator[Store]:
        with open_store("sqlite://") as store:
            yield store
