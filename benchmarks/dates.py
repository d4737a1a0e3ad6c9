"""Gold time expressions of TempEval-3 platinum in, how often `annotate.when` gives the gold value out.

    python -m benchmarks.dates DATA/eval/time/te3_platinum.jsonl [--errors]

Gold spans are given, values alone are measured: dates and times as far as the day (the clock is not read); references such as PAST_REF and
durations must stay open. HeidelTime's published value score (78.1) includes finding the spans and is no direct comparison.
The data (CC BY 3.0) are a development set: looked at, never trained on.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from tocsin.annotate.when import times

SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2), "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12),
           "H1": (1, 6), "H2": (7, 12)}


def edtf(value: str) -> str | None:
    """A TIMEX3 value as EDTF; `None` for what stays open.

    >>> edtf("2013-W11"), edtf("2013-03-22TNI"), edtf("P3M"), edtf("199")
    ('2013-03-11/2013-03-17', '2013-03-22', None, '1990/1999')
    """
    value = value.split("T")[0]
    if week := re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value):
        first = date.fromisocalendar(int(week[1]), int(week[2]), 6 if week[3] else 1)
        return f"{first}/{first + timedelta(days=1 if week[3] else 6)}"
    if part := re.fullmatch(r"(\d{4})-([A-Z][A-Z1-4])", value):
        if part[2] not in SEASONS:
            return None
        low, high = SEASONS[part[2]]
        return f"{part[1]}-{low:02}/{int(part[1]) + (high < low)}-{high:02}"
    if re.fullmatch(r"\d{3}", value):
        return f"{value}0/{value}9"
    return value if re.fullmatch(r"\d{4}(-\d\d){0,2}", value) else None


def main(path: Path, errors: bool) -> None:
    """Print the accuracy, and the misses."""
    counts: Counter[str] = Counter()
    for line in path.read_text("utf-8").strip().split("\n"):
        report = json.loads(line)
        gold = {(timex["start"], timex["end"]): timex for timex in report["timexes"]}
        for found in times(gold, report["text"], published=report["dct"]):
            timex = gold[found.start, found.end]
            want, have = edtf(timex["value"]), found.when.edtf.rstrip("~?") if found.when else None
            kind = "date" if timex["type"] in ("DATE", "TIME") else "duration"
            counts[f"{kind} total"] += 1
            counts[f"{kind} right"] += want == have
            if errors and want != have:
                context = report["text"][max(0, found.start - 50) : found.end + 40].replace("\n", " ")
                print(f"{kind:9} {found.quote!r:32} want {timex['value']} have {have}   ... {context}")
    for kind in ("date", "duration"):
        right, total = counts[f"{kind} right"], counts[f"{kind} total"]
        print(f"{kind}: {right} of {total} right ({100 * right / max(1, total):.1f} %)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--errors" in sys.argv)
