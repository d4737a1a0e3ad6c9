"""Feeds and lists of addresses in, the reports they lead to out: politely, resumably, one host at a time."""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]
from trafilatura import load_html

from tocsin.acquire.dates import iso
from tocsin.acquire.draft import Failed, Hints
from tocsin.acquire.page import html_of, outlet
from tocsin.acquire.read import of_page
from tocsin.acquire.robots import Robots
from tocsin.acquire.text import decode, one_line
from tocsin.acquire.web import Page, PassingError, Web, check
from tocsin.errors import FetchError, InputError
from tocsin.model import Report
from tocsin.settings import Settings

_FEED_ENDS = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--.*-->\s*)?$", re.DOTALL)
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")


class Memory(Protocol):
    """What `fetch` remembers from run to run; a store keeps it."""

    def get(self, key: str) -> str | None:
        """The value put under `key` last."""

    def put(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""

    def seen(self, url: str) -> bool:
        """Whether a report of this URL is kept."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry or a feed that needed no reading, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed: where its page is, and what the feed tells of it."""

    url: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed or list holds; `flaws` are what could not be read of it, and such a feed is asked in full again."""

    entries: tuple[Entry, ...]
    flaws: tuple[Failed, ...] = ()


def fetch(
    feeds: Iterable[str],
    *,
    settings: Settings,
    memory: Memory,
    today: date | None = None,
    limit: int | None = None,
    progress: Callable[[str], None] | None = None,
    web: Web | None = None,
) -> Iterator[Report | Failed | Skipped]:
    """The new reports that feeds lead to; a dead or half-finished feed is `Failed` and the others go on.

    A feed is the address of an RSS or Atom feed, of a page with links or of a list of addresses, or a file that holds
    one of these. robots.txt counts (also its delay), and at least `settings.delay` seconds lie between two requests to
    one host. Entries whose report is seen are skipped. A feed's ETag and Last-Modified are put into `memory` under
    ``feed:<url>`` only after all its entries were consumed without a passing fault, so a run that was cut off is made
    good by the next one.

    Args:
        limit: at most so many reports.
        progress: called with a line for each feed and page that is fetched.
        web: what fetches; a new one by default.
    """
    with ExitStack() as stack:
        polite = Polite(web or stack.enter_context(Web(settings)))
        run = _Run(settings, memory, polite, today or date.today(), progress or (lambda line: None))
        left = limit
        for feed in feeds:
            for item in run.feed(feed, left):
                yield item
                left = left - 1 if left is not None and isinstance(item, Report) else left
            if left == 0:
                return


class Polite:
    """Fetches as `Web` does, but asks robots.txt first and keeps the delay of each host."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self._robots: dict[str, Robots | PassingError] = {}
        self._last: dict[str, float] = {}

    def get(self, url: str, *, headers: dict[str, str] | None = None) -> Page:
        """The page at `url`; each redirect is asked for, too.

        Raises:
            FetchError: as `Web.get`, and where robots.txt does not allow it.
        """
        return self.web.get(url, headers=headers, before=self._before)

    def _before(self, url: str) -> None:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._robots:
            self._robots[host] = self._asked(host)
        robots, settings = self._robots[host], self.web.settings
        if isinstance(robots, PassingError):
            raise PassingError(robots.what, where=url, todo=robots.todo)
        if not robots.allows((parts.path or "/") + (f"?{parts.query}" if parts.query else "")):
            raise FetchError("robots.txt does not allow it", where=url, todo="open it in a browser and save it")
        if (robots.delay or 0) > settings.deadline:
            raise FetchError(f"robots.txt asks for {robots.delay:g} s between pages", where=url,
                             allowed=f"{settings.deadline:g} s", todo="raise the setting deadline")
        self._wait(host, max(settings.delay, robots.delay or 0))

    def _asked(self, host: str) -> Robots | PassingError:
        """The rules of a host; no robots.txt (4xx) allows all, one that cannot be had forbids all (RFC 9309)."""
        try:
            page = self.web.get(f"{host}/robots.txt", before=lambda url: self._wait(host, self.web.settings.delay))
        except FetchError as error:
            if re.fullmatch(r"the server answers 4\d\d", error.what):
                return Robots()
            return PassingError(f"robots.txt of its host: {error.what}", where=host, todo="try again later")
        agent = re.split(r"[/\s(]", self.web.settings.user_agent.strip(), maxsplit=1)[0]
        return Robots.of(page.data.decode("utf-8", "replace").removeprefix("\ufeff"), agent)

    def _wait(self, host: str, delay: float) -> None:
        since = self.web.clock() - self._last.get(host, float("-inf"))
        if since < delay:
            self.web.sleep(delay - since)
        self._last[host] = self.web.clock()


@dataclass(frozen=True, slots=True)
class _Run:
    settings: Settings
    memory: Memory
    polite: Polite
    today: date
    progress: Callable[[str], None]

    def feed(self, feed: str, limit: int | None) -> Iterator[Report | Failed | Skipped]:
        """All that one feed leads to; its validators are kept at the end, if nothing was missed."""
        try:
            page = self._opened(feed)
            listing = Listing(()) if page.status == 304 else self._listing(page, feed)
        except InputError as error:
            yield Failed(feed, error)
            return
        if page.status == 304:
            yield Skipped(feed, "not changed")
            return
        self.progress(f"{feed}: {len(listing.entries)} entries")
        whole, left = not listing.flaws, limit
        for entry in listing.entries:
            if left == 0:
                return
            for item in self._entry(entry):
                whole = whole and not (isinstance(item, Failed) and isinstance(item.error, PassingError))
                yield item
                left = left - 1 if left is not None and isinstance(item, Report) else left
        yield from listing.flaws
        if whole and (page.etag or page.modified):
            self.memory.put(f"feed:{feed}", json.dumps({"etag": page.etag, "modified": page.modified}))

    def _opened(self, feed: str) -> Page:
        if "://" not in feed:
            return Page("", 200, _file(feed, self.settings.max_bytes))
        kept = json.loads(self.memory.get(f"feed:{feed}") or "{}")
        names = {"If-None-Match": kept.get("etag"), "If-Modified-Since": kept.get("modified")}
        return self.polite.get(feed, headers={name: value for name, value in names.items() if value})

    def _listing(self, page: Page, feed: str, deeper: bool = True) -> Listing:
        listing = listing_of(page, where=feed)
        if isinstance(listing, Listing):
            return listing
        if not deeper:
            raise FetchError("names a feed that is none", where=feed, todo="give the address of the feed")
        return self._listing(self.polite.get(listing), feed, deeper=False)

    def _entry(self, entry: Entry) -> Iterator[Report | Failed | Skipped]:
        kept = self.memory.get(f"page:{entry.url}")  # the page's own address, where it is another
        if self.memory.seen(entry.url) or (kept and self.memory.seen(kept)):
            yield Skipped(entry.url, "already read")
            return
        self.progress(entry.url)
        try:
            page = self.polite.get(entry.url)
        except InputError as error:
            yield Failed(entry.url, error)
            return
        for item in of_page(page, where=entry.url, settings=self.settings, hints=Hints(), today=self.today):
            report = _told(item, entry) if isinstance(item, Report) else item
            if isinstance(report, Report) and report.url and report.url != entry.url:
                self.memory.put(f"page:{entry.url}", report.url)
            yield report


def listing_of(page: Page, *, where: str) -> Listing | str:
    """The entries of a feed, a list of addresses, or a page with links; a page that names its feed gives its address.

    Raises:
        FetchError: none of these.
    """
    parsed = _parsed(page)
    if parsed.version:
        return _of_feed(parsed, page, where)
    text = decode(page.data, where=where, charset=page.charset)
    if (page.media or "").endswith("html") or _HTML.match(text):
        return _of_html(page, where)
    if re.search(r"^\s*https?://", text, re.MULTILINE | re.IGNORECASE):
        return _of_lines(text, where)
    raise FetchError("is no feed", where=where, allowed="RSS, Atom, a page with links, a list of addresses",
                     todo="check the address")


def _parsed(page: Page) -> Any:
    told = {"content-type": f"{page.media}; charset={page.charset}" if page.charset else page.media or ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(io.BytesIO(page.data), response_headers=told, sanitize_html=False)


def _of_feed(parsed: Any, page: Page, where: str) -> Listing:
    """The entries with a link. Of a feed that stops half-way the last one may be cut and is left for the next run."""
    half = bool(parsed.bozo) and not _FEED_ENDS.search(page.data) and page.data.lstrip()[:1] == b"<"
    items = parsed.entries[:-1] if half else parsed.entries
    outlet = one_line(parsed.feed.get("title"))
    entries: dict[str, Entry] = {}
    flaws: list[Failed] = []
    for number, item in enumerate(items, 1):
        url = _absolute(page.url, item.get("link") or "")
        if url is None:
            error = FetchError("has no address", where=f"{where}:entry {number}", todo="tell the outlet")
            flaws.append(Failed(f"{where}:entry {number}", error))
            continue
        told = item.get("published") or item.get("updated")
        entries.setdefault(url, Entry(url, one_line(item.get("title")), one_line(item.get("author")),
                                      iso(told) if told else None, outlet))
    if half:
        flaws.append(Failed(where, FetchError("stops half-way", where=where, todo="fetch it again later")))
    return Listing(tuple(entries.values()), tuple(flaws))


def _of_html(page: Page, where: str) -> Listing | str:
    tree: Any = load_html(html_of(page.data, where=where, charset=page.charset))
    links = [] if tree is None else list(tree.iter("link"))
    for link in links:
        named = _absolute(page.url, link.get("href") or "")
        if named and (link.get("type") or "").lower() in _FEED_TYPES and "alternate" in (link.get("rel") or "").lower():
            return named
    anchors = [] if tree is None else [_absolute(page.url, link.get("href") or "") for link in tree.iter("a")]
    own = page.url.split("#")[0]
    urls = dict.fromkeys(url for url in anchors if url and url != own)
    if not urls:
        raise FetchError("names no feed and has no links", where=where, todo="give the address of the feed")
    return Listing(tuple(map(Entry, urls)))


def _of_lines(text: str, where: str) -> Listing:
    urls, flaws = [], []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        url = _absolute("", bare.split()[0])
        if url:
            urls.append(url)
        else:
            error = FetchError(f"{bare[:80]!r} is no web address", where=f"{where}:{number}", todo="check the line")
            flaws.append(Failed(f"{where}:{number}", error))
    return Listing(tuple(map(Entry, dict.fromkeys(urls))), tuple(flaws))


def _absolute(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, href.strip()).split("#")[0]
        check(url)
    except (ValueError, FetchError):
        return None
    return url if href.strip() else None


def _file(path: str, most: int) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({error})", where=path, todo="check the path") from error
    if len(data) > most:
        raise InputError("is too large", where=path, allowed=f"{most:,} bytes", todo="split it")
    return data


def _told(report: Report, entry: Entry) -> Report:
    """The report with what its feed tells where the page is silent; the id follows the content."""
    unnamed = report.source in (None, outlet(report.url or entry.url))
    source = entry.source if unnamed and entry.source else report.source
    return Report.of(
        report.text, source=source, url=report.url or entry.url, title=report.title or entry.title,
        author=report.author or entry.author, published=report.published or entry.published,
        retrieved=report.retrieved, lang=report.lang,
    )
