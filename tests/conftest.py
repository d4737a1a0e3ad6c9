"""A real server on loopback, for all tests that fetch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acquire.served import Server


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()
    yield served
    served.http.shutdown()
    served.http.server_close()
    served.thread.join()
