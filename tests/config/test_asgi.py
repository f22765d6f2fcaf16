"""The one port: the real application over ASGI, and once over daphne and a socket."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, connections

from config.asgi import application, bridge
from tests.config.asgi_client import Client, call
from tests.conftest import Tenant


def test_http_reaches_django() -> None:
    reply = call(application, "GET", "/health")
    assert (reply.status, reply.json["status"]) == (200, "ok")
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-request-id"]
    assert len(reply.chunks) == 1


def test_head_of_django() -> None:
    reply = call(application, "HEAD", "/nothing")
    assert (reply.status, reply.body) == (404, b"")
    assert int(reply.headers["content-length"]) > 0


def test_too_large_bodies_are_refused_in_the_dialect() -> None:
    size = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert call(application, "POST", "/agent/api/skills/search", content_length=size).json == {
        "error": "Request Entity Too Large"
    }
    assert call(application, "POST", "/api/v1/skills", content_length=size).json["detail"] == "Request Entity Too Large"


def test_websockets_are_refused() -> None:
    with pytest.raises(ValueError, match="No application configured for scope type 'websocket'"):
        asyncio.run(application({"type": "websocket", "path": "/"}, None, None))


def test_lifespan_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    lifespan = application.application_mapping["lifespan"]
    monkeypatch.setattr(lifespan, "close", lambda: closed.append(True))
    client = Client("GET", "/")
    sent: list[str] = []

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    async def scenario() -> None:
        for event in ("lifespan.startup", "lifespan.shutdown"):
            client.inbox.put_nowait({"type": event})
        await application({"type": "lifespan"}, client.inbox.get, send)

    asyncio.run(scenario())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert closed == [True]


@pytest.mark.django_db(transaction=True)
def test_each_thread_keeps_its_connection(jane: Tenant, threads: int) -> None:
    def connected() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return int(cursor.fetchone()[0])

    async def requests() -> list[int]:
        headers = {"authorization": jane.headers["Authorization"]}
        calls = (Client("GET", "/agent/api/skills", **headers).call(application) for _ in range(40))
        return [reply.status for reply in await asyncio.gather(*calls)]

    before = connected()
    assert asyncio.run(requests()) == [200] * 40
    opened = connected() - before
    assert 1 <= opened <= threads
    assert asyncio.run(requests()) == [200] * 40
    assert connected() - before <= threads


@pytest.fixture
def threads() -> Iterator[int]:
    """How many there are. Their connections outlive a request and would keep the test database from being dropped."""
    number = bridge.pool._max_workers
    yield number
    barrier = threading.Barrier(number)

    def close() -> None:
        barrier.wait(10)
        connections.close_all()

    for future in [bridge.pool.submit(close) for _ in range(number)]:
        future.result(10)


@pytest.mark.slow
def test_daphne_serves_it(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def request(method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()

    assert json.loads(request("GET", "/health")[1])["status"] == "ok"
    assert request("HEAD", "/health") == (200, b"")
    assert request("GET", "/agent/api/skills")[0] == 401
    status, body = request("POST", "/api/v1/skills", b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert (status, json.loads(body)["detail"]) == (413, "Request Entity Too Large")
    status, style = request("GET", "/static/admin/css/base.css")
    assert (status, len(style) > 1000) == (200, True)
    connection.close()
