from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from wsgiref.util import FileWrapper

import pytest

from config.bridge import MEMORY_LIMIT, Lifespan, WSGIBridge
from tests.config.asgi_client import Client, call

MAX_BODY = 2 * 1024 * 1024
PATIENCE_SECONDS = 10


def refuse(path: str, status: int) -> tuple[Mapping[str, str], bytes]:
    return {"Content-Type": "application/json"}, b'{"refused": %d}' % status


class Body:
    """What an application returns: chunks one by one, and a `close` that must always be called."""

    def __init__(self, *chunks: bytes | Exception | Callable[[], bytes]) -> None:
        self.chunks = chunks
        self.given = 0
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.given += 1
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk() if callable(chunk) else chunk

    def close(self) -> None:
        self.closed.set()


class Stream:
    """A body without an end of its own."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks

    def close(self) -> None:
        self.closed.set()


class Application:
    """A WSGI application that answers what a test puts into it and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = [("Content-Type", "text/plain")]
        self.answer: Callable[[dict[str, Any]], Iterable[bytes]] = lambda environ: [b"hello"]
        self.environ: dict[str, Any] = {}
        self.threads: set[threading.Thread] = set()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.environ = environ
        self.threads.add(threading.current_thread())
        result = self.answer(environ)
        start_response(self.status, self.headers)
        return result


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def bridge(application: Application) -> Iterator[WSGIBridge]:
    bridge = WSGIBridge(application, threads=2, max_body=MAX_BODY, refuse=refuse)
    yield bridge
    bridge.close()


def test_passes_status_headers_and_body(bridge: WSGIBridge, application: Application) -> None:
    application.status = "201 Created"
    application.headers = [("X-Thing", "é"), ("Set-Cookie", "a=1"), ("Content-Length", "5")]
    reply = call(bridge, "GET", "/")
    assert (reply.status, reply.body, reply.complete) == (201, b"hello", True)
    assert reply.headers == {"x-thing": "é", "set-cookie": "a=1", "content-length": "5"}
    assert len(reply.chunks) == 1


