"""An opened input in, its drafts out: tells the format and hands it to the one reader in the table `READERS`."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace

from tocsin.acquire.archive import DAMAGE, members
from tocsin.acquire.draft import Draft, Failed, Raw
from tocsin.acquire.mail import read_email
from tocsin.acquire.page import read_page
from tocsin.acquire.pdf import read_pdf
from tocsin.acquire.plain import read_markdown, read_text
from tocsin.acquire.table import read_csv, read_json, read_jsonl, read_parquet, read_tsv
from tocsin.acquire.word import read_docx
from tocsin.errors import InputError
from tocsin.ontology import load

Reader = Callable[[Raw], Iterator[Draft | Failed]]
_HTML_HEADS = (b"<!doctype html", b"<html")


def drafts(raw: Raw, *, inside: bool = False) -> Iterator[Draft | Failed]:
    """The drafts of an input, in its order; what cannot be read comes as `Failed`, and nothing is raised.

    A ZIP `inside` another is refused: a ZIP can hold itself, and then there is no end.
    """
    try:
        kind = kind_of(raw)
        if inside and kind == "zip":
            raise InputError("is a ZIP inside a ZIP", where=raw.where, todo="unpack the outer one and read the folder")
        yield from READERS[kind](raw)
    except InputError as error:
        yield Failed(raw.where, error)
    except OSError as error:  # the disk, in the middle of a file
        yield Failed(raw.where, InputError(f"cannot be read ({error})", where=raw.where, todo="check the disk"))


def kind_of(raw: Raw) -> str:
    """The format: the hint's, else what the first bytes prove, the media type, the ending, HTML by its looks, text.

    Raises:
        InputError: a format that is not read, with what to do.
    """
    if raw.hints.kind:
        return raw.hints.kind
    head = raw.stream.read(1024)
    raw.stream.seek(0)
    known = load("inputs.yaml")
    media = (raw.media or "").split(";")[0].strip().lower()
    ending = raw.name.rpartition(".")[2].lower() if "." in raw.name else ""
    proved = _proved(head, raw)
    if proved:
        return proved
    todo = known["refused"]["media"].get(media) or known["refused"]["endings"].get(ending)
    if todo:
        raise InputError(f"is {media or ending.upper()}, which is not read", where=raw.where,
                         allowed=", ".join(known["formats"]), todo=todo)
    for kind, names in known["formats"].items():
        if media in names["media"] and not (kind == "text" and ending in _specific(known)):
            return str(kind)
    found = next((str(kind) for kind, names in known["formats"].items() if ending in names["endings"]), None)
    return found or ("html" if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML_HEADS) else "text")


def _specific(known: dict[str, dict[str, dict[str, list[str]]]]) -> set[str]:
    """Endings that say more than the media type text/plain, by which servers send nearly everything."""
    return {ending for kind, names in known["formats"].items() if kind != "text" for ending in names["endings"]}


def _proved(head: bytes, raw: Raw) -> str | None:
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    return _packed(raw) if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


def _packed(raw: Raw) -> str:
    """DOCX, another office file (which is refused), or a ZIP of reports."""
    try:
        names = set(zipfile.ZipFile(raw.stream).namelist())
    except DAMAGE:
        names = set()  # damaged: its reader tells how
    raw.stream.seek(0)
    if "word/document.xml" in names:
        return "docx"
    if names & {"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"}:
        raise InputError("is an office file, book or program that is not read", where=raw.where,
                         allowed=", ".join(load("inputs.yaml")["formats"]), todo="save it as DOCX, PDF or CSV")
    return "docx" if raw.name.lower().endswith((".docx", ".docm")) else "zip"


def _one(read: Callable[[Raw], Draft]) -> Reader:
    def reader(raw: Raw) -> Iterator[Draft | Failed]:
        yield read(raw)

    return reader


def _read_zip(raw: Raw) -> Iterator[Draft | Failed]:
    hints = replace(raw.hints, kind=None) if raw.hints.kind == "zip" else raw.hints
    for member in members(raw):
        if isinstance(member, Failed):
            yield member
        else:
            yield from drafts(replace(member, hints=hints), inside=True)


READERS: dict[str, Reader] = {
    "text": _one(read_text),
    "markdown": _one(read_markdown),
    "html": _one(read_page),
    "pdf": _one(read_pdf),
    "docx": _one(read_docx),
    "email": _one(read_email),
    "jsonl": read_jsonl,
    "json": read_json,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
    "zip": _read_zip,
}
