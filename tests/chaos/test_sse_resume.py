"""T8. Streams are cut at random bytes, writers write, Redis dies once: who resumes has every event once, in order."""

from __future__ import annotations

import asyncio
import random
import threading
import time

import httpx
import pytest
from django.db import connections, transaction

from jobs import services
from jobs.events import append_event
from jobs.models import Job
from jobs.runner import finish
from jobs.states import EventKind, State
from tests.api.fleet.streams.sse_client import numbers, parse
from tests.chaos.house import House
from tests.chaos.plan import Measured, trials
from tests.conftest import Tenant

pytestmark = [pytest.mark.plan("T8"), pytest.mark.slow, pytest.mark.xdist_group("processes")]

JOBS, VIEWERS_A_JOB = trials(3, full=10), trials(3, full=5)
EVENTS, WRITERS = trials(40, full=100), 4
CUTS_A_STREAM = 4
SECONDS_BETWEEN_EVENTS = 0.02
PATIENCE_SECONDS = 120
LONGEST_PIECE = 3000


class Viewer:
    """Reads a job's events as a browser does; is cut off at random bytes and resumes with the last id it has."""

    def __init__(self, client: httpx.AsyncClient, job: Job, seed: int) -> None:
        self.client, self.job, self.dice = client, job, random.Random(seed)
        self.seen: list[int] = []
        self.cuts = self.refused = 0
        self.ended = False

    async def watch(self) -> None:
        while not self.ended:
            try:
                await self._listen(
                    cut_after=self.dice.randrange(1, LONGEST_PIECE) if self.cuts < CUTS_A_STREAM else None
                )
            except httpx.TransportError:
                await asyncio.sleep(0.2)

    async def _listen(self, cut_after: int | None) -> None:
        headers = {"Last-Event-ID": str(self.seen[-1])} if self.seen else {}
        received = b""
        async with self.client.stream("GET", f"/api/v1/jobs/{self.job.pk}/events", headers=headers) as answer:
            if answer.status_code == 429:  # the server has not yet noticed that we left
                self.refused += 1
                await asyncio.sleep(0.5)
                return
            assert answer.status_code == 200, await answer.aread()
            async for piece in answer.aiter_raw():
                received += piece
                if cut_after is not None and len(received) >= cut_after:
                    self.cuts += 1
                    received = received[:cut_after]  # what came beyond the cut came to nobody
                    break
        messages = parse(received[: received.rfind(b"\n\n") + 2])
        self.seen += numbers(messages)
        self.ended = any(message.type == "[DONE]" for message in messages)


def write(jobs: list[Job], redis_is_cut: threading.Event, house: House) -> None:
    """Four writers at once on all jobs; each commits one event after the other. In the middle Redis dies."""
    left = [job for job in jobs for _ in range(EVENTS - 2)]  # the job's own first and last event come on top
    random.Random(8).shuffle(left)
    lock = threading.Lock()

    def work() -> None:
        try:
            while True:
                with lock:
                    if not left:
                        return
                    job = left.pop()
                    if len(left) == JOBS * EVENTS // 2:
                        house.redis.end()
                        threading.Timer(1, house.redis.start).start()
                        redis_is_cut.set()
                with transaction.atomic():
                    locked = Job.objects.select_for_update().get(pk=job.pk)
                    append_event(locked, EventKind.RETRIED, f"{len(left)} to go")
                time.sleep(SECONDS_BETWEEN_EVENTS)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in jobs:
        with transaction.atomic():
            finish(Job.objects.select_for_update().get(pk=job.pk), State.COMPLETED, "Done")
    connections.close_all()


async def watch_all(url: str, jane: Tenant, jobs: list[Job], writing: threading.Thread) -> list[Viewer]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, headers=jane.headers, timeout=60, limits=limits) as client:
        viewers = [Viewer(client, job, seed) for seed, job in enumerate(jobs * VIEWERS_A_JOB)]
        writing.start()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*(viewer.watch() for viewer in viewers))
    return viewers


def test_nothing_is_lost_by_who_resumes(
    house: House, jane: Tenant, monkeypatch: pytest.MonkeyPatch, measured: Measured
) -> None:
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)
    request = {"task_description": "Write a skill that many people watch"}
    jobs = [services.start_job(actor=jane.actor, request=request) for _ in range(JOBS)]
    redis_is_cut = threading.Event()
    writing = threading.Thread(target=write, args=[jobs, redis_is_cut, house])
    began = time.monotonic()
    with house.web(STREAMS_PER_USER="1000") as url:
        viewers = asyncio.run(watch_all(url, jane, jobs, writing))
        writing.join()
    seconds = time.monotonic() - began
    for viewer in viewers:
        assert viewer.seen == list(range(1, EVENTS + 1))
    cuts = sum(viewer.cuts for viewer in viewers)
    assert cuts >= len(viewers) * CUTS_A_STREAM * 3 // 4, "too few cuts: this test proves little"
    assert redis_is_cut.is_set()
    measured(
        f"{len(viewers)} streams of {EVENTS} events, {cuts} cuts, {WRITERS} writers, Redis restarted once",
        f"0 lost, 0 twice, in order; {seconds:.0f} s",
    )
