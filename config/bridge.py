"""Serves Django's WSGI application under ASGI in one hop: each request runs on one of a fixed number of threads.

Django under ASGI costs several times the CPU of Django under WSGI; docs/adr/0003-one-port-and-contract-dialects.md has
the figures. A fixed number of threads is also a fixed number of lasting database connections.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from threading import Event
from typing import IO, Any, TypeAlias
from urllib.parse import quote, unquote_to_bytes
from wsgiref.util import FileWrapper

logger = logging.getLogger(__name__)

Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Environ: TypeAlias = dict[str, Any]
WSGIApplication: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
# (path, status) -> headers and body of an answer that the bridge gives itself: 413 or 500.
Refusal: TypeAlias = Callable[[str, int], tuple[Mapping[str, str], bytes]]

# Requests up to here stay in memory and answers up to here go out whole; above, they are spooled and streamed.
MEMORY_LIMIT = 512 * 1024
_BATCH = 64 * 1024
_PATIENCE_SECONDS = 1.0


class Disconnected(Exception):
    """The client went away before the exchange was over."""


class BodyTooLarge(Exception):
    """The request's body is larger than the bridge takes."""


class WSGIBridge:
    """An ASGI application for HTTP requests, over a WSGI application that calls `start_response` before it returns.

    Answers 413 to bodies above `max_body` bytes, and 500 where the application itself raises.
    """

    def __init__(self, application: WSGIApplication, *, threads: int, max_body: int, refuse: Refusal) -> None:
        self.application = application
        self.max_body = max_body
        self.refuse = refuse
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="wsgi")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        exchange: Exchange | None = None
        try:
            body = await self._read_body(scope, receive)
            exchange = Exchange(self.application, environ_of(scope, body), receive, send)
            answer = await exchange.run(self.pool)
        except Disconnected:
            return
        except BodyTooLarge:
            answer = _refused(413, *self.refuse(scope["path"], 413))
        except Exception:
            logger.exception("%s %s failed outside of Django", scope["method"], scope["path"])
            answer = _refused(500, *self.refuse(scope["path"], 500))
        if exchange is None or not exchange.started:
            await send(answer.start)
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})
        else:
            # Nothing else ends a stream that broke: daphne cannot cut a connection.
            await send({"type": "http.response.body", "body": b""})

    async def _read_body(self, scope: Message, receive: Receive) -> IO[bytes]:
        """The whole body at its start, for its taker to close."""
        declared = dict(scope["headers"]).get(b"content-length", b"")
        message = await _next(receive)
        if len(message.get("body", b"")) > self.max_body or (declared.isdigit() and int(declared) > self.max_body):
            raise BodyTooLarge
        if not message.get("more_body"):
            return io.BytesIO(message.get("body", b""))
        body = SpooledTemporaryFile(max_size=MEMORY_LIMIT)  # noqa: SIM115
        try:
            body.write(message.get("body", b""))
            while message.get("more_body"):
                message = await _next(receive)
                body.write(message.get("body", b""))
                if body.tell() > self.max_body:
                    raise BodyTooLarge
            body.seek(0)
        except BaseException:
            body.close()
            raise
        return body

    def close(self) -> None:
        """Lets running requests end, and the threads with them."""
        self.pool.shutdown()


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    return message


@dataclass(frozen=True)
class Answer:
    """Status line and headers as ASGI sends them, and the body unless it was streamed."""

    start: Message
    body: bytes = b""


def _start(status: int, headers: Iterable[tuple[str, str]]) -> Message:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def _refused(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    return Answer(_start(status, {**headers, "Content-Length": str(len(body))}.items()), body)


class Exchange:
    """One request and its answer. `_respond` and what it calls run on a thread of the pool, the rest on the loop."""

    def __init__(self, application: WSGIApplication, environ: Environ, receive: Receive, send: Send) -> None:
        self.application = application
        self.environ = environ
        self.receive = receive
        self.send = send
        self.started = False
        self.loop = asyncio.get_running_loop()
        self.gone = Event()
        self.watcher: asyncio.Task[None] | None = None

    async def run(self, pool: ThreadPoolExecutor) -> Answer:
        try:
            return await self.loop.run_in_executor(pool, self._respond)
        finally:
            self.gone.set()
            if self.watcher:
                self.watcher.cancel()

    def _respond(self) -> Answer:
        """Runs the application. A body of known, small length comes back whole: one hop; others are streamed."""
        status, headers = 0, [("", "")]

        def start_response(line: str, given: list[tuple[str, str]], exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line.split(" ", 1)[0]), given

        result: Iterable[bytes] = ()
        try:
            result = self.application(self.environ, start_response)
            start = _start(status, headers)
            if self.environ["REQUEST_METHOD"] == "HEAD" or status in (204, 304):
                return Answer(start)
            length = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
            if length is not None and length <= MEMORY_LIMIT:
                return Answer(start, b"".join(result))
            self._stream(start, result if length is None else _batched(result))
            return Answer(start)
        finally:
            self.environ["wsgi.input"].close()
            if hasattr(result, "close"):
                result.close()

    def _stream(self, start: Message, chunks: Iterable[bytes]) -> None:
        self._send(start)
        for chunk in chunks:
            self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    def _send(self, message: Message) -> None:
        """Waits until the message is sent, so that a slow client slows the application; raises Disconnected."""
        if self.gone.is_set():
            raise Disconnected
        future = asyncio.run_coroutine_threadsafe(self._sent(message), self.loop)
        while not self.gone.is_set():
            try:
                return future.result(_PATIENCE_SECONDS)
            except NotYet:
                continue
        future.cancel()
        raise Disconnected

    async def _sent(self, message: Message) -> None:
        if not self.started:
            self.started = True
            self.watcher = self.loop.create_task(self._watch())
        await self.send(message)

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone.set()


def _batched(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Fewer, larger chunks: each costs a hop."""
    batch = bytearray()
    for chunk in chunks:
        batch += chunk
        if len(batch) >= _BATCH:
            yield bytes(batch)
            batch.clear()
    if batch:
        yield bytes(batch)


def environ_of(scope: Message, body: IO[bytes]) -> Environ:
    """The WSGI environment (PEP 3333) of an ASGI request whose body has come completely."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
    size = body.seek(0, io.SEEK_END)
    body.seek(0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",  # not the scope's: daphne takes it from a header that any client may send
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    environ["CONTENT_LENGTH"] = str(size)
    return environ


def _add_header(environ: Environ, name: str, value: str) -> None:
    """Repeated headers are joined; names with an underscore are dropped, for they could pose as another header."""
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    if key in environ:
        value = environ[key] + (";" if key == "HTTP_COOKIE" else ",") + value
    environ[key] = value


class Lifespan:
    """The lifespan protocol, for servers that speak it: calls `close` when the server stops."""

    def __init__(self, close: Callable[[], None]) -> None:
        self.close = close

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        while True:
            event = (await receive())["type"]
            if event == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif event == "lifespan.shutdown":
                await asyncio.get_running_loop().run_in_executor(None, self.close)
                await send({"type": "lifespan.shutdown.complete"})
                return
