"""The words of a quantity → a `Figure`: what it counts, value, unit, hedge. Nothing is converted, nothing rounded."""

from __future__ import annotations

import functools
import re

from tocsin.model import Figure
from tocsin.ontology import load

_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def read_figure(words: str, what: str, start: int, end: int) -> Figure:
    """Read the words of a quantity as published.

    >>> read_figure("approximately 300 kilometers", "range", 0, 28)
    Figure(what='range', value=300.0, unit='km', hedge='approximately', text='approximately 300 kilometers', start=0, end=28)
    >>> figure = read_figure("more than $1.5 billion", "money", 0, 22)
    >>> figure.value, figure.unit, figure.hedge
    (1500000000.0, 'USD', 'more than')
    """
    lower = " ".join(words.lower().split())
    return Figure(what, _value(lower), _unit(lower), _longest(lower, tuple(load("figures.yaml")["hedges"])), words, start, end)


def _value(lower: str) -> float | None:
    table = load("figures.yaml")
    found = _NUMBER.search(lower)
    value: float | None
    if found:
        value, rest = float(found.group().replace(",", "")), lower[found.end() :].lstrip(" -")
    elif _longest(lower, tuple(table["vague"])):
        return None
    else:
        value, rest = _spelled(lower, table["words"])
    if value is None:
        return None
    scale = re.match(r"[a-z]+", rest)
    metres = re.match(r"m\b", rest) and not re.search(r"[$€£¥]", lower)  # 300 m is a length, $300m is money
    return value * table["scales"].get(scale.group(), 1) if scale and not metres else value


def _spelled(lower: str, words: dict[str, int]) -> tuple[float | None, str]:
    total: float | None = None
    rest = lower
    for token in re.finditer(r"[a-z]+", lower):
        number = words.get(token.group())
        if number is None:
            if total is not None and token.group() not in ("and",):
                break
            continue
        total = (total or 0.0) + number
        rest = lower[token.end() :].lstrip(" -")
    return total, rest


def _unit(lower: str) -> str | None:
    table = load("figures.yaml")
    for name, forms in (table["currencies"] | table["units"]).items():
        if any(_contains(lower, form) for form in forms):
            return str(name)
    return None


def _longest(lower: str, terms: tuple[str, ...]) -> str | None:
    found = [term for term in terms if _contains(lower, term)]
    return max(found, key=len) if found else None


@functools.lru_cache(maxsize=1024)
def _pattern(term: str) -> re.Pattern[str]:
    left = r"(?<![a-z])" if term[0].isalpha() else ""
    right = r"(?![a-z])" if term[-1].isalpha() else ""
    return re.compile(left + re.escape(term) + right)


def _contains(lower: str, term: str) -> bool:
    return bool(_pattern(term).search(lower))
