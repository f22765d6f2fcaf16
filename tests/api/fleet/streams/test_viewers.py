"""Any number of viewers, cut off and resumed, with and without Redis, also over daphne."""

from __future__ import annotations

import asyncio
import http.client
import threading
import time
from typing import Any

import pytest
from pytest_django import Settings

from api import listening
from api.fleet.streams import JobStream
from config.asgi import application
from jobs import bell, services
from jobs.events import append_event
from jobs.models import Job
from jobs.states import Action, EventKind
from tests.api.fleet.streams.conftest import (
    TEXT,
    advance,
    answer,
    complete,
    get,
    headers_of,
    log_of,
    path_of,
    until,
    viewer_of,
    work,
)
from tests.api.fleet.streams.sse_client import Viewer, numbers, parse, text_of
from tests.config.asgi_client import Client
from tests.conftest import Tenant

pytestmark = pytest.mark.django_db(transaction=True)


class TestViewers:
    def test_eight_viewers_cut_five_times_see_the_same(self, job: Job, jane: Tenant) -> None:
        """Each is cut off after every second event, five times, while the job runs and waits."""

        async def watch(viewer: Viewer) -> None:
            for _ in range(5):
                await viewer.watch(cut_after=2)
                await asyncio.sleep(0.01)
            await viewer.watch()

        async def scenario() -> list[Viewer]:
            viewers = [viewer_of(job, jane) for _ in range(8)]
            watching = [asyncio.create_task(watch(viewer)) for viewer in viewers]
            await work(lambda: advance(job))
            await work(lambda: answer(job, jane, Action.REVISE))
            await work(lambda: complete(job, jane))
            await asyncio.wait_for(asyncio.gather(*watching), 30)
            return viewers

        viewers = asyncio.run(scenario())
        assert len(log_of(job)) > 12
        for viewer in viewers:
            assert numbers(viewer.messages) == log_of(job)
            assert viewer.messages[-1].type == "[DONE]"
        told = [[message.data for message in viewer.messages if message.id] for viewer in viewers]
        assert told.count(told[0]) == 8
        assert {text_of(viewer.messages) for viewer in viewers} == {f"Round 2\n{TEXT}"}

    def test_before_during_and_after(self, job: Job, jane: Tenant) -> None:
        async def scenario() -> list[Viewer]:
            before, during, after = (viewer_of(job, jane) for _ in range(3))
            watching = [asyncio.create_task(before.watch())]
            await until(lambda: bool(before.messages))
            await work(lambda: advance(job))
            watching.append(asyncio.create_task(during.watch()))
            await until(lambda: "hitl_required" in [message.type for message in during.messages])
            await work(lambda: answer(job, jane))
            await work(lambda: advance(job))
            await asyncio.wait_for(asyncio.gather(*watching), 10)
            await after.watch()
            return [before, during, after]

        viewers = asyncio.run(scenario())
        assert [numbers(viewer.messages) for viewer in viewers] == [log_of(job)] * 3
        assert [text_of(viewer.messages) for viewer in viewers] == [f"Round 1\n{TEXT}"] * 3

    def test_both_addresses_and_both_ways_to_resume(self, job: Job, jane: Tenant) -> None:
        complete(job, jane)
        everything = log_of(job)
        for path in (path_of(job), path_of(job) + "/", f"/api/v1/jobs/{job.pk}/events"):
            assert numbers(parse(get(path, **headers_of(jane)).body)) == everything
        resumed = get(path_of(job), last_event_id="3", **headers_of(jane))
        assert numbers(parse(resumed.body)) == everything[3:]
        resumed = get(path_of(job) + "?last_event_id=5", **headers_of(jane))
        assert numbers(parse(resumed.body)) == everything[5:]
        at_the_end = parse(get(f"{path_of(job)}?last_event_id={everything[-1]}", **headers_of(jane)).body)
        assert [message.type for message in at_the_end] == ["status", "complete", "[DONE]"]

    def test_an_open_question_is_told_again_on_resuming(self, job: Job, jane: Tenant) -> None:
        advance(job)
        so_far = len(log_of(job))

        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            await viewer.watch(cut_after=so_far)
            viewer.messages = [message for message in viewer.messages if message.id]
            watching = asyncio.create_task(viewer.watch())
            await until(lambda: "hitl_pause" in [message.type for message in viewer.messages])
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
            await watching
            return viewer

        viewer = asyncio.run(scenario())
        kinds = [message.type for message in viewer.messages]
        assert (kinds.count("hitl_required"), kinds.count("hitl_pause")) == (1, 1)

    def test_a_viewer_that_does_not_read_holds_nobody_up(self, job: Job, jane: Tenant) -> None:
        async def scenario() -> Viewer:
            stuck, reading = Client("GET", path_of(job), **headers_of(jane)), viewer_of(job, jane)

            async def block(message: dict[str, Any]) -> None:
                await asyncio.Event().wait()

            stuck.send = block  # type: ignore[method-assign]
            stuck_task = asyncio.create_task(stuck.call(application))
            watching = asyncio.create_task(reading.watch())
            await work(lambda: complete(job, jane))
            await asyncio.wait_for(watching, 10)
            assert not stuck_task.done()
            stuck.disconnect()
            await asyncio.wait_for(stuck_task, 5)
            return reading

        assert numbers(asyncio.run(scenario()).messages) == log_of(job)


