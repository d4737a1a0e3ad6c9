"""A file, folder, URL or standard input in, its reports out; what cannot be read comes as `Failed` between them."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from tocsin.acquire.draft import Draft, Failed, Hints, Raw, finish
from tocsin.acquire.formats import drafts
from tocsin.acquire.web import Page, Web
from tocsin.errors import InputError
from tocsin.model import Report
from tocsin.settings import Settings

_NO_HINTS = Hints()


def reports(
    where: str | Path,
    *,
    settings: Settings,
    hints: Hints = _NO_HINTS,
    stdin: BinaryIO | None = None,
    today: date | None = None,
) -> Iterator[Report | Failed]:
    """All reports of one input, in a fixed order; streams, and raises nothing.

    Args:
        where: a file, a folder (all files below it, sorted; hidden ones left out), ``-`` for standard input, or an
            http(s) URL.
        settings: limits on bytes, archives, time.
        hints: what the input may not tell.
        stdin: what ``-`` reads; `sys.stdin` by default.
        today: date of retrieval of a URL; the clock's by default.

    Yields:
        A `Report` for each one found; a `Failed` for each input, member, line or row that cannot be read.

    >>> found = reports("-", settings=Settings(), stdin=io.BytesIO(b"Mali closed the border."))
    >>> [report.text for report in found]
    ['Mali closed the border.']
    """
    if isinstance(where, str) and where == "-":
        stream = stdin if stdin is not None else sys.stdin.buffer
        return _of_stream(Raw("standard input", "", stream, settings, hints))
    if isinstance(where, str) and "://" in where:
        return _of_url(where, settings, hints, today or date.today())
    return _of_path(Path(where), settings, hints)


def of_page(page: Page, *, where: str, settings: Settings, hints: Hints, today: date) -> Iterator[Report | Failed]:
    """The reports of a page that was fetched."""
    raw = Raw(where, page.url.split("?")[0].split("#")[0].rpartition("/")[2], io.BytesIO(page.data), settings, hints,
              media=page.media, charset=page.charset, url=page.url)
    return _finished(raw, retrieved=today.isoformat())


def _of_url(url: str, settings: Settings, hints: Hints, today: date) -> Iterator[Report | Failed]:
    try:
        with Web(settings) as web:
            page = web.get(url)
    except InputError as error:
        yield Failed(url, error)
        return
    yield from of_page(page, where=url, settings=settings, hints=hints, today=today)


def _of_stream(raw: Raw) -> Iterator[Report | Failed]:
    try:
        data = raw.read()
    except InputError as error:
        yield Failed(raw.where, error)
        return
    yield from _finished(replace(raw, stream=io.BytesIO(data)))


def _of_path(path: Path, settings: Settings, hints: Hints) -> Iterator[Report | Failed]:
    if not path.is_dir():
        yield from _of_file(path, settings, hints)
        return
    count = 0
    for found in _files(path):
        count += 1
        yield from _of_file(found, settings, hints) if isinstance(found, Path) else iter((found,))
    if not count:
        error = InputError("holds no files", where=str(path), todo="give a folder with reports")
        yield Failed(str(path), error)


def _files(folder: Path) -> Iterator[Path | Failed]:
    """Regular files below a folder, in the order of their paths; links to folders are not followed."""
    failed: list[Failed] = []
    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=lambda error: failed.append(_unreadable(error, folder))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith(".")]
    yield from failed
    yield from sorted(path for path in found if path.is_file())


def _of_file(path: Path, settings: Settings, hints: Hints) -> Iterator[Report | Failed]:
    try:
        stream = path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        yield _unreadable(error, path)
        return
    with stream:
        raw = Raw(str(path), path.name, stream, settings, hints)
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            yield from _finished(raw)
        else:  # a pipe cannot be wound back
            yield from _of_stream(raw)


def _unreadable(error: Exception, path: Path) -> Failed:
    name = str(getattr(error, "filename", None) or path)
    known: dict[type[Exception], tuple[str, str]] = {
        FileNotFoundError: ("does not exist", "check the path"),
        PermissionError: ("may not be read", "change its permissions"),
    }
    what, todo = known.get(type(error), (f"cannot be read ({error})", "check the path"))
    return Failed(name, InputError(what, where=name, todo=todo))


def _finished(raw: Raw, retrieved: str | None = None) -> Iterator[Report | Failed]:
    empty = True
    for draft in drafts(raw):
        empty = False
        yield draft if isinstance(draft, Failed) else _report(draft, raw.hints, retrieved)
    if empty:
        yield Failed(raw.where, InputError("holds no reports", where=raw.where, todo="give a file with reports"))


def _report(draft: Draft, hints: Hints, retrieved: str | None) -> Report | Failed:
    try:
        return finish(draft, hints=hints, retrieved=retrieved)
    except InputError as error:
        return Failed(draft.where, error)
