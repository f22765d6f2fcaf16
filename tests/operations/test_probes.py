"""/healthz, /readyz and /metrics: what they say when things are gone, to whom, and how little they ask."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.operations.conftest import Sees

NOBODY = "127.0.0.1:1"


def ready() -> tuple[int, dict]:
    """Each client has middleware of its own, so nothing is remembered."""
    answer = Http().get("/readyz")
    return answer.status_code, answer.json()


def test_the_process_answers_without_a_database() -> None:
    """pytest-django refuses every query of a test without the mark."""
    for path in ("/healthz", "/healthz/"):
        answer = Http().get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": "0.1.0"})
        assert answer["Cache-Control"] == "no-store"
        assert answer["Date"].endswith("GMT")


@pytest.mark.django_db
def test_ready(alive: Sees) -> None:
    assert ready() == (
        200,
        {
            "status": "ready",
            "checks": {
                "database": "reachable",
                "migrations": "applied",
                "redis": "reachable",
                "beat": "alive",
                "worker": "alive",
                "embedder": "alive",
                "kafka": "off",
            },
        },
    )


@pytest.mark.django_db(transaction=True)
def test_without_a_database_it_is_not_ready(alive: Sees, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "no-such-database")
    try:
        assert ready() == (503, {"status": "unready", "checks": {"database": "unreachable"}})
    finally:
        connection.close()


@pytest.mark.django_db
def test_without_its_tables_it_is_not_ready(alive: Sees) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs' AND name LIKE '0002%'")
    status, told = ready()
    assert (status, told["status"], told["checks"]["migrations"]) == (503, "unready", "1 missing")


@pytest.mark.django_db
def test_without_redis_it_is_degraded(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"redis://:hunter2@{NOBODY}/0"}}
    status, told = ready()
    assert (status, told["status"], told["checks"]["redis"]) == (200, "degraded", "gone")
    assert "hunter2" not in json.dumps(told)


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Takes connections and says nothing, as a frozen machine does."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.django_db
def test_a_redis_that_hangs_holds_up_no_probe(settings: Settings, silent_server: str) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"redis://{silent_server}/0"}}
    begun = time.monotonic()
    status, told = ready()
    assert time.monotonic() - begun < 4, "half a second, but for a slow machine; redis-py's own patience is 5 s"
    assert (status, told["status"], told["checks"]["redis"]) == (200, "degraded", "gone")


@pytest.mark.django_db
def test_without_a_worker_it_is_degraded(alive: Sees) -> None:
    alive(worker=300)
    status, told = ready()
    assert (status, told["status"], told["checks"]["worker"]) == (200, "degraded", "silent")


@pytest.mark.django_db
def test_while_kafka_is_gone_it_is_degraded(alive: Sees, settings: Settings) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = NOBODY
    alive(relay="Kafka did not take the events.")
    status, told = ready()
    assert (status, told["status"], told["checks"]["relay"]) == (200, "degraded", "in trouble")


@pytest.mark.django_db
def test_many_probes_ask_little(alive: Sees) -> None:
    probe = Http()
    with CaptureQueriesContext(connection) as first:
        probe.get("/readyz")
    assert 0 < len(first) <= 6
    with CaptureQueriesContext(connection) as others:
        for _ in range(20):
            probe.get("/readyz")
    assert not len(others), "an answer is good for a second"


def test_a_probe_calls_by_address_and_without_tls(settings: Settings) -> None:
    """A kubelet or Prometheus knows an address, no name; the same call of a page is refused."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["guildhall.example"], True
    caller = Http(headers={"host": "10.1.2.3:8000"})
    assert caller.get("/healthz").status_code == 200
    assert caller.get("/catalogue/").status_code in (301, 400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_only_looking_is_allowed(path: str) -> None:
    assert Http().post(path).status_code == 405


@pytest.mark.django_db
class TestWhoMayScrape:
    def status(self, address: str = "127.0.0.1", **headers: str) -> int:
        return Http(REMOTE_ADDR=address, headers=headers).get("/metrics").status_code

    def test_this_machine_alone(self) -> None:
        assert self.status() == self.status("::1") == 200
        assert self.status("10.0.0.1") == self.status("") == 404

    def test_a_proxy_on_this_machine_speaks_for_others(self, settings: Settings) -> None:
        assert self.status(**{"X-Forwarded-For": "127.0.0.1"}) == self.status(Forwarded="for=127.0.0.1") == 404
        settings.BEHIND_TLS_PROXY = True
        assert self.status() == 404

    def test_who_has_the_token(self, settings: Settings) -> None:
        settings.METRICS_TOKEN = "a-token-for-prometheus"
        assert self.status("10.0.0.1", Authorization="Bearer a-token-for-prometheus") == 200
        for wrong in ("", "Bearer", "Bearer wrong", "Bearer ä"):
            assert self.status("127.0.0.1", Authorization=wrong) == 404, "being here is not enough any more"
