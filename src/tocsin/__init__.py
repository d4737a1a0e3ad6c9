"""Tocsin reads news reports of an international crisis; every item that it writes down leads back to the words for it.

    >>> import tocsin
    >>> document = tocsin.read("Mali closed its border with Niger on Sunday.", published="2024-03-05")
    >>> document.to_dict()["report"]["published"]
    '2024-03-05'

The command line is `tocsin` (docs/cli.md); the JSON of a document is described in docs/json.md.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from tocsin.errors import InputError, TocsinError
from tocsin.model import Document, Report

if TYPE_CHECKING:
    from tocsin.pipeline import Pipeline
    from tocsin.settings import Settings
    from tocsin.store import Filter, Store

__version__ = "0.1.0"

__all__ = [
    "Document", "Filter", "Report", "Settings", "Store", "TocsinError", "__version__", "json_schema", "open", "read", "read_many",
]

# Loaded on first use: `import tocsin` and `tocsin --help` must not wait for a database driver.
_LATER = {"Filter": "tocsin.store", "Store": "tocsin.store", "Settings": "tocsin.settings"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        import importlib

        return getattr(importlib.import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def read(
    text: str,
    *,
    published: str | None = None,
    source: str | None = None,
    title: str | None = None,
    url: str | None = None,
) -> Document:
    """Read one report.

    The text is normalised once (NFC, line ends, controls); all offsets point into `document.report.text`. Without a
    `title` the headline counts, without `published` the dateline, as on the command line.

    Args:
        text: the whole report.
        published: day of publication; relative dates in the text hang on it.
        source: name of the outlet.

    Raises:
        InputError: there is no text.
        UsageError: `published` is no date.
        ModelError: the model in the package is missing or damaged.

    >>> read("Mali closed its border with Niger.", source="Sahel Wire").report.source
    'Sahel Wire'
    """
    return _pipeline().read(_report(text, published=published, source=source, title=title, url=url))


def read_many(reports: Iterable[Report | str]) -> Iterator[Document]:
    """Read a stream of reports, one document at a time and in order; texts are taken as `read` takes them.

    Raises:
        InputError: a report without text, when its turn comes.

    >>> [document.report.title for document in read_many(["Border shut\\n\\nMali closed its border."])]
    ['Border shut']
    """
    pipeline = _pipeline()
    return (pipeline.read(_report(item) if isinstance(item, str) else item) for item in reports)


def open(url: str | None = None) -> Store:
    """Open a store of read reports, by default the one of the settings; it is made where there is none.

    Args:
        url: `sqlite:///path/to.db`, a path, or `sqlite://` for one in memory.

    Raises:
        StoreError: it cannot be opened.

    >>> with open("sqlite://") as store:
    ...     store.count()["reports"]
    0
    """
    from tocsin.settings import load_settings
    from tocsin.store import open_store

    settings = load_settings(store=url)
    return open_store(settings.store, busy_timeout=settings.busy_timeout)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `Document.to_dict()`.

    >>> json_schema()["title"]
    'Document'
    """
    from tocsin.schema import document_schema

    return document_schema()


def _report(
    text: str, *, published: str | None = None, source: str | None = None, title: str | None = None, url: str | None = None
) -> Report:
    from tocsin.acquire import Hints, normalise
    from tocsin.acquire.dates import dateline
    from tocsin.acquire.plain import headline

    clean = normalise(text)
    if not clean.strip():
        raise InputError("is empty", where="text", todo="give a report with text")
    day = Hints(published=published).published or dateline(clean)
    return Report.of(clean, source=source, url=url, title=title or headline(clean), published=day)


@functools.cache
def _pipeline() -> Pipeline:
    from tocsin.pipeline import default_pipeline
    from tocsin.settings import load_settings

    return default_pipeline(threads=load_settings().threads)
