"""What passes between the rooms of `acquire`: an opened input (`Raw`) in, a `Draft` out, a `Report` at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import BinaryIO

from tocsin.acquire.dates import iso
from tocsin.acquire.text import normalise, one_line
from tocsin.errors import InputError, UsageError
from tocsin.model import Report
from tocsin.ontology import load
from tocsin.settings import Settings

_LANG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the reader knows and the input may not tell; a hint goes before what the input says.

    Args:
        published: date of publication; kept as ISO 8601.
        source: name of the outlet.
        columns: our field → their column, for tables, as in ``{"text": "artikel"}``.
        kind: the format to read it as, whatever its name and first bytes say.

    Raises:
        UsageError: a date that cannot be read for sure, an unknown field or format.

    >>> Hints(published="18 November 2024").published
    '2024-11-18'
    """

    published: str | None = None
    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    kind: str | None = None

    def __post_init__(self) -> None:
        known = load("inputs.yaml")
        if self.published is not None:
            found = iso(self.published)
            if found is None:
                raise UsageError(f"{self.published!r} is no date", allowed="dates as 2024-11-18", todo="write it so")
            object.__setattr__(self, "published", found)
        for name, allowed in [(self.kind, known["formats"]), *((key, known["columns"]) for key in self.columns)]:
            if name is not None and name not in allowed:
                raise UsageError(f"{name!r} is unknown", allowed=", ".join(allowed), todo="choose one of these")


@dataclass(frozen=True, slots=True)
class Failed:
    """An input, or a part of one, that could not be read, and why."""

    where: str
    error: InputError


@dataclass(frozen=True, slots=True)
class Raw:
    """An opened input: where it came from (for messages), its name (for the ending), its bytes, what was said of it."""

    where: str
    name: str
    stream: BinaryIO
    settings: Settings
    hints: Hints
    media: str | None = None
    charset: str | None = None
    url: str | None = None

    def read(self) -> bytes:
        """All bytes from here on.

        Raises:
            InputError: more than `max_bytes` of the settings, or the stream cannot be read.
        """
        most = self.settings.max_bytes
        try:
            data = self.stream.read(most + 1)
        except (OSError, EOFError) as error:
            raise InputError(f"cannot be read ({error})", where=self.where, todo="check the file") from error
        if len(data) > most:
            raise too_large(self.where, most)
        return data


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as its format tells it, dates and names not cleaned yet; `where` for messages."""

    where: str
    text: str
    title: str | None = None
    author: str | None = None
    source: str | None = None
    published: str | None = None
    url: str | None = None
    lang: str | None = None


def finish(draft: Draft, *, hints: Hints, retrieved: str | None = None) -> Report:
    """The report of a draft: text normalised, names on one line, hints applied.

    Raises:
        InputError: nothing is left of the text.
    """
    text = normalise(draft.text)
    if not text.strip():
        raise InputError("is empty", where=draft.where, todo="give a report with text")
    lang = one_line(draft.lang)
    return Report.of(
        text, source=one_line(hints.source) or one_line(draft.source), url=one_line(draft.url),
        title=one_line(draft.title), author=one_line(draft.author), published=hints.published or draft.published,
        retrieved=retrieved, lang=lang if lang and _LANG.fullmatch(lang) else None,
    )


def too_large(where: str, most: int) -> InputError:
    """The error for an input of more than `most` bytes."""
    return InputError("is too large", where=where, allowed=f"{most:,} bytes",
                      todo="split it, or raise the setting max_bytes")
