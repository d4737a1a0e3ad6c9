"""Dates keep their precision, datelines are found, sentences that hold a date are none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.acquire.dates import dateline, iso

READ = [
    ("2024", "2024"), ("2024-11", "2024-11"), ("2024-11-18", "2024-11-18"), ("20241118", "2024-11-18"),
    ("2024-11-18T10:20:00Z", "2024-11-18T10:20:00+00:00"), ("2024-11-18 10:20", "2024-11-18T10:20:00"),
    ("2024-11-18 10:20:00 UTC", "2024-11-18T10:20:00+00:00"), ("20241118T102000Z", "2024-11-18T10:20:00+00:00"),
    ("20241118102000", "2024-11-18T10:20:00"), ("2024-11-18T10:20:00.5+02:00", "2024-11-18T10:20:00.500000+02:00"),
    ("Mon, 18 Nov 2024 10:20:00 GMT", "2024-11-18T10:20:00+00:00"),
    ("Mon, 18 Nov 2024 10:20:00 +0200", "2024-11-18T10:20:00+02:00"),
    ("Nov. 18, 2024", "2024-11-18"), ("18 November 2024", "2024-11-18"), ("Monday, November 18th, 2024", "2024-11-18"),
    ("Sept. 3, 2024", "2024-09-03"), ("18.11.2024", "2024-11-18"), ("4.3.2024", "2024-03-04"),
    ("11/18/2024", "2024-11-18"), ("18/11/2024", "2024-11-18"), ("05/05/2024", "2024-05-05"),
    (date(2024, 11, 18), "2024-11-18"), (datetime(2024, 11, 18), "2024-11-18"),
    (datetime(2024, 11, 18, 10, tzinfo=UTC), "2024-11-18T10:00:00+00:00"),
    ("03/04/2024", None), ("2024-13", None), ("2024-02-30", None), ("31 February 2024", None), ("yesterday", None),
    ("1731900000", None), ("", None), ("Nov 18", None), ("10:20", None), ("18 Nov 2024 99:99:99", None),
]

DATELINES = [
    ("WASHINGTON, Nov. 18, 2024 — The United States", "2024-11-18"),
    ("WASHINGTON, Nov. 18, 2024 (Agency) — The United States", "2024-11-18"),
    ("Headline\n\nKYIV, Ukraine, 18 November 2024 -- The", "2024-11-18"),
    ("PORT SUDAN (AP), Nov 18, 2024 – The", "2024-11-18"),
    ("Nov 18, 2024\n\nThe", "2024-11-18"),
    ("2024-11-18\nThe", "2024-11-18"),
    ("Talks resume\nBy Jane Doe, Nov 18, 2024\nThe", "2024-11-18"),
    ("Talks resume\nPublished on Monday, 18 Nov 2024, 10:20 GMT\nThe", "2024-11-18"),
    ("Russia invaded on Feb. 24, 2022 — and the war goes on.", None),
    ("Since Feb. 24, 2022 — the day of the invasion — Kyiv has", None),
    ("On Feb. 24, 2022, Russia invaded", None),
    ("The deal of Nov. 18, 2024\nThe", None),
    ("Updated Nov. 18, 2024\nThe", None),
    ("WASHINGTON, Nov. 18 — The United States", None),
    ("x" * 310 + "\nNov 18, 2024\n", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "wanted"), READ)
def test_iso(written: object, wanted: str | None) -> None:
    assert iso(written) == wanted


@pytest.mark.parametrize(("text", "wanted"), DATELINES)
def test_dateline(text: str, wanted: str | None) -> None:
    assert dateline(text) == wanted


@given(st.text())
def test_any_text_gives_a_date_or_none(text: str) -> None:
    for found in (iso(text), dateline(text)):
        assert found is None or iso(found) == found


@given(st.datetimes(timezones=st.none() | st.just(UTC)))
def test_what_was_written_is_read_again(moment: datetime) -> None:
    assert iso(moment.isoformat()) == moment.isoformat()
    assert iso(moment.date().isoformat()) == moment.date().isoformat()
