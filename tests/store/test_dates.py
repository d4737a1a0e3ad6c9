"""EDTF text → the days that it covers, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.store.dates import days

CASES = [
    ("2024-11-17", "2024-11-17", "2024-11-17"),
    ("2024-11", "2024-11-01", "2024-11-30"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2024", "2024-01-01", "2024-12-31"),
    ("2024-11~", "2024-11-01", "2024-11-30"),
    ("2024-11-17?", "2024-11-17", "2024-11-17"),
    ("2024-11-17%", "2024-11-17", "2024-11-17"),
    ("2024-11-17T08:30:00+00:00", "2024-11-17", "2024-11-17"),
    ("2024-11-11/2024-11-17", "2024-11-11", "2024-11-17"),
    ("2024-11/2025", "2024-11-01", "2025-12-31"),
    ("2024-11-11/..", "2024-11-11", None),
    ("../2024-11-17", None, "2024-11-17"),
    ("/2024", None, "2024-12-31"),
    ("199X", "1990-01-01", "1999-12-31"),
    ("19XX", "1900-01-01", "1999-12-31"),
    ("2024-XX-17", "2024-01-01", "2024-12-31"),
    ("2024-11-XX", "2024-11-01", "2024-11-30"),
    ("2024-21", "2024-01-01", "2024-12-31"),  # a season: the year
    ("0000", "0000-01-01", "0000-12-31"),
    ("\u0662\u0660\u0662\u0664", None, None),
    ("yesterday", None, None),
    ("2024-1-1", None, None),
    ("20241117", None, None),
    ("", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("edtf", "first", "last"), CASES)
def test_days(edtf: str | None, first: str | None, last: str | None) -> None:
    assert days(edtf) == (first, last)


@given(st.text() | st.from_regex(r"\A[0-9X/.~-]{1,21}\Z"))
def test_any_text_is_a_day_or_none(edtf: str) -> None:
    assert all(day is None or len(day) == 10 for day in days(edtf))
