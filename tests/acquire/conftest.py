"""Small limits and PDFs as fixtures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.acquire.served import make_pdf
from tocsin.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings(max_bytes=100_000, max_archive_bytes=2_000_000, max_archive_files=20, timeout=2, deadline=3, delay=0,
                    retries=0)


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    return make_pdf