def test_builds_the_environment_of_pep_3333(bridge: WSGIBridge, application: Application) -> None:
    client = Client("POST", "/a%20b/%C3%A9%2Fc?x=1&y=%20", (b"body",), content_type="text/plain", accept="a")
    client.scope["headers"] += [(b"accept", b"b"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x_user_id", b"spoofed")]
    client.scope["root_path"] = "/evil"
    asyncio.run(client.call(bridge))
    environ = application.environ
    assert environ["PATH_INFO"] == "/a b/é/c".encode().decode("latin-1")
    assert environ["SCRIPT_NAME"] == ""
    assert environ["QUERY_STRING"] == "x=1&y=%20"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "4")
    assert (environ["HTTP_ACCEPT"], environ["HTTP_COOKIE"]) == ("a,b", "a=1;b=2")
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", "127.0.0.1", "80")
    assert "HTTP_X_USER_ID" not in environ


@pytest.mark.parametrize("piece_size", [1000, MEMORY_LIMIT, MAX_BODY])
def test_gives_the_application_the_whole_body(bridge: WSGIBridge, application: Application, piece_size: int) -> None:
    sent = bytes(range(256)) * (MAX_BODY // 256)
    pieces = [sent[start : start + piece_size] for start in range(0, len(sent), piece_size)]
    application.answer = lambda environ: [environ["wsgi.input"].read()]
    reply = call(bridge, "POST", "/", *pieces)
    assert reply.body == sent
    assert application.environ["CONTENT_LENGTH"] == str(len(sent))
    assert application.environ["wsgi.input"].closed


@pytest.mark.parametrize(
    ("pieces", "headers"),
    [
        pytest.param([b"x" * (MAX_BODY + 1)], {}, id="in one piece"),
        pytest.param([b"x" * 1024] * (MAX_BODY // 1024 + 1), {}, id="in many pieces"),
        pytest.param([b"x"], {"content_length": str(MAX_BODY + 1)}, id="announced"),
    ],
)
def test_refuses_larger_bodies(
    bridge: WSGIBridge, application: Application, pieces: list[bytes], headers: dict[str, str]
) -> None:
    reply = call(bridge, "POST", "/", *pieces, **headers)
    assert (reply.status, reply.json) == (413, {"refused": 413})
    assert reply.headers["content-length"] == str(len(reply.body))
    assert application.environ == {}


def test_head_has_headers_and_no_body(bridge: WSGIBridge, application: Application) -> None:
    body = Body(b"hello")
    application.headers = [("Content-Length", "5")]
    application.answer = lambda environ: body
    reply = call(bridge, "HEAD", "/")
    assert (reply.status, reply.headers, reply.body, reply.complete) == (200, {"content-length": "5"}, b"", True)
    assert body.closed.is_set()


def test_streams_what_has_no_length_as_it_comes(bridge: WSGIBridge, application: Application) -> None:
    """The second chunk is made only after the first was received."""
    received = threading.Event()

    def second() -> bytes:
        assert received.wait(PATIENCE_SECONDS)
        return b"second"

    body = Body(b"first", second)
    application.answer = lambda environ: body

    async def scenario() -> Client:
        client = Client("GET", "/")
        running = asyncio.create_task(client.call(bridge))
        while not client.reply.chunks:
            await asyncio.sleep(0)
        assert not client.reply.complete
        received.set()
        await running
        return client

    reply = asyncio.run(scenario()).reply
    assert reply.body == b"firstsecond"
    assert reply.complete
    assert body.closed.is_set()


def test_streams_files_in_large_chunks(bridge: WSGIBridge, application: Application) -> None:
    content = bytes(range(256)) * 8192
    file = io.BytesIO(content)
    application.headers = [("Content-Length", str(len(content)))]
    application.answer = lambda environ: environ["wsgi.file_wrapper"](file, 4096)
    reply = call(bridge, "GET", "/file")
    assert application.environ["wsgi.file_wrapper"] is FileWrapper
    assert reply.body == content
    assert len(reply.chunks) < 50
    assert file.closed


def test_stops_a_stream_when_the_client_leaves(bridge: WSGIBridge, application: Application) -> None:
    left = threading.Event()

    def endless() -> Iterator[bytes]:
        yield b"first"
        assert left.wait(PATIENCE_SECONDS)
        while True:
            yield b"more"

    stream = Stream(endless())
    application.answer = lambda environ: stream

    async def scenario() -> Client:
        client = Client("GET", "/")
        running = asyncio.create_task(client.call(bridge))
        while not client.reply.chunks:
            await asyncio.sleep(0)
        client.disconnect()
        await asyncio.sleep(0.01)
        left.set()
        await asyncio.wait_for(running, PATIENCE_SECONDS)
        assert await asyncio.to_thread(stream.closed.wait, PATIENCE_SECONDS)
        return client

    client = asyncio.run(scenario())
    assert not client.reply.complete


def test_stops_a_stream_when_the_server_gives_up(bridge: WSGIBridge, application: Application) -> None:
    """As daphne does with clients that left, and with everyone when it stops: the call is cancelled."""
    stream = Stream(iter(lambda: b"more", b""))
    application.answer = lambda environ: stream

    async def scenario() -> None:
        running = asyncio.create_task(Client("GET", "/").call(bridge))
        await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await asyncio.to_thread(stream.closed.wait, PATIENCE_SECONDS)

    asyncio.run(scenario())


def test_asks_the_application_nothing_when_the_client_left_before_the_end_of_its_request(
    bridge: WSGIBridge, application: Application
) -> None:
    client = Client("POST", "/", (b"part", b"never sent"))
    client.inbox.get_nowait()
    client.inbox.get_nowait()
    client.inbox.put_nowait({"type": "http.request", "body": b"part", "more_body": True})
    client.disconnect()
    assert asyncio.run(client.call(bridge)).status == 0
    assert application.environ == {}


def test_answers_500_where_the_application_raises(
    bridge: WSGIBridge, application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(environ: dict[str, Any]) -> Iterable[bytes]:
        raise LookupError("broken")

    application.answer = fail
    reply = call(bridge, "GET", "/")
    assert (reply.status, reply.json) == (500, {"refused": 500})
    assert "broken" in caplog.text
    assert application.environ["wsgi.input"].closed


def test_answers_500_where_a_short_body_breaks(bridge: WSGIBridge, application: Application) -> None:
    body = Body(b"half", LookupError("broken"))
    application.headers = [("Content-Length", "8")]
    application.answer = lambda environ: body
    assert call(bridge, "GET", "/").status == 500
    assert body.closed.is_set()


def test_ends_a_stream_that_breaks(
    bridge: WSGIBridge, application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    body = Body(b"half", LookupError("broken"))
    application.answer = lambda environ: body
    reply = call(bridge, "GET", "/")
    assert (reply.status, reply.body, reply.complete) == (200, b"half", True)
    assert "broken" in caplog.text
    assert body.closed.is_set()


def test_runs_many_requests_on_few_threads(bridge: WSGIBridge, application: Application) -> None:
    async def scenario() -> list[int]:
        replies = await asyncio.gather(*(Client("GET", "/").call(bridge) for _ in range(200)))
        return [reply.status for reply in replies]

    assert asyncio.run(scenario()) == [200] * 200
    assert len(application.threads) <= 2


def test_leaves_no_thread_after_the_shutdown(application: Application) -> None:
    bridge = WSGIBridge(application, threads=2, max_body=MAX_BODY, refuse=refuse)
    application.answer = lambda environ: [str(time.sleep(0.05)).encode()]
    sent: list[dict[str, Any]] = []

    async def scenario() -> None:
        await asyncio.gather(*(Client("GET", "/").call(bridge) for _ in range(4)))
        events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> dict[str, Any]:
            return next(events)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await Lifespan(bridge.close)({"type": "lifespan"}, receive, send)

    asyncio.run(scenario())
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert len(application.threads) == 2
    assert not any(thread.is_alive() for thread in application.threads)
