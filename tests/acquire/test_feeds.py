"""Feeds against a real server: polite, resumable, and never stopped by a dead one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.acquire.served import Server
from tocsin.acquire import Failed, Skipped, Web, fetch
from tocsin.model import Report
from tocsin.settings import Settings

TODAY = date(2024, 11, 20)


class Notes:
    """A memory as a store keeps it: `keep` is what a store does with a report."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.urls: set[str] = set()

    def get(self, key: str) -> str | None:
        return self.values.get(key)

    def put(self, key: str, value: str) -> None:
        self.values[key] = value

    def seen(self, url: str) -> bool:
        return url in self.urls

    def keep(self, item: object) -> None:
        if isinstance(item, Report) and item.url:
            self.urls.add(item.url)


@pytest.fixture
def notes() -> Notes:
    return Notes()


Run = Callable[..., list[Report | Failed | Skipped]]


@pytest.fixture
def run(settings: Settings, notes: Notes) -> Run:
    def running(*feeds: str, **more: object) -> list[Report | Failed | Skipped]:
        items = []
        for item in fetch(feeds, settings=settings, memory=notes, today=TODAY, **more):  # type: ignore[arg-type]
            notes.keep(item)
            items.append(item)
        return items

    return running


def story(number: int, head: str = "") -> bytes:
    return (f"<html><head><title>Story {number}</title>{head}</head><body><article><p>Story number {number}: Mali closed "
            "its border with Niger on Monday, state television said.</p></article></body></html>").encode()


def rss(*paths: str, end: str = "</channel></rss>", base: str = "") -> bytes:
    items = "".join(f"<item><title>T {path}</title><link>{base}{path}</link><pubDate>Mon, 18 Nov 2024 10:20:00 GMT</pubDate>"
                    f"<author>Jane Doe</author></item>" for path in paths)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Outlet</title>{items}{end}'.encode()


@pytest.fixture
def site(server: Server) -> Server:
    for number in range(5):
        server.routes[f"/{number}"] = story(number)
    server.routes["/feed"] = (200, {"ETag": '"v1"', "Last-Modified": "Mon, 18 Nov 2024 10:00:00 GMT"},
                              rss("/0", "/1", "/2", base=server.url))
    return server


def texts(items: list[Report | Failed | Skipped]) -> list[str]:
    return [item.text[:14] for item in items if isinstance(item, Report)]


def faults(items: list[Report | Failed | Skipped]) -> list[str]:
    return [str(item.error) for item in items if isinstance(item, Failed)]


def test_rss(site: Server, run: Run, notes: Notes) -> None:
    lines: list[str] = []
    items = run(f"{site.url}/feed", progress=lines.append)
    assert texts(items) == ["Story number 0", "Story number 1", "Story number 2"]
    first = items[0]
    assert isinstance(first, Report)
    assert (first.source, first.author, first.title) == ("The Outlet", "Jane Doe", "Story 0")
    assert (first.published, first.retrieved, first.url) == ("2024-11-18T10:20:00+00:00", "2024-11-20", f"{site.url}/0")
    assert lines == [f"{site.url}/feed: 3 entries", *(f"{site.url}/{n}" for n in range(3))]
    assert json.loads(notes.values[f"feed:{site.url}/feed"])["etag"] == '"v1"'
    assert site.paths == ["/robots.txt", "/feed", "/0", "/1", "/2"]


