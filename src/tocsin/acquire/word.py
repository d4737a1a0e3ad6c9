"""A DOCX in, the draft of its paragraphs and tables out, in their order."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.table import Table

from tocsin.acquire.archive import opened
from tocsin.acquire.draft import Draft, Raw
from tocsin.acquire.plain import of_text
from tocsin.acquire.text import normalise, one_line
from tocsin.errors import InputError


def read_docx(raw: Raw) -> Draft:
    """Paragraphs a line each, with an empty line between; a table's row is a line with tabs. Title from the file.

    Headers, footers, notes and text boxes are not read. The file's dates tell when it was made and are not used.

    Raises:
        InputError: too large (also unpacked), corrupt.
    """
    data = raw.read()
    opened(io.BytesIO(data), raw).close()  # refuses a bomb before the parser unpacks it
    try:
        document = docx.Document(io.BytesIO(data))
        text = normalise("\n\n".join(part for part in _parts(document) if part.strip()))
        title, author = document.core_properties.title, document.core_properties.author
    except Exception as error:  # a damaged DOCX makes the parser fail in any way there is, KeyError to lxml's own
        raise InputError(f"is no whole DOCX ({type(error).__name__})", where=raw.where,
                         todo="open and save it again") from error
    draft = of_text(raw, text, one_line(title))
    return Draft(raw.where, text, title=draft.title, author=_person(author), published=draft.published, url=raw.url)


def _parts(document: Document) -> Iterator[str]:
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield "\n".join("\t".join(cell.text.replace("\n", " ") for cell in row.cells) for row in part.rows)
        else:
            yield part.text


def _person(author: str | None) -> str | None:
    return None if author in ("", "python-docx", "Microsoft Office User") else author  # what programs write there
