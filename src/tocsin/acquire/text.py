"""Bytes in, normalised text out: every offset of Tocsin counts code points of what `normalise` gives.

`decode` finds the encoding; `normalise` settles line ends, controls and composition once, and leaves quotes and inner
spaces as they are.
"""

from __future__ import annotations

import re
import unicodedata

from charset_normalizer import from_bytes

from tocsin.errors import InputError
from tocsin.ontology import load

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),  # before UTF-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LATIN = {"latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso_8859-1", "us-ascii", "ascii", "windows-1252", "cp1252"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]+")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def normalise(text: str) -> str:
    """Text as it is stored: NFC, line ends as ``\\n``, no controls but the tab, no blanks at the end of a line.

    A run of controls becomes a space where dropping it would join two words; a lone surrogate becomes U+FFFD. Quotes
    and inner spaces stay. Idempotent.

    >>> normalise("\\ufeffMali \\r\\nclosed\\x00the border.\\n\\n")
    'Mali\\nclosed the border.'
    """
    text = _LONE.sub("\ufffd", _PAIR.sub(_joined, text))
    text = _LINE_ENDS.sub("\n", _CONTROLS.sub(_gap, text))
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def one_line(text: str | None) -> str | None:
    """A title or name: normalised, on one line with single spaces; `None` if nothing is left.

    >>> one_line(" Mali\\n closes border "), one_line("  ")
    ('Mali closes border', None)
    """
    return " ".join(normalise(text or "").split()) or None


def decode(data: bytes, *, where: str, charset: str | None = None) -> str:
    """Bytes as text: byte order mark, declared `charset`, strict UTF-8, UTF-16 by its zeros, then detection.

    A declared Latin-1 counts as Windows-1252, as in browsers, and gives way to valid UTF-8 (servers often declare it
    by default). Not normalised yet.

    Raises:
        InputError: no encoding fits, or what comes out is binary.

    >>> decode("Élysée".encode("cp1252"), where="note.txt", charset="latin-1")
    'Élysée'
    """
    text = _decoded(data, charset)
    if text is None or _binary(text):
        raise InputError("is binary, not text", where=where, todo="give text, or a format that `tocsin read` knows")
    return text


def _decoded(data: bytes, charset: str | None) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark):].decode(encoding, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    name = (charset or "").strip().strip("'\"").lower()
    order = ["utf-8", "cp1252", "latin-1"] if name in _LATIN else [name, "utf-8"]
    for encoding in filter(None, order):
        text = _strict(data, encoding)
        if text is not None:
            return text
    return _detected(data)


def _detected(data: bytes) -> str | None:
    """The best guess; where no language speaks for it, Windows-1252 goes before its equals, being by far the commonest."""
    found = list(from_bytes(data))
    equal = [guess for guess in found if (guess.chaos, guess.coherence) == (found[0].chaos, 0.0)]
    best = next((guess for guess in equal if guess.encoding == "cp1252"), found[0] if found else None)
    return None if best is None else str(best)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):  # unknown, no encoding of text (such as `hex`), or it does not fit
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: in Western text every other byte is zero, on the same side."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 0.4 * len(head[::2]) or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _binary(text: str) -> bool:
    text = text.rstrip("\x00")  # padding of fixed blocks
    controls = sum(len(run.strip("\ufeff")) for run in _CONTROLS.findall(text))
    return controls > float(load("inputs.yaml")["binary_share"]) * len(text)


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _gap(run: re.Match[str]) -> str:
    text, start, end = run.string, run.start(), run.end()
    between = start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()
    return " " if between and run[0].strip("\ufeff") else ""