class TestWithoutRedis:
    @pytest.fixture(autouse=True)
    def _away(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        nowhere = "unix:///nowhere/redis.sock"
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": nowhere}}
        layer = settings.CHANNEL_LAYERS["default"]
        settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "hosts": [nowhere]}}}
        monkeypatch.setattr(listening, "REREAD_SECONDS", 0.1)

    def test_everything_comes_by_reading_again(self, job: Job, jane: Tenant) -> None:
        async def scenario() -> list[Viewer]:
            viewers = [viewer_of(job, jane) for _ in range(2)]
            watching = [asyncio.create_task(viewer.watch()) for viewer in viewers]
            await until(lambda: all(viewer.messages for viewer in viewers))
            await work(lambda: complete(job, jane))
            await asyncio.wait_for(asyncio.gather(*watching), 20)
            return viewers

        for viewer in asyncio.run(scenario()):
            assert numbers(viewer.messages) == log_of(job)
            assert text_of(viewer.messages) == f"Round 1\n{TEXT}"

    def test_rings_are_heard_again_when_it_is_back(
        self, job: Job, jane: Tenant, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        away = settings.CHANNEL_LAYERS

        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            watching = asyncio.create_task(viewer.watch())
            await until(lambda: bool(viewer.messages))
            hosts = [settings.REDIS_URL]
            settings.CHANNEL_LAYERS = {
                "default": {**away["default"], "CONFIG": {**away["default"]["CONFIG"], "hosts": hosts}}
            }
            await until(lambda: not JobStream.hub._unheard)
            monkeypatch.setattr(listening, "REREAD_SECONDS", 60.0)
            await asyncio.sleep(0.3)
            monkeypatch.setattr(bell, "_silent_until", 0.0)
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
            await asyncio.wait_for(watching, 5)
            return viewer

        assert numbers(asyncio.run(scenario()).messages) == [1, 2]


def test_what_redis_lost_is_read_after_a_while(job: Job, jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "REREAD_SECONDS", 0.2)

    async def scenario() -> Viewer:
        viewer = viewer_of(job, jane)
        watching = asyncio.create_task(viewer.watch())
        await until(lambda: bool(viewer.messages))
        monkeypatch.setattr(bell, "publish", lambda *_: False)
        await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
        await asyncio.wait_for(watching, 5)
        return viewer

    assert numbers(asyncio.run(scenario()).messages) == [1, 2]


def test_events_appended_by_hand_are_heard(job: Job, jane: Tenant) -> None:
    """Four writers at once: the numbers follow the commits."""

    async def scenario() -> Viewer:
        viewer = viewer_of(job, jane)
        watching = asyncio.create_task(viewer.watch())
        await until(lambda: bool(viewer.messages))

        def append() -> None:
            for number in range(10):
                with services.transaction.atomic():
                    append_event(services.get_job(jane.actor, job.pk), EventKind.RETRIED, str(number))

        await asyncio.gather(*(work(append) for _ in range(4)))
        await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
        await asyncio.wait_for(watching, 10)
        return viewer

    assert numbers(asyncio.run(scenario()).messages) == list(range(1, 43))


@pytest.mark.slow
def test_daphne_streams_it(port: int, job: Job, jane: Tenant) -> None:
    """Eight viewers over sockets, each cut five times, while the job is worked on in this process."""
    results: list[list[Any]] = []

    def watch() -> None:
        told: list[Any] = []
        for cut_after in (1, 2, 1, 3, 2, None):
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            cursor = max(numbers(told), default=0)
            client.request("GET", path_of(job), headers={**jane.headers, "Last-Event-ID": str(cursor)})
            response = client.getresponse()
            assert response.status == 200
            body, seen = b"", len(told)
            while line := response.readline():
                body += line
                told[seen:] = parse(body)
                if cut_after and len(numbers(told[seen:])) >= cut_after:
                    break
            client.close()
        results.append(told)

    viewers = [threading.Thread(target=watch) for _ in range(8)]
    for viewer in viewers:
        viewer.start()
    time.sleep(0.5)
    advance(job)
    time.sleep(0.3)
    answer(job, jane)
    advance(job)
    for viewer in viewers:
        viewer.join(30)
    assert len(results) == 8
    for told in results:
        assert numbers(told) == log_of(job)
        assert told[-1].type == "[DONE]"
        assert text_of(told) == f"Round 1\n{TEXT}"
