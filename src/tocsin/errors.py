"""One tree of exceptions: each says what is wrong, where, what was allowed and what to do."""

from __future__ import annotations


class TocsinError(Exception):
    """The base of all errors that Tocsin raises on purpose.

    Args:
        what: what is wrong, in a few words.
        where: the file, URL, line or setting.
        allowed: what would have been accepted.
        todo: what the reader of the message can do.

    >>> str(InputError("is empty", where="note.txt", todo="give a file with text"))
    'note.txt: is empty; give a file with text'
    """

    def __init__(self, what: str, *, where: str | None = None, allowed: str | None = None, todo: str | None = None):
        self.what, self.where, self.allowed, self.todo = what, where, allowed, todo
        head = f"{where}: {what}" if where else what
        message = "; ".join(
            part for part in (head, f"allowed: {allowed}" if allowed else None, todo) if part
        )
        super().__init__(" ".join(message.split()))


class InputError(TocsinError):
    """A file, page or stream that cannot be read as a report."""


class FetchError(InputError):
    """A URL or feed that could not be fetched."""


class StoreError(TocsinError):
    """The store cannot be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process is writing and did not finish in time."""


class StoreFullError(StoreError):
    """The disk (or the quota) is full; nothing of the current report was written."""


class ModelError(TocsinError):
    """The model's artefact is missing, damaged or of another version."""


class OntologyError(TocsinError):
    """A data file under `ontology/` is not as it must be."""


class SettingsError(TocsinError):
    """A setting has a value that is not allowed."""


class UsageError(TocsinError):
    """The command was called wrongly."""
