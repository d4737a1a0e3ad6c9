"""An http(s) URL in, the bytes of the page out, within limits on redirects, bytes and time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import DecodeError, HTTPError, LocationValueError

from tocsin.acquire.draft import too_large
from tocsin.errors import FetchError
from tocsin.ontology import load
from tocsin.settings import Settings

MOST_REDIRECTS = 5
_CHUNK = 65_536
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What a server sent; `url` is the last one after redirects, `status` 200 or 304 (not changed, no data)."""

    url: str
    status: int
    data: bytes
    media: str | None = None
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None


class PassingError(FetchError):
    """A fault that may be gone at the next try: no connection, time out, cut off, 429, 502, 503, 504."""


class Web:
    """Fetches pages over one pool of connections. `sleep` and `clock` (seconds) are arguments for the tests' sake."""

    def __init__(
        self, settings: Settings, *, sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self.sleep, self.clock = settings, sleep, clock
        self._pool = urllib3.PoolManager(
            headers={"User-Agent": settings.user_agent, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"},
            timeout=urllib3.Timeout(connect=settings.timeout, read=min(settings.timeout, settings.deadline)),
            retries=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.clear()

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, before: Callable[[str], None] = lambda url: None
    ) -> Page:
        """The page at `url`, after at most `MOST_REDIRECTS`; passing faults are tried again `settings.retries` times.

        `before` is called with the URL of each request; what it raises ends the fetch (robots.txt, delays).

        Raises:
            FetchError: no http(s), refused, not found, cut off, too many redirects, too large, past the deadline.
        """
        for attempt in range(self.settings.retries + 1):
            try:
                return self._once(url, headers or {}, before)
            except PassingError:
                if attempt == self.settings.retries:
                    raise
                self.sleep(0.5 * 2**attempt)
        raise AssertionError("range is never empty")

    def _once(self, url: str, headers: Mapping[str, str], before: Callable[[str], None]) -> Page:
        at = url
        for _ in range(MOST_REDIRECTS + 1):
            check(at)
            before(at)
            until = self.clock() + self.settings.deadline  # what `before` waits does not count
            with closing(self._request(at, headers)) as answer:
                target = answer.get_redirect_location()
                if not target:
                    return self._page(answer, at, until)
                at = _joined(at, target)
        raise FetchError(f"redirects more than {MOST_REDIRECTS} times", where=url,
                         todo="open it in a browser and give the address that it ends at")

    def _request(self, url: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request(
                "GET", url, headers={**self._pool.headers, **headers}, preload_content=False, redirect=False
            )
        except LocationValueError as error:
            raise FetchError(f"is no address ({error})", where=url, allowed="http, https", todo="check it") from error
        except (HTTPError, OSError) as error:
            raise _unreached(url, error) from error
        except ValueError as error:  # host names that no encoding takes
            raise FetchError(f"is no address ({error})", where=url, allowed="http, https", todo="check it") from error

    def _page(self, answer: urllib3.BaseHTTPResponse, url: str, until: float) -> Page:
        if answer.status != 304 and not 200 <= answer.status < 300:
            raise _refused(url, answer.status)
        head = answer.headers
        media, charset = _content_type(head.get("Content-Type"))
        data = b"" if answer.status == 304 else self._body(answer, url, until)
        return Page(url, answer.status, data, media, charset, head.get("ETag"), head.get("Last-Modified"))

    def _body(self, answer: urllib3.BaseHTTPResponse, url: str, until: float) -> bytes:
        data, most = bytearray(), self.settings.max_bytes
        try:
            while chunk := answer.read1(_CHUNK):  # `read` would wait for a full chunk, for hours on a slow drip
                data += chunk
                if len(data) > most:
                    error = too_large(url, most)
                    raise FetchError(error.what, where=url, allowed=error.allowed, todo=error.todo)
                if self.clock() > until:
                    raise FetchError(f"is not done after {self.settings.deadline:g} s", where=url,
                                     todo="try again, or raise the setting deadline")
        except DecodeError as error:
            raise FetchError(f"is not compressed as it says ({error})", where=url, todo="try again later") from error
        except (HTTPError, OSError) as error:
            raise _unreached(url, error) from error
        return bytes(data)


def check(url: str) -> None:
    """Refuse what is no whole http(s) address.

    Raises:
        FetchError: another scheme (file, ftp), or no host.

    >>> check("https://example.org/news")
    """
    try:
        parts = urlsplit(url)
        whole = parts.scheme.lower() in ("http", "https") and parts.hostname
    except ValueError:
        whole = None
    if not whole:
        raise FetchError("is no web address", where=url, allowed="http://…, https://…", todo="check the address")


def _content_type(header: str | None) -> tuple[str | None, str | None]:
    media = (header or "").split(";")[0].strip().lower()
    charset = _CHARSET.search(header or "")
    return media if "/" in media else None, charset[1] if charset else None


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError as error:
        raise FetchError(f"redirects to {target!r}", where=base, allowed="http, https", todo="check it") from error


def _refused(url: str, status: int) -> FetchError:
    known = load("inputs.yaml")["http"]
    todo = known.get(status) or known["5xx" if status >= 500 else "4xx"]
    kind = PassingError if status in known["passing"] else FetchError
    return kind(f"the server answers {status}", where=url, todo=todo)


def _unreached(url: str, error: Exception) -> PassingError:
    reason = str(error).split("): ")[-1] or type(error).__name__
    return PassingError(f"cannot be fetched ({reason})", where=url, todo="check the address and the network, try again")
