"""URLs against a real server: redirects, limits, faults, content types."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.acquire.served import Server, make_pdf
from tocsin.acquire import Failed, Hints, reports
from tocsin.acquire.robots import Robots
from tocsin.acquire.web import PassingError, Web
from tocsin.errors import FetchError
from tocsin.model import Report
from tocsin.settings import Settings

STORY = "Mali closed its border with Niger on Monday, the government said in a statement read on state television."
PAGE = f"<html lang=en><head><title>Mali closes border</title></head><body><article><p>{STORY}</p></article></body></html>"
TODAY = date(2024, 11, 20)


def read(url: str, settings: Settings, hints: Hints | None = None) -> list[Report | Failed]:
    return list(reports(url, settings=settings, hints=hints or Hints(), today=TODAY))


def failure(url: str, settings: Settings) -> str:
    (failed,) = read(url, settings)
    assert isinstance(failed, Failed), failed
    assert isinstance(failed.error, FetchError), failed.error
    assert url in str(failed.error)
    assert failed.error.todo
    return str(failed.error)


def headers(handler: BaseHTTPRequestHandler, status: int = 200, **more: str) -> None:
    handler.send_response(status)
    for name, value in more.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def test_page(server: Server, settings: Settings) -> None:
    server.routes["/news/mali"] = PAGE.encode()
    (report,) = read(f"{server.url}/news/mali", settings)
    assert isinstance(report, Report)
    assert (report.text, report.title, report.lang) == (STORY, "Mali closes border", "en")
    assert (report.retrieved, report.url, report.source) == ("2024-11-20", f"{server.url}/news/mali", "127.0.0.1")
    assert server.asked[0][1]["User-Agent"] == settings.user_agent


RUSSIAN = "Правительство Мали закрыло границу с Нигером в понедельник, сообщило государственное телевидение."
TYPES: list[tuple[str, str, bytes, str]] = [
    ("/a", "text/plain; charset=windows-1251", RUSSIAN.encode("cp1251"), RUSSIAN),
    ("/a", 'text/plain; charset="utf-8"', STORY.encode(), STORY),
    ("/a", "text/html; charset=windows-1251", f"<body><article><p>{RUSSIAN}".encode("cp1251"), RUSSIAN),
    ("/a", "text/markdown", f"# *{STORY}*".encode(), STORY),
    ("/a.md?raw=1", "text/plain", f"# *{STORY}*".encode(), STORY),
    ("/a", "application/json", json.dumps({"text": STORY}).encode(), STORY),
    ("/a", "text/csv", f'text\n"{STORY}"\n'.encode(), STORY),
    ("/a", "application/pdf", make_pdf("Mali closed the border."), "Mali closed the border."),
    ("/a", "application/octet-stream", make_pdf("Mali closed the border."), "Mali closed the border."),
    ("/a.txt", "application/octet-stream", STORY.encode(), STORY),
    ("/a", "", PAGE.encode(), STORY),
    ("/a", "nonsense", PAGE.encode(), STORY), ("/a", "t\xe9xt/html; charset=\xe9", PAGE.encode(), STORY),
    ("/a", "text/html; charset=hex", PAGE.encode(), STORY),
]


@pytest.mark.parametrize(("path", "media", "body", "text"), TYPES)
def test_content_types(server: Server, settings: Settings, path: str, media: str, body: bytes, text: str) -> None:
    server.routes[path] = (200, {"Content-Type": media}, body)
    (report,) = read(server.url + path, settings)
    assert isinstance(report, Report), report
    assert report.text == text


def test_compressed(server: Server, settings: Settings) -> None:
    packed = {"Content-Encoding": "gzip"}
    server.routes["/a"] = (200, packed, gzip.compress(PAGE.encode()))
    server.routes["/bomb"] = (200, packed, gzip.compress(b"x" * 50_000_000))
    server.routes["/broken"] = (200, packed, b"no gzip at all")
    (report,) = read(f"{server.url}/a", settings)
    assert isinstance(report, Report)
    assert "is too large; allowed: 100,000 bytes" in failure(f"{server.url}/bomb", settings)
    assert "is not compressed as it says" in failure(f"{server.url}/broken", settings)


@pytest.mark.parametrize(("status", "todo"), [
    (404, "check the address"), (403, "save it and read the file"), (410, "web archive"), (429, "setting delay"),
    (418, "check the address"), (500, "try again later"), (503, "try again later"), (301, "check the address"),
])
def test_statuses(server: Server, settings: Settings, status: int, todo: str) -> None:
    server.routes["/a"] = (status, {}, b"no")
    said = failure(f"{server.url}/a", settings)
    assert f"the server answers {status}" in said
    assert todo in said


def test_redirects(server: Server, settings: Settings) -> None:
    server.routes["/0"] = (302, {"Location": "/1"}, b"")
    for step in range(1, 5):
        server.routes[f"/{step}"] = (301, {"Location": f"{server.url}/{step + 1}"}, b"")
    server.routes["/5"] = PAGE.encode()
    (report,) = read(f"{server.url}/0", settings)
    assert isinstance(report, Report)
    assert report.url == f"{server.url}/5"


@pytest.mark.parametrize(("target", "message"), [
    ("/loop", "redirects more than 5 times"), ("file:///etc/passwd", "is no web address"),
    ("ftp://example.org/", "is no web address"), ("http://[bad", "redirects to"),
])
def test_bad_redirects(server: Server, settings: Settings, target: str, message: str) -> None:
    server.routes["/loop"] = (302, {"Location": target}, b"")
    (failed,) = read(f"{server.url}/loop", settings)
    assert isinstance(failed, Failed)
    assert message in str(failed.error)
    assert len(server.asked) <= 6


def test_stream_without_end(server: Server, settings: Settings) -> None:
    def fast(handler: BaseHTTPRequestHandler) -> None:
        headers(handler, Content_Type="text/plain", Connection="close")
        while True:
            handler.wfile.write(b"x" * 1000)

    stop = threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        headers(handler, Content_Type="text/plain", Connection="close")
        while not stop.wait(0.02):
            handler.wfile.write(b"x")

    server.routes.update({"/fast": fast, "/slow": slow})
    assert "is too large" in failure(f"{server.url}/fast", settings)
    short = settings.model_copy(update={"deadline": 0.3})
    assert "is not done after 0.3 s" in failure(f"{server.url}/slow", short)
    stop.set()


def test_silence(server: Server, settings: Settings) -> None:
    stop = threading.Event()
    server.routes["/a"] = lambda handler: stop.wait(5)
    assert "cannot be fetched" in failure(f"{server.url}/a", settings.model_copy(update={"timeout": 0.2}))
    stop.set()


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    headers(handler, Content_Type="text/html", Content_Length="5000")
    handler.wfile.write(PAGE.encode())
    handler.close_connection = True


def cut_chunk(handler: BaseHTTPRequestHandler) -> None:
    headers(handler, Content_Type="text/html", Transfer_Encoding="chunked")
    handler.wfile.write(b"fff\r\n" + PAGE.encode())
    handler.close_connection = True


def no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\x01 nonsense\r\n\r\n")
    handler.close_connection = True


@pytest.mark.parametrize("answer", [cut_short, cut_chunk, no_http])
def test_cut_off(server: Server, settings: Settings, answer: object) -> None:
    server.routes["/a"] = answer
    assert "cannot be fetched" in failure(f"{server.url}/a", settings)


def test_chunks(server: Server, settings: Settings) -> None:
    def chunked(handler: BaseHTTPRequestHandler) -> None:
        headers(handler, Content_Type="text/html", Transfer_Encoding="chunked")
        for part in (PAGE[:50], PAGE[50:]):
            handler.wfile.write(f"{len(part):x}\r\n{part}\r\n".encode())
        handler.wfile.write(b"0\r\n\r\n")

    server.routes["/a"] = chunked
    (report,) = read(f"{server.url}/a", settings)
    assert isinstance(report, Report)


def test_passing_faults_are_tried_again(server: Server, settings: Settings) -> None:
    answers: Iterator[object] = iter([cut_short, (503, {}, b""), PAGE.encode()])
    server.routes = dict.fromkeys(["/a"], None)  # type: ignore[arg-type]

    def changing(handler: BaseHTTPRequestHandler) -> None:
        answer = next(answers)
        if callable(answer):
            answer(handler)
        else:
            status, _, body = answer if isinstance(answer, tuple) else (200, {}, answer)
            headers(handler, status, Content_Type="text/html", Content_Length=str(len(body)))
            handler.wfile.write(body)

    server.routes["/a"] = changing
    slept: list[float] = []
    with Web(settings.model_copy(update={"retries": 2}), sleep=slept.append) as web:
        assert web.get(f"{server.url}/a").data == PAGE.encode()
    assert slept == [0.5, 1.0]


def test_dead_host(settings: Settings) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/a"
        slept: list[float] = []
        with Web(settings.model_copy(update={"retries": 1}), sleep=slept.append) as web, pytest.raises(PassingError):
            web.get(url)
        assert slept == [0.5]


@pytest.mark.parametrize("url", [
    "http://", "https:///a", "http://[::1", "http://exa mple.invalid/", "http://127.0.0.1:99999/", "http://\u2603.invalid/",
    "http://127.0.0.1:0/\ud800", "http://a\x00b/", "http://" + "a" * 70 + ".invalid/", "HTTP://@/", "gopher://x/",
])
def test_bad_addresses(settings: Settings, url: str) -> None:
    (failed,) = read(url, settings)
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, FetchError)


def test_feed_is_no_report(server: Server, settings: Settings) -> None:
    server.routes["/feed"] = (200, {"Content-Type": "application/rss+xml"}, b"<rss version='2.0'></rss>")
    (failed,) = read(f"{server.url}/feed", settings)
    assert isinstance(failed, Failed)
    assert "tocsin fetch" in str(failed.error)


def test_file_and_page_give_the_same_text(server: Server, settings: Settings, tmp_path: Path) -> None:
    server.routes["/a"] = PAGE.encode()
    (tmp_path / "a.html").write_text(PAGE)
    (page,), (file,) = read(f"{server.url}/a", settings), list(reports(tmp_path / "a.html", settings=settings))
    assert isinstance(page, Report)
    assert isinstance(file, Report)
    assert page.text == file.text


RULES = """\ufeffSitemap: https://example.org/s.xml
User-agent: other
User-agent: Tocsin
Disallow: /private # not this
Allow: /private/news
Disallow: /*?print=
Disallow: /*.pdf$
Disallow: /exact$
Crawl-delay: 2.5
Disallow:
nonsense

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(("path", "allowed"), [
    ("/", True), ("/private", False), ("/private/x", False), ("/private/news/1", True), ("/a?print=1", False),
    ("/a.pdf", False), ("/a.pdfx", True), ("/exact", False), ("/exactly", True), ("/a/b/c?x=1&print=1", True),
])
def test_robots(path: str, allowed: bool) -> None:
    robots = Robots.of(RULES, "tocsin")
    assert robots.allows(path) is allowed
    assert robots.delay == 2.5


def test_robots_of_others() -> None:
    assert not Robots.of(RULES, "stranger").allows("/")
    assert Robots.of("", "tocsin").allows("/")
    assert Robots.of("Disallow: /", "tocsin").allows("/")
    assert not Robots.of("User-agent: *\nDisallow: /" + "*a" * 50, "tocsin").allows("/" + "a" * 5000)
    assert Robots.of("User-agent: *\nDisallow: /" + "*a" * 50 + "b$", "tocsin").allows("/" + "a" * 5000)
