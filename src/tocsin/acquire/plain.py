"""Plain text and Markdown in, one draft out: a headline becomes the title and stays in the text, a dateline the date."""

from __future__ import annotations

import re

import yaml

from tocsin.acquire.dates import dateline
from tocsin.acquire.draft import Draft, Raw
from tocsin.acquire.table import draft_of
from tocsin.acquire.text import decode, normalise
from tocsin.ontology import load

_FRONT_MATTER = re.compile(r"---\n(.{1,10000}?)\n(?:---|\.\.\.)(?:\n|$)", re.DOTALL)
_ITALIC = (r"(?<![*\\])\*(?=[^\s*])([^*\n]{1,1000})(?<=\S)\*(?!\*)", r"\1")
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), new)
    for pattern, new in (
        (r"^ {0,3}(?:```|~~~).*\n?", ""),  # fences; what they hold stays
        (r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]+\S.*\n?", ""),  # definitions of links
        (r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$\n?", ""),  # rules
        (r"^(?:[ \t]{0,3}>[ \t]?)+", ""),
        (r"^ {0,3}#{1,6}[ \t]*$", ""),
        (r"^ {0,3}#{1,6}[ \t]+(.{0,500}?)[ \t]*#*$", r"\1"),
        (r"^[ \t]*[-*+][ \t]+", ""),
        (r"!\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)", r"\1"),  # images first: a link may hold one
        (r"\[([^\[\]\n]{0,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)", r"\1"),
        (r"!?\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,200}\]", r"\1"),
        (r"<((?:https?://|mailto:)[^<>\s]{1,2000})>", r"\1"),
        _ITALIC,
        (r"(?<!\\)\*\*(?=\S)([^*\n]{1,1000})(?<=\S)\*\*", r"\1"),
        _ITALIC,  # again, for what stood inside of bold
        (r"(?<![\w\\])_(?=[^\s_])([^_\n]{1,1000})(?<=\S)_(?!\w)", r"\1"),
        (r"(?<![\w\\])__(?=\S)([^_\n]{1,1000})(?<=\S)__(?!\w)", r"\1"),
        (r"~~(?=\S)([^~\n]{1,1000})~~", r"\1"),
        (r"`{1,2}([^`\n]{1,1000})`{1,2}", r"\1"),
        (r"\\([\\`*_{}\[\]()#+.!>~|-])", r"\1"),
    )
)
_HEADING = re.compile(r"^ {0,3}#{1,2}[ \t]+(\S.{0,300}?)[ \t]*#*$|^(\S.{0,300})\n(?:={2,})$", re.MULTILINE)


def read_text(raw: Raw) -> Draft:
    """Plain text; it is not changed beyond `normalise`.

    Raises:
        InputError: too large, binary.
    """
    return of_text(raw, normalise(decode(raw.read(), where=raw.where, charset=raw.charset)))


def of_text(raw: Raw, text: str, title: str | None = None) -> Draft:
    """A draft of normalised text with the title given, else its headline, and the date of its dateline."""
    return Draft(raw.where, text, title=title or headline(text), published=dateline(text), url=raw.url)


def headline(text: str) -> str | None:
    """The first line, if an empty one follows it and it is a headline: not long, no sentence, no dateline.

    >>> headline("Mali closes border\\n\\nBAMAKO, Nov. 18, 2024 — Mali has ...")
    'Mali closes border'
    >>> headline("Mali closed its border.\\n\\nNiger protested.") is None
    True
    """
    first, _, rest = text.partition("\n")
    long = len(first) > load("inputs.yaml")["headline"]["most_characters"]
    if long or not rest.startswith("\n") or first.endswith((".", ":", ";", ",")) or dateline(first):
        return None
    return first.strip() or None


def read_markdown(raw: Raw) -> Draft:
    """Markdown without its marks; the words stay. Front matter (YAML) gives title, date, author, source, url.

    Raises:
        InputError: too large, binary.
    """
    text = normalise(decode(raw.read(), where=raw.where, charset=raw.charset))
    front = _FRONT_MATTER.match(text)
    told = _front_matter(front[1]) if front else {}
    body = text[front.end():] if front and told else text
    heading = _HEADING.search(body)
    title = without_marks(heading[1] or heading[2]) if heading else None
    draft = of_text(raw, normalise(without_marks(body)), title)
    return draft_of({**told, "text": draft.text}, raw, where=raw.where, default=draft) if told else draft


def without_marks(markdown: str) -> str:
    """Markdown → its words: no heading, emphasis, link, list, quote or code marks.

    >>> without_marks("## **Mali** closes [the border](https://example.org)")
    'Mali closes the border'
    """
    markdown = _uncommented(markdown)
    for mark, new in _MARKS:
        markdown = mark.sub(new, markdown)
    return markdown


def _uncommented(markdown: str) -> str:
    parts, at = [], 0
    while (start := markdown.find("<!--", at)) >= 0 and (end := markdown.find("-->", start)) >= 0:
        parts.append(markdown[at:start])
        at = end + 3
    return "".join([*parts, markdown[at:]])


def _front_matter(text: str) -> dict[str, object]:
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # a rule and prose, no front matter
        return {}
    return {str(key): value for key, value in told.items()} if isinstance(told, dict) else {}
