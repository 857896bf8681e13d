"""HTTP with manners: time limits, retries, conditional requests, a pace per host, and no more bytes than agreed.

An answer is written to disk as it arrives, compressed, so that a large one never fills the memory.
"""

import gzip
import hashlib
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import tenacity

# Seconds: to connect and between two pieces of an answer; for a whole answer; between attempts at most.
PIECE_TIMEOUT_S = 30.0
ANSWER_TIMEOUT_S = 900.0
LONGEST_WAIT_S = 60.0
ATTEMPTS = 4
FIRST_WAIT_S = 1.0
MAX_REDIRECTS = 5
USER_AGENT = "chipcast/0.1 (market data pipeline)"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
PASSING = (429, 500, 502, 503, 504)


class FetchError(Exception):
    """An upstream that could not be read; the message says the URL, what came back and what to do."""


class _Passing(FetchError):
    """A failure that may be gone at the next attempt; `wait_s` is what the server asks for."""

    def __init__(self, message: str, wait_s: float | None = None):
        super().__init__(message)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Call:
    """What is asked of a server and what may come back."""

    url: str
    media_types: tuple[str, ...]
    max_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    hosts: tuple[str, ...] = ()
    per_second: float = 2
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a server gave: 200 with a gzip file of the bytes, or 304 without one."""

    url: str
    status: int
    content: Path | None = None
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    etag: str | None = None
    last_modified: str | None = None

    @property
    def published(self) -> date | None:
        """The day of Last-Modified, unless it is absurd."""
        return day_of(self.last_modified)


def day_of(instant: str | None) -> date | None:
    """The day of an HTTP date; None where there is none, or it lies before 2000 or ahead of now."""
    try:
        found = parsedate_to_datetime(instant or "").astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return found.date() if datetime(2000, 1, 1, tzinfo=UTC) <= found <= datetime.now(UTC) else None


def is_loopback(url: str) -> bool:
    """True for a server on this machine, the only one that may be asked without TLS."""
    return urlsplit(url).hostname in LOOPBACK


_pace = threading.Lock()
_next_turn: dict[str, float] = {}


def _wait_turn(host: str, per_second: float) -> None:
    """Keeps the requests to one host apart, over all threads."""
    with _pace:
        now = time.monotonic()
        turn = max(now, _next_turn.get(host, now))
        _next_turn[host] = turn + 1 / per_second
    time.sleep(turn - now)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait_s if isinstance(error, _Passing) else None
    if asked is not None:
        return asked
    return tenacity.wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S)(state)


@cache
def _tls() -> ssl.SSLContext:
    """Certificates are verified; reading them takes longer than many a request."""
    return httpx.create_ssl_context()


def fetch(call: Call, folder: Path) -> Answer:
    """Ask, and again where the failure may pass. The bytes lie in a new gzip file in `folder`.

    Raises FetchError with URL, cause and what to do.
    """
    if urlsplit(call.url).scheme != "https" and not is_loopback(call.url):
        raise FetchError(f"{call.url}: only https is asked (http on this machine alone). Correct the base URL.")
    retry = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=_wait,
        retry=tenacity.retry_if_exception_type(_Passing),
        reraise=True,
    )
    try:
        # A proxy of the environment is for the world, not for this machine.
        with httpx.Client(timeout=PIECE_TIMEOUT_S, verify=_tls(), trust_env=not is_loopback(call.url)) as client:
            return retry(_once, client, call, folder)
    except _Passing as error:
        raise FetchError(f"{error} (tried {ATTEMPTS} times). Try again later; see the upstream's status.") from None


def _headers(call: Call) -> dict[str, str]:
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **call.headers}
    if call.etag:
        headers["If-None-Match"] = call.etag
    elif call.last_modified:
        headers["If-Modified-Since"] = call.last_modified
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    return headers


def _once(client: httpx.Client, call: Call, folder: Path) -> Answer:
    url, headers = call.url, _headers(call)
    for _ in range(MAX_REDIRECTS + 1):
        _wait_turn(urlsplit(url).netloc, call.per_second)
        method = "GET" if call.body is None else "POST"
        try:
            with client.stream(method, url, headers=headers, content=call.body) as response:
                if response.has_redirect_location:
                    url = _redirected(call, url, response.headers["location"])
                    continue
                return _read(call, response, folder)
        except httpx.TimeoutException:
            raise _Passing(f"{call.url}: no answer within {PIECE_TIMEOUT_S:g} s") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _Passing(f"{call.url}: the connection failed ({_reason(error)})") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # The last two: an address that upstream names, or a header out of the environment, that cannot be written.
            raise FetchError(
                f"{call.url}: cannot be asked ({_reason(error)}). Check its address and headers."
            ) from None
    raise FetchError(f"{call.url}: redirected more than {MAX_REDIRECTS} times. Check the address.")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _redirected(call: Call, url: str, location: str) -> str:
    target = urljoin(url, location)
    parts, asked = urlsplit(target), urlsplit(call.url)
    same = parts.netloc == asked.netloc or parts.hostname in call.hosts
    safe = parts.scheme == "https" or (is_loopback(call.url) and is_loopback(target))
    if not (same and safe):
        raise FetchError(
            f"{call.url}: redirected to {parts.scheme}://{parts.netloc}, which is not the expected host over https. "
            "If upstream moved, change the source's base_url."
        )
    return target


def _read(call: Call, response: httpx.Response, folder: Path) -> Answer:
    status = response.status_code
    if status == 304 and (call.etag or call.last_modified):
        return Answer(call.url, 304)
    if status in PASSING:
        raise _Passing(f"{call.url}: answered {status} {response.reason_phrase}", _retry_after(call, response))
    if status != 200:
        hint = "Check the key or contact it needs." if status in (401, 403) else "Check the address."
        raise FetchError(f"{call.url}: answered {status} {response.reason_phrase}. {hint}")
    media_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in call.media_types:
        raise FetchError(
            f"{call.url}: answered with {media_type or 'no media type'} where {call.media_types[0]} was expected, "
            "perhaps an error page. Look at the address in a browser."
        )
    too_long = response.headers.get("content-length", "0")
    if too_long.isdigit() and int(too_long) > call.max_bytes:
        raise FetchError(_too_large(call))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{threading.get_ident()}-{time.monotonic_ns()}.part"
    try:
        sha, size = _store(call, response, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Answer(
        call.url, 200, path, sha, size, media_type,
        response.headers.get("etag"), response.headers.get("last-modified"),
    )  # fmt: skip


def _retry_after(call: Call, response: httpx.Response) -> float | None:
    text = response.headers.get("retry-after")
    if text is None:
        return None
    try:
        seconds = float(text) if text.isdigit() else (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None
    if seconds > LONGEST_WAIT_S:
        raise FetchError(
            f"{call.url}: answered {response.status_code} and asks to wait {seconds:.0f} s. Refresh again after that."
        )
    return max(seconds, 0)


def _too_large(call: Call) -> str:
    return (
        f"{call.url}: the answer is larger than {call.max_bytes:,} bytes. If upstream has grown so much, raise the "
        "request's max_bytes."
    )


def _pieces(call: Call, response: httpx.Response) -> Iterator[bytes]:
    """The answer's bytes, decompressed here: a truncated gzip stream must not pass for a whole one."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        yield from response.iter_raw()
        return
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(f"{call.url}: answered in the encoding {encoding!r}, which was not asked for.")
    unpack = zlib.decompressobj(31)
    try:
        for piece in response.iter_raw():
            while piece:
                if unpack.eof:
                    # A gzip stream may be several, one after another.
                    unpack = zlib.decompressobj(31)
                # In portions, so that a bomb meets the size limit before it fills the memory.
                yield unpack.decompress(piece, 1 << 20)
                piece = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
        yield unpack.flush()
    except zlib.error as error:
        raise _Passing(f"{call.url}: the compressed answer is damaged ({error})") from None
    if not unpack.eof:
        raise _Passing(f"{call.url}: the compressed answer ends too early: it was cut short")


def _store(call: Call, response: httpx.Response, path: Path) -> tuple[str, int]:
    digest, size, started, head = hashlib.sha256(), 0, time.monotonic(), b""
    # No name and no time in the header: equal content gives an equal file.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
        for piece in _pieces(call, response):
            size += len(piece)
            if size > call.max_bytes:
                raise FetchError(_too_large(call))
            if time.monotonic() - started > ANSWER_TIMEOUT_S:
                # Not tried again: an upstream that drips would hold the refresh as often.
                raise FetchError(
                    f"{call.url}: the answer was not complete within {ANSWER_TIMEOUT_S:g} s. Try again later."
                )
            head = head or piece[:512]
            digest.update(piece)
            file.write(piece)
    if not size:
        raise FetchError(f"{call.url}: the answer is empty. Try again later; look at the address in a browser.")
    page = (
        b"<!doctype",
        b"<html",
        b"<head",
        *((b"<?xml",) if not any("xml" in one for one in call.media_types) else ()),
    )
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:9].lower().startswith(page):
        raise FetchError(
            f"{call.url}: answered with an HTML page where {call.media_types[0]} was expected, perhaps an error page "
            "or a login. Look at the address in a browser."
        )
    return digest.hexdigest(), size
