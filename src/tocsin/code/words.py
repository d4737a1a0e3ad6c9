"""Lists of words from `ontology/` → patterns that find them in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable


def word_pattern(terms: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """A pattern for whole words, the longest term first; a trailing `*` stands for any ending.

    >>> bool(word_pattern(["troop*"]).search("two troopers"))
    True
    >>> word_pattern(["rule", "rule out"]).search("to rule out force")[0]
    'rule out'
    """
    longest = sorted(map(str, terms), key=len, reverse=True)
    parts = (re.escape(term.rstrip("*")) + (r"\w*" if term.endswith("*") else "") for term in longest)
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", flags)
