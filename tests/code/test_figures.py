from __future__ import annotations

import pytest

from tocsin.code.figures import read_figure

CASES = [
    ("approximately 300 kilometers", 300, "km", "approximately"),
    ("186 miles", 186, "mi", None),
    ("more than $1.5 billion", 1.5e9, "USD", "more than"),
    ("$60m", 6e7, "USD", None),
    ("at least 12 people", 12, None, "at least"),
    ("twelve", 12, None, None),
    ("some 10,000 North Korean soldiers", 10_000, None, "some"),
    ("two dozen", 24, None, None),
    ("hundreds of protesters", None, None, None),
    ("tens of thousands", None, None, None),
    ("40 percent", 40, "%", None),
    ("1.7 million", 1.7e6, None, None),
    ("nearly 90 tanks", 90, None, "nearly"),
    ("300 m", 300, "m", None),
    ("as many as 30", 30, None, "as many as"),
    ("€20 million", 2e7, "EUR", None),
    ("a dozen", 12, None, None),
    ("two months", 2, "months", None),
    ("120,000 barrels", 120_000, "barrels", None),
    ("five hundred", 500, None, None),
]


@pytest.mark.parametrize(("words", "value", "unit", "hedge"), CASES, ids=[case[0] for case in CASES])
def test_cases(words: str, value: float | None, unit: str | None, hedge: str | None) -> None:
    figure = read_figure(words, "other", 0, len(words))
    assert (figure.value, figure.unit, figure.hedge) == (value, unit, hedge)
