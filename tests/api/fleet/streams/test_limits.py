"""Who may not see a stream, how many there may be, and how they end."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from urllib.parse import quote

import pytest
from django.db import DatabaseError, connection
from pytest_django import Settings

from accounts.services import find_api_key, revoke_api_key
from api import streams
from api.fleet.streams import JobFeed, JobStream
from api.streams import PLACES
from config.asgi import application
from jobs import services
from jobs.models import Job
from tests.api.fleet.streams.conftest import complete, get, headers_of, log_of, path_of, refused, until, viewer_of, work
from tests.api.fleet.streams.sse_client import Viewer, numbers, parse
from tests.config.asgi_client import Client, Reply, call
from tests.conftest import Tenant

pytestmark = pytest.mark.django_db(transaction=True)


class TestRefusals:
    def refused(self, path: str, method: str = "GET", **headers: str) -> Reply:
        reply = refused(Client(method, path, **headers))
        assert set(reply.json) >= {"detail", "error", "request_id"}
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-request-id"] == reply.json["request_id"]
        return reply

    @pytest.mark.parametrize("value", ["x", "-1", "1.5", "2", "٣", "1e3", "9" * 30])
    def test_a_bad_cursor(self, job: Job, jane: Tenant, value: str) -> None:
        for path, headers in (
            (f"{path_of(job)}?last_event_id={quote(value)}", {}),
            (path_of(job), {} if value == "٣" else {"last_event_id": value}),
        ):
            if path.endswith("stream") and not headers:
                continue
            reply = self.refused(path, **headers, **headers_of(jane))
            assert reply.status == 400
            assert reply.json["detail"] == "Last-Event-ID must be a whole number from 0 to 1"

    def test_unknown_jobs(self, job: Job, jane: Tenant) -> None:
        for job_id in (str(uuid.uuid4()), "no-uuid"):
            reply = self.refused(f"/api/v1/skills/{job_id}/stream", **headers_of(jane))
            assert (reply.status, reply.json["detail"]) == (404, f"Job '{job_id}' not found")

    def test_a_foreign_job(self, job: Job, sam: Tenant) -> None:
        reply = self.refused(path_of(job), **headers_of(sam))
        assert (reply.status, reply.json["detail"]) == (404, f"Job '{job.pk}' not found")

    def test_no_credential_or_a_wrong_one(self, job: Job) -> None:
        for headers in ({}, {"authorization": "Bearer kam_wrong"}, {"x_user_id": "jane"}):
            reply = self.refused(path_of(job), **headers)
            assert reply.status == 401
            assert reply.headers["www-authenticate"] == 'Bearer realm="guildhall"'

    @pytest.mark.usefixtures("development")
    def test_development_needs_no_credential(self, job: Job, jane: Tenant) -> None:
        complete(job, jane)
        assert numbers(parse(get(path_of(job)).body)) == log_of(job)

    def test_other_methods(self, job: Job, jane: Tenant) -> None:
        reply = self.refused(path_of(job), "POST", **headers_of(jane))
        assert (reply.status, reply.headers["allow"]) == (405, "GET")
        reply = self.refused("/api/v1/skills/stream", **headers_of(jane))
        assert (reply.status, reply.headers["allow"]) == (405, "POST")

    def test_a_foreign_host(self, job: Job, jane: Tenant) -> None:
        client = Client("GET", path_of(job), **headers_of(jane))
        client.scope["headers"][0] = (b"host", b"evil.example")
        assert refused(client).status == 400

    def test_too_many_streams(self, job: Job, jane: Tenant, sam: Tenant, settings: Settings) -> None:
        settings.STREAMS_PER_USER = 2

        async def scenario() -> Reply:
            viewers = [viewer_of(job, jane) for _ in range(2)]
            watching = [asyncio.create_task(viewer.watch()) for viewer in viewers]
            await until(lambda: all(viewer.messages for viewer in viewers))
            third = Client("GET", path_of(job), **headers_of(jane))
            task = asyncio.create_task(third.call(application))
            await until(lambda: third.reply.complete)
            third.disconnect()
            await task
            other = Client("GET", path_of(job), **headers_of(sam))
            task = asyncio.create_task(other.call(application))
            await until(lambda: other.reply.complete)
            other.disconnect()
            await task
            assert other.reply.status == 404
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
            await asyncio.wait_for(asyncio.gather(*watching), 5)
            return third.reply

        reply = asyncio.run(scenario())
        assert reply.status == 429
        assert reply.headers["retry-after"] == "5"
        assert reply.json["detail"].startswith("You have too many streams open")
        assert PLACES._taken.total() == 0

    def test_a_full_process(self, job: Job, jane: Tenant, settings: Settings) -> None:
        settings.STREAMS_PER_PROCESS = 0
        reply = self.refused(path_of(job), **headers_of(jane))
        assert (reply.status, reply.headers["retry-after"]) == (429, "5")


class TestLongStreams:
    def test_heartbeats(self, job: Job, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)

        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            watching = asyncio.create_task(viewer.watch())
            await until(lambda: [message.type for message in viewer.messages].count("heartbeat") >= 3)
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
            await watching
            return viewer

        beats = [one for one in asyncio.run(scenario()).messages if one.type == "heartbeat"]
        assert {(beat.id, beat.data["sequence"]) for beat in beats} == {(None, -1)}
        assert abs(beats[0].data["timestamp"] - time.time()) < 60

    def test_a_stream_ends_after_a_while_and_is_resumed(self, job: Job, jane: Tenant, settings: Settings) -> None:
        settings.STREAM_MAX_SECONDS = 0.3
        viewer = viewer_of(job, jane)
        client = asyncio.run(viewer.watch())
        assert client.reply.complete
        assert "[DONE]" not in [message.type for message in viewer.messages]
        settings.STREAM_MAX_SECONDS = 60
        complete(job, jane)
        asyncio.run(viewer.watch())
        assert numbers(viewer.messages) == log_of(job)

    def test_a_revoked_key_ends_the_stream(self, job: Job, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streams, "RECHECK_SECONDS", 0.1)

        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            watching = asyncio.create_task(viewer.watch())
            await until(lambda: bool(viewer.messages))
            await asyncio.sleep(0.3)
            assert not watching.done()
            key = await work(lambda: find_api_key(jane.key))
            await work(lambda: revoke_api_key(actor=jane.actor, key=key))
            await asyncio.wait_for(watching, 5)
            return viewer

        assert "[DONE]" not in [message.type for message in asyncio.run(scenario()).messages]

    def test_looking_again_is_no_call(self, job: Job, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streams, "RECHECK_SECONDS", 0.05)
        counted: list[str] = []
        monkeypatch.setattr("api.views.spend", lambda name, subject: counted.append(name))
        checked: list[int] = []
        check = JobFeed.check
        monkeypatch.setattr(JobFeed, "check", lambda feed, actor: (checked.append(1), check(feed, actor)))

        async def scenario() -> None:
            watching = asyncio.create_task(viewer_of(job, jane).watch())
            await until(lambda: len(checked) >= 3)
            watching.cancel()
            await asyncio.wait([watching])

        asyncio.run(scenario())
        assert counted == ["reads", "calls"]

    def test_the_database_may_be_away_for_a_moment(
        self, job: Job, jane: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(streams, "_AGAIN_SECONDS", 0.05)
        complete(job, jane)
        read, failures = JobFeed.read, iter([DatabaseError("gone"), DatabaseError("gone")])

        def flaky(feed: JobFeed) -> bytes:
            if error := next(failures, None):
                raise error
            return read(feed)

        monkeypatch.setattr(JobFeed, "read", flaky)
        assert numbers(parse(get(path_of(job), **headers_of(jane)).body)) == log_of(job)

    def test_a_fault_ends_the_stream_and_leaves_nothing(
        self, job: Job, jane: Tenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(feed: JobFeed) -> bytes:
            raise ValueError("a fault")

        monkeypatch.setattr(JobFeed, "read", broken)
        reply = get(path_of(job), **headers_of(jane))
        assert (reply.status, reply.complete) == (200, True)
        assert PLACES._taken.total() == 0

    def test_nothing_is_left_of_a_hundred_streams(self, job: Job, jane: Tenant, settings: Settings) -> None:
        settings.STREAMS_PER_USER = 200

        def connected() -> int:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
                return int(cursor.fetchone()[0])

        async def scenario() -> tuple[int, int]:
            tasks = len(asyncio.all_tasks())
            clients = [Client("GET", path_of(job), **headers_of(jane)) for _ in range(100)]
            calls = [asyncio.create_task(client.call(application)) for client in clients]
            await until(lambda: all(parse(client.reply.body) for client in clients))
            open_connections = await work(connected)
            for client in clients:
                client.disconnect()
            await asyncio.wait_for(asyncio.gather(*calls), 10)
            left = [task for task in asyncio.all_tasks() if "_do_receiving" not in repr(task)]
            return open_connections, len(left) - tasks

        get(path_of(job) + "?last_event_id=x", **headers_of(jane))
        threads = threading.active_count()
        before = connected()
        during, tasks_left = asyncio.run(scenario())
        assert during - before <= settings.STREAM_THREADS + 1
        assert tasks_left == 0
        assert threading.active_count() - threads <= settings.STREAM_THREADS + 2
        assert JobStream.hub._listeners == {}
        assert PLACES._taken.total() == 0


def test_a_reply_needs_no_job_of_its_own() -> None:
    """The rest of the port is where it was."""
    assert call(application, "GET", "/health").status == 200
