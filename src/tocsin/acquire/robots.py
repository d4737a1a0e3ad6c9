"""The text of a robots.txt in, what it allows out (RFC 9309: the longest rule wins, `*` and `$` are understood)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one program: (allowed?, pattern) pairs and the delay asked for, in seconds."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None

    @classmethod
    def of(cls, text: str, agent: str) -> Robots:
        """The rules of all groups that name `agent`, else of those for ``*``; what is malformed is passed over.

        >>> robots = Robots.of("User-agent: *\\nDisallow: /private\\nAllow: /private/news", "tocsin")
        >>> robots.allows("/private/x"), robots.allows("/private/news/1"), robots.allows("/")
        (False, True, True)
        """
        groups: dict[str, list[tuple[str, str]]] = {}
        names: list[str] = []
        open_group = False
        for key, value in _lines(text):
            if key == "user-agent":
                names = [*names, value.lower()] if open_group else [value.lower()]
                open_group = True
                groups.setdefault(value.lower(), [])
            else:
                open_group = False
                for name in names:
                    groups[name].append((key, value))
        lines = groups.get(agent.lower(), groups.get("*", []))
        rules = tuple((key == "allow", value) for key, value in lines if key in ("allow", "disallow") and value)
        delays = [float(value) for key, value in lines if key == "crawl-delay" and re.fullmatch(r"\d{1,9}(\.\d+)?", value)]
        return cls(rules, max(delays, default=None))

    def allows(self, path: str) -> bool:
        """Whether `path` (with its query) may be fetched; of two rules of one length the one that allows wins."""
        fitting = [(len(pattern), allowed) for allowed, pattern in self.rules if _fits(pattern, path)]
        return max(fitting, default=(0, True))[1]


def _lines(text: str) -> list[tuple[str, str]]:
    parts = (line.split("#")[0].partition(":") for line in text.splitlines())
    return [(key.strip().lower(), value.strip()) for key, colon, value in parts if colon]


def _fits(pattern: str, path: str) -> bool:
    body = re.sub(r"\*+", "*", pattern.removesuffix("$"))
    pieces = body.split("*")
    at = len(pieces[0])
    if not path.startswith(pieces[0]):
        return False
    last = pieces.pop() if pattern.endswith("$") and len(pieces) > 1 else ""
    for piece in pieces[1:]:  # leftmost match of each piece: no backtracking, whatever the pattern
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not pattern.endswith("$"):
        return True
    return len(path) - len(last) >= at and path.endswith(last) if "*" in body else at == len(path)
