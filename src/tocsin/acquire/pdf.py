"""A PDF in, the draft of its text layer out, with the lines of a paragraph joined."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable
from typing import TypeVar

from pypdf import PdfReader

from tocsin.acquire.draft import Draft, Raw
from tocsin.acquire.plain import of_text
from tocsin.acquire.text import normalise, one_line
from tocsin.errors import InputError

_HYPHEN = re.compile(r"(\w+)-\n([a-zß-ÿ]\w*)")
T = TypeVar("T")

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it reports each flaw of a file that it then reads all the same


def read_pdf(raw: Raw) -> Draft:
    """The text of all pages. The title counts only if the text has it too: programs write file names there.

    The dates of a PDF tell when the file was made, not when the report was published, and are not used.

    Raises:
        InputError: too large, corrupt, encrypted, or without a text layer (a scan).
    """
    data = raw.read()
    reader = _parsed(lambda: PdfReader(io.BytesIO(data)), raw)
    if reader.is_encrypted and not _parsed(lambda: reader.decrypt(""), raw):
        raise InputError("is encrypted", where=raw.where, todo="save it without a password")
    pages = _parsed(lambda: [page.extract_text() for page in reader.pages], raw)
    text = "\n".join(unwrapped(normalise(page)) for page in pages).strip()
    if not text:
        raise InputError("has no text layer", where=raw.where, todo="run it through a text recognition first")
    told = _parsed(lambda: reader.metadata.title if reader.metadata else None, raw)
    title = one_line(str(told)) if told else None
    return of_text(raw, text, title if title and title in " ".join(text[:2000].split()) else None)


def unwrapped(page: str) -> str:
    """Lines that were broken only by the margin, joined: a line that is nearly full and goes on is no paragraph's end.

    A hyphen at the end of a line goes, unless the page writes the word with it elsewhere.

    >>> unwrapped("The government closed the bor-\\nder with Niger on Monday and\\nsaid so.\\nTraders waited.")
    'The government closed the border with Niger on Monday and said so.\\nTraders waited.'
    """
    def join(broken: re.Match[str]) -> str:
        hyphenated = f"{broken[1]}-{broken[2]}"
        return hyphenated if hyphenated in page else broken[1] + broken[2]

    lines = _HYPHEN.sub(join, page).split("\n")
    full = 0.6 * max(map(len, page.split("\n")))
    parts = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        goes_on = len(line) >= full and after and not line.endswith((".", "!", "?", ":", "”", '"'))
        parts.append(line + (" " if goes_on else "\n"))
    return "".join(parts).strip("\n")


def _parsed(step: Callable[[], T], raw: Raw) -> T:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return step()
    except Exception as error:  # a damaged PDF makes the parser fail in any way there is, KeyError to RecursionError
        reason = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"is no whole PDF ({reason})", where=raw.where, todo="open and save it again") from error
