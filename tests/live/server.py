"""A local server that stands in for every upstream: good answers with validators, and faults on demand."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import itertools
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from pipeline.sources.base import Source


@dataclass
class Upstreams:
    """What is served by path (`/<source_id>…`), what was asked, and which sources have which fault of transport."""

    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    asked: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    last_modified: dict[str, str] = field(default_factory=dict)
    retry_after: str = "0"
    redirects: dict[str, str] = field(default_factory=dict)
    # Answers made while they are sent, after their headers.
    streams: dict[str, tuple[dict[str, str], Callable[[], Iterable[bytes]]]] = field(default_factory=dict)
    url: str = ""

    def serve(self, source: Source, answers: dict[str, bytes]) -> None:
        """Serve these answers, by request name, where the source asks for them and where they lead."""
        assert source.live
        for path in [path for path in self.answers if path.split("?")[0].startswith(f"/{source.id}/")]:
            del self.answers[path]
        for request in source.live.requests:
            paths = [request.path]
            for number, path in enumerate(paths, start=1):
                name = request.name if number == 1 else f"{request.name}#{number}"
                self.answers[f"/{source.id}{path}"] = (request.media_types[0], answers[name])
                for parts in map(urlsplit, request.links(answers[name]) if request.links else ()):
                    paths.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def _handler(upstreams: Upstreams) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            source_id = self.path.split("/")[1]
            upstreams.asked[source_id] += 1
            fault = upstreams.faults.get(source_id, "")
            media_type, body = upstreams.answers.get(self.path, ("text/plain", b""))
            if self.path in upstreams.redirects:
                return self.send("text/plain", b"", 302, {"Location": upstreams.redirects[self.path]})
            if self.path in upstreams.streams:
                headers, pieces = upstreams.streams[self.path]
                return self.stream(headers, pieces())
            if self.path not in upstreams.answers:
                return self.send("text/plain", b"no such page", 404)
            if fault in ("429", "500"):
                return self.send("text/plain", b"no", int(fault), {"Retry-After": upstreams.retry_after})
            if fault == "hang":
                time.sleep(1.5)
                return None
            if fault == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                self.connection.close()
                self.close_connection = True
                return None
            if fault == "truncated gzip":
                return self.send(media_type, gzip.compress(body)[:-20], 200, {"Content-Encoding": "gzip"})
            if fault == "wrong content type":
                return self.send("image/png", body)
            if fault == "HTML with status 200":
                return self.send(media_type, b"<!DOCTYPE html>\n<html><body>Down for maintenance</body></html>")
            if fault == "empty body":
                return self.send(media_type, b"")
            if fault == "a million extra rows":
                flood = itertools.chain([body], itertools.repeat(body[-200:] * 1000, 1000))
                return self.stream({"Content-Type": media_type}, flood)
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == tag:
                return self.send(media_type, b"", 304)
            extra = {"ETag": tag}
            if source_id in upstreams.last_modified:
                extra["Last-Modified"] = upstreams.last_modified[source_id]
            return self.send(media_type, body, 200, extra)

        do_POST = do_GET

        def stream(self, headers: dict[str, str], pieces: Iterable[bytes]) -> None:
            """An answer that does not say its length, until its end or the client's."""
            self.send_response(200)
            for name, value in {**headers, "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.close_connection = True
            with contextlib.suppress(OSError):
                for piece in pieces:
                    self.wfile.write(piece)

        def send(self, media_type: str, body: bytes, status: int = 200, headers: dict | None = None) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length:
                self.rfile.read(length)
            upstreams.statuses[status] += 1
            self.send_response(status)
            for name, value in {"Content-Type": media_type, "Content-Length": len(body), **(headers or {})}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests look at `asked`."""

    return Handler


@contextlib.contextmanager
def serving() -> Iterator[Upstreams]:
    """A running server on a free port."""
    upstreams = Upstreams()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(upstreams))
    server.daemon_threads = True
    upstreams.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield upstreams
    finally:
        server.shutdown()
        server.server_close()


def quick(source: Source) -> Source:
    """The source, asked as fast as a local server bears."""
    assert source.live
    return replace(source, live=replace(source.live, requests_per_second=10_000))
