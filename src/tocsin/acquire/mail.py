"""An e-mail file in, the draft of its best text part out; subject, sender and date from the head."""

from __future__ import annotations

import email
import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from html.parser import HTMLParser

from tocsin.acquire.dates import iso
from tocsin.acquire.draft import Draft, Raw
from tocsin.acquire.page import html_of, of_html
from tocsin.acquire.text import decode
from tocsin.errors import InputError

_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"}
_UNSEEN = {"script", "style", "head", "title"}


def read_email(raw: Raw) -> Draft:
    """The plain part if it has text, else the HTML part; attachments are not read.

    Raises:
        InputError: too large, no text part, binary.
    """
    message = email.message_from_bytes(raw.read())  # not `policy.default`, whose parser of heads fails on bad ones
    name, address = parseaddr(_head(message, "from"))
    date = _head(message, "date")
    return Draft(
        raw.where, _body(message, raw), title=_head(message, "subject") or None, author=name or address or None,
        published=iso(date) if date else None, url=raw.url,
    )


def _body(message: Message, raw: Raw) -> str:
    parts = [part for part in message.walk() if part.get_content_disposition() != "attachment"]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            data = part.get_payload(decode=True) if part.get_content_type() == kind else None
            if isinstance(data, bytes) and data.strip():
                charset = part.get_param("charset")
                told = charset if isinstance(charset, str) else None
                if kind == "text/plain":
                    return decode(data, where=raw.where, charset=told)
                return _of_html(html_of(data, where=raw.where, charset=told), raw)
    raise InputError("has no text part", where=raw.where, todo="save the attachment and read that")


def _of_html(html: str, raw: Raw) -> str:
    try:
        return of_html(html, where=raw.where).text
    except InputError:  # letters are seldom articles: take all words
        words = _Words()
        words.feed(html)
        return "".join(words.parts)


def _head(message: Message, name: str) -> str:
    written = message[name] or ""
    try:
        return str(make_header(decode_header(written)))
    except (HeaderParseError, LookupError, ValueError):  # bad base64, an unknown charset, bytes that do not fit it
        return str(written)


class _Words(HTMLParser):
    """All words of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        self.parts += ["\n"] if tag in _BLOCKS else []

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(0, self.unseen - (tag in _UNSEEN))
        self.parts += ["\n"] if tag in _BLOCKS else []

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", data))
