"""An HTML page in, the draft of its article out: text, title, author, date, outlet, canonical URL, language."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from trafilatura import bare_extraction, load_html

from tocsin.acquire.dates import iso
from tocsin.acquire.draft import Draft, Raw
from tocsin.acquire.text import decode, normalise
from tocsin.errors import InputError
from tocsin.ontology import load

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_SENTENCE = re.compile(r"\w[\"'”’»)\]]*[.!?…。！？।؟]")
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2100-01-01"}  # no guess, and no clock


def read_page(raw: Raw) -> Draft:
    """The article of a page, without menus, comments and advertisements.

    Raises:
        InputError: too large, binary, or the page is no article (a list of links, a login, a wall).
    """
    return of_html(html_of(raw.read(), where=raw.where, charset=raw.charset), where=raw.where, url=raw.url)


def html_of(data: bytes, *, where: str, charset: str | None = None) -> str:
    """The bytes of a page as text; the page's own `charset` counts where the server told none."""
    declared = _META_CHARSET.search(data[:4096])
    return normalise(decode(data, where=where, charset=charset or (declared[1].decode() if declared else None)))


def of_html(html: str, *, where: str, url: str | None = None) -> Draft:
    """As `read_page`, for text that is decoded already."""
    html = html if "<html" in html.lower() else f"<html>{html}</html>"  # the extractor refuses what has no root
    tree: Any = load_html(html)
    article: Any = None if tree is None else _extracted(html, url)
    if article is None or not _is_article(article.text or "", tree):
        raise InputError("is no article", where=where, allowed="pages with the text of one report",
                         todo="give the address of the article itself, or save its text")
    address = _address(tree, url) or url
    return Draft(
        where, article.text, title=article.title, author=article.author, source=_outlet(article, address),
        published=_published(tree, html) or (iso(article.date) if article.date else None),
        url=address, lang=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
    )


def outlet(url: str | None) -> str | None:
    """The outlet as its address names it, where nothing better is told.

    >>> outlet("https://www.example.org:8080/news")
    'example.org'
    """
    return (urlsplit(url).hostname or "").removeprefix("www.") or None if url else None


def _outlet(article: Any, url: str | None) -> str | None:
    """The name that the page gives its site; the extractor would put the host where it gives none."""
    host = outlet(url)
    told = article.sitename or ""
    return host if host and told.lower().removeprefix("www.").split(":")[0] in ("", host) else told or None


def _extracted(html: str, url: str | None) -> Any:
    try:
        return bare_extraction(
            html, url=url, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATES)
        )
    except (ValueError, TypeError, AttributeError, RecursionError):  # the extractor, on pages that are none
        return None


def _is_article(text: str, tree: Any) -> bool:
    rule = load("inputs.yaml")["article"]
    if len(text) <= rule["wall_characters"] and any(wall in text.lower() for wall in rule["walls"]):
        return False
    links = {" ".join(link.text_content().split()) for link in tree.iter("a")}
    lines = (" ".join(line.split()).strip("-|• ") for line in text.split("\n"))
    return any(len(line) >= rule["least_characters"] and line not in links and _SENTENCE.search(line) for line in lines)


def _published(tree: Any, html: str) -> str | None:
    """The date that the page itself declares, with its time; schema.org first, then the metas in the data's order."""
    told: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("itemprop") or meta.get("name") or ""
        told.setdefault(name.lower(), meta.get("content") or "")
    declared = [found[1] for found in _DATE_PUBLISHED.finditer(html)][:1]
    declared += [told[name] for name in load("inputs.yaml")["date_metas"] if name in told]
    return next((found for found in map(iso, filter(None, declared)) if found), None)


def _address(tree: Any, url: str | None) -> str | None:
    """The canonical URL, unless it is no full address or merely that of the front page."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            found = _joined(url, link.get("href") or "")
            if found:
                return found
    return None


def _joined(base: str | None, href: str) -> str | None:
    try:
        found = urljoin(base or "", href.strip())
        parts = urlsplit(found)
    except ValueError:
        return None
    whole = parts.scheme in ("http", "https") and parts.netloc
    return found if whole and (parts.path.strip("/") or parts.query) else None