def test_atom_and_relative_links(site: Server, run: Run) -> None:
    site.routes["/atom"] = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title>x</title>
      <link href="/3"/><updated>2024-11-18T10:00:00Z</updated></entry><entry><link href="4#top"/></entry></feed>"""
    assert texts(run(f"{site.url}/atom")) == ["Story number 3", "Story number 4"]


def test_conditional_requests(site: Server, run: Run) -> None:
    run(f"{site.url}/feed")

    def unchanged(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers["If-None-Match"] == '"v1"' and handler.headers["If-Modified-Since"]
        handler.send_response(304 if known else 500)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.routes["/feed"] = unchanged
    assert run(f"{site.url}/feed") == [Skipped(f"{site.url}/feed", "not changed")]


def test_resumes_after_a_kill(site: Server, settings: Settings, notes: Notes, run: Run) -> None:
    running: Iterator[object] = fetch([f"{site.url}/feed"], settings=settings, memory=notes, today=TODAY)
    notes.keep(next(running))
    next(running)  # fetched, never kept: the process dies here
    del running
    assert f"feed:{site.url}/feed" not in notes.values
    items = run(f"{site.url}/feed")
    assert items[0] == Skipped(f"{site.url}/0", "already read")
    assert texts(items) == ["Story number 1", "Story number 2"]
    assert f"feed:{site.url}/feed" in notes.values


def test_pages_of_another_address_are_known_again(site: Server, run: Run, notes: Notes) -> None:
    site.routes["/0"] = story(0, '<link rel="canonical" href="https://example.org/news/0">')
    site.routes["/1"] = (302, {"Location": "/4"}, b"")
    assert len(texts(run(f"{site.url}/feed"))) == 3
    notes.values.pop(f"feed:{site.url}/feed")
    assert texts(run(f"{site.url}/feed")) == []


def test_limit(site: Server, run: Run, notes: Notes) -> None:
    assert len(texts(run(f"{site.url}/feed", limit=2))) == 2
    assert f"feed:{site.url}/feed" not in notes.values
    assert len(texts(run(f"{site.url}/feed", f"{site.url}/feed", limit=2))) == 1


def test_dead_feeds_and_pages_do_not_stop_the_others(site: Server, run: Run, notes: Notes) -> None:
    site.routes["/broken"] = (200, {"Content-Type": "application/rss+xml"}, b"<rss><channel><item")
    site.routes["/other"] = (200, {"ETag": "x"}, rss("/gone", "/busy", "/4", base=site.url))
    site.routes["/busy"] = (503, {}, b"")
    feeds = [f"{site.url}/none", "http://127.0.0.1:1/feed", f"{site.url}/broken", "no-such-file", "ftp://x/y",
             f"{site.url}/other", f"{site.url}/feed"]
    items = run(*feeds)
    assert texts(items) == ["Story number 4", "Story number 0", "Story number 1", "Story number 2"]
    said = faults(items)
    assert len(said) == 7
    for part, text in zip(["/none", "127.0.0.1:1", "/broken", "no-such-file", "ftp:", "/gone", "/busy"], said, strict=True):
        assert part in text
    assert f"feed:{site.url}/other" not in notes.values  # one page was only busy: ask again


def test_half_a_feed(site: Server, run: Run, notes: Notes) -> None:
    whole = rss("/0", "/1", "/2", base=site.url)
    site.routes["/feed"] = (200, {"ETag": "x"}, whole[: whole.rindex(b"/2</link>") + 1])
    items = run(f"{site.url}/feed")
    assert texts(items) == ["Story number 0", "Story number 1"]
    assert "stops half-way" in faults(items)[0]
    assert not any(key.startswith("feed:") for key in notes.values)


def test_feed_that_is_cut_off_on_the_wire(site: Server, run: Run) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "9999")
        handler.end_headers()
        handler.wfile.write(rss("/0"))
        handler.close_connection = True

    site.routes["/feed"] = cut
    assert "cannot be fetched" in faults(run(f"{site.url}/feed"))[0]


def test_malformed_feed_is_read_where_it_can_be(site: Server, run: Run) -> None:
    site.routes["/feed"] = rss("/0", "/1", base=site.url).replace(b"T /0", b"T &nbsp; <b>& \x01")
    assert texts(run(f"{site.url}/feed")) == ["Story number 0", "Story number 1"]
    site.routes["/feed"] = rss("/0", base=site.url).replace(b"<item>", b"<item><title>no link</title></item><item>", 1)
    items = run(f"{site.url}/feed")
    assert "entry 1: has no address" in faults(items)[0]


def test_feed_with_an_entity_bomb(site: Server, run: Run) -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "ha">{lines}]><rss version="2.0"><channel><title>&e11;</title>'
    site.routes["/feed"] = (bomb + f"<item><link>{site.url}/0</link></item></channel></rss>").encode()
    run(f"{site.url}/feed")  # read or refused, but it ends


def test_lists(site: Server, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"# mine\n{site.url}/0\n\n{site.url}/1 the second\n{site.url}/0\nhtp://wrong\n")
    items = run(str(file))
    assert texts(items) == ["Story number 0", "Story number 1"]
    assert "list.txt:6: 'htp://wrong' is no web address" in faults(items)[0]
    site.routes["/list"] = (200, {"Content-Type": "text/plain"}, f"{site.url}/2\n".encode())
    assert texts(run(f"{site.url}/list")) == ["Story number 2"]
    site.routes["/page"] = b"<html><body><a href='/3'>x</a><a href='#top'>y</a><a href='mailto:a@b'>z</a></body></html>"
    assert texts(run(f"{site.url}/page")) == ["Story number 3"]
    saved = tmp_path / "feed.xml"
    saved.write_bytes(rss("/4", base=site.url))
    assert texts(run(str(saved))) == ["Story number 4"]


def test_page_that_names_its_feed(site: Server, run: Run) -> None:
    site.routes["/"] = b"<html><head><link rel=alternate type='application/rss+xml' href='/feed'></head><a href=/4>x</a></html>"
    assert texts(run(f"{site.url}/")) == ["Story number 0", "Story number 1", "Story number 2"]
    site.routes["/feed"] = site.routes["/"]
    assert "names a feed that is none" in faults(run(f"{site.url}/"))[0]


def test_robots_are_respected(site: Server, run: Run) -> None:
    site.routes["/robots.txt"] = b"User-agent: tocsin\nDisallow: /1\n"
    items = run(f"{site.url}/feed")
    assert texts(items) == ["Story number 0", "Story number 2"]
    assert "/1: robots.txt does not allow it" in faults(items)[0]
    assert "/1" not in site.paths


def test_robots_that_cannot_be_had_forbid_all(site: Server, run: Run) -> None:
    site.routes["/robots.txt"] = (500, {}, b"")
    assert "robots.txt of its host: the server answers 500" in faults(run(f"{site.url}/feed"))[0]
    assert site.paths == ["/robots.txt"]


def test_delays(site: Server, settings: Settings, notes: Notes) -> None:
    """By a clock of our own: it stands still but for what is slept."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    site.routes["/robots.txt"] = b"User-agent: *\nCrawl-delay: 2\n"
    slow = settings.model_copy(update={"delay": 0.5})
    with Web(slow, sleep=sleep, clock=lambda: now[0]) as web:
        running = fetch([f"{site.url}/feed"], settings=slow, memory=notes, today=TODAY, web=web)
        times = [now[0] for _ in running]
    assert times == [4.0, 6.0, 8.0]  # robots at 0, the feed at 2, then the pages

    site.routes["/robots.txt"] = b"User-agent: *\nCrawl-delay: 86400\n"
    (failed,) = fetch([f"{site.url}/feed"], settings=slow, memory=notes, today=TODAY)
    assert isinstance(failed, Failed)
    assert "asks for 86400 s between pages" in str(failed.error)
