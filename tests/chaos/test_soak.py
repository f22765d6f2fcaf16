"""T14. Some minutes of mixed work: requests, streams, jobs. Nothing grows, nothing fails, nothing gets slow."""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import subprocess
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import httpx
import pytest
import redis
from django.db import connection

from accounts.actor import Actor
from jobs.models import Job
from taxonomy.services import load_default_tree
from tests.chaos.house import House
from tests.chaos.plan import FULL, Measured
from tests.chaos.work import people, request_of, start_jobs, states, wait_until_all_ended
from tests.conftest import Tenant
from tests.marketplace.conftest import make

pytestmark = [
    pytest.mark.plan("T14"),
    pytest.mark.skipif(not FULL, reason="takes minutes: `make chaos`"),
    pytest.mark.slow,
    pytest.mark.xdist_group("processes"),
]

SECONDS = int(os.environ.get("CHAOS_SOAK_SECONDS", "300"))
WARM_SECONDS = min(180, SECONDS * 2 // 5)
A_SECOND, STREAMS, SAMPLE_SECONDS = 20, 10, 10
MOST_MB_A_MINUTE, MOST_GROWTH, SLOWEST_P95 = 1.0, 0.10, 0.3
# Each running job has one of its own (jobs/liveness.py), and there are two processes to run them.
MOST_MORE_CONNECTIONS = 4
SKILLS = 50
JOB = ("POST", "/api/v1/skills")
MIX = (
    ("GET", "/api/v1/skills"),
    ("GET", "/api/v1/jobs?limit=20"),
    ("GET", "/api/code/v1/skills"),
    ("GET", "/agent/api/skills"),
    ("GET", "/api/v1/taxonomy"),
    ("GET", "/api/code/v1/skills/skill-1"),
    ("GET", "/api/v1/skills/skill-2"),
)
REQUESTS_A_JOB = 60


class Load:
    """`A_SECOND` requests a second, evenly, and streams of the newest jobs."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.streamed = 0
        self.jobs: list[str] = []

    async def run(self) -> None:
        began, tasks = time.monotonic(), set()
        streams = [asyncio.create_task(self._stream()) for _ in range(STREAMS)]
        for number in itertools.count():
            due = began + number / A_SECOND
            if due > began + SECONDS:
                break
            await asyncio.sleep(max(0, due - time.monotonic()))
            task = asyncio.create_task(self._request(number))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    async def _request(self, number: int) -> None:
        method, path = MIX[number % len(MIX)] if number % REQUESTS_A_JOB else JOB
        body = {"task_description": request_of(number)["task_description"], "enable_hitl_confirm": True}
        began = time.monotonic()
        answer = await self.client.request(method, path, json=body if method == "POST" else None)
        self.seconds.append(time.monotonic() - began)
        self.statuses[answer.status_code] += 1
        if (method, path) == JOB and answer.status_code == 200:
            self.jobs.append(answer.json()["job_id"])

    async def _stream(self) -> None:
        while True:
            if not self.jobs:
                await asyncio.sleep(0.5)
                continue
            async with self.client.stream("GET", f"/api/v1/jobs/{self.jobs[-1]}/events") as answer:
                self.statuses[answer.status_code] += 1
                async for piece in answer.aiter_bytes():
                    self.streamed += piece.count(b"\nid: ") + piece.startswith(b"id: ")
            await asyncio.sleep(0.5)


class Gauge:
    """Takes the size of each process group, the connections and Redis' keys, every ten seconds."""

    def __init__(self, groups: dict[str, subprocess.Popen[bytes]], store: redis.Redis) -> None:
        self.groups, self.store = groups, store
        self.sizes: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        self.connections: list[int] = []
        self.keys: list[int] = []
        self._began = time.monotonic()

    def take(self) -> None:
        now = time.monotonic() - self._began
        if now < WARM_SECONDS:
            return
        for name, process in self.groups.items():
            self.sizes[name].append((now / 60, megabytes(process.pid)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            self.connections.append(cursor.fetchone()[0])
        self.keys.append(self.store.dbsize())

    def slope(self, name: str) -> float:
        """MB a minute, by least squares."""
        minutes, sizes = zip(*self.sizes[name], strict=True)
        return statistics.linear_regression(minutes, sizes).slope

    def growth(self, name: str) -> float:
        sizes = [size for _, size in self.sizes[name]]
        return (statistics.median(sizes[-3:]) - statistics.median(sizes[:3])) / statistics.median(sizes[:3])


def megabytes(group: int) -> float:
    """Resident memory of a process and its children."""
    pids = [group, *map(int, Path(f"/proc/{group}/task/{group}/children").read_text().split())]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def press(url: str, jane: Tenant) -> Load:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
    async with httpx.AsyncClient(base_url=url, headers=jane.headers, timeout=60, limits=limits) as client:
        load = Load(client)
        await load.run()
    return load


def test_minutes_of_mixed_work(house: House, system: Actor, jane: Tenant, measured: Measured) -> None:
    load_default_tree(actor=system)
    for number in range(SKILLS):
        make(jane.actor, f"Skill {number}")
    store = redis.Redis.from_url(house.redis_url)
    with house.web(STREAMS_PER_USER="1000") as url, house.beat() as beat, house.worker() as worker, people(jane.actor):
        start_jobs(jane.actor, 2)
        gauge = Gauge({"web": house.children["web"], "worker": worker, "beat": beat}, store)
        done = threading.Event()
        loads: list[Load] = []
        pressing = threading.Thread(target=lambda: (loads.append(asyncio.run(press(url, jane))), done.set()))
        pressing.start()
        while not done.wait(SAMPLE_SECONDS) and pressing.is_alive():
            gauge.take()
        pressing.join()
        wait_until_all_ended()
    store.close()
    (load,) = loads
    slopes = {name: gauge.slope(name) for name in gauge.groups}
    growths = {name: gauge.growth(name) for name in gauge.groups}
    p95 = sorted(load.seconds)[int(len(load.seconds) * 0.95)]
    told = ", ".join(f"{name} {slopes[name]:+.2f} MB/min {growths[name]:+.1%}" for name in slopes)
    measured(
        f"{SECONDS} s, {len(load.seconds)} requests, {load.streamed} events streamed, {Job.objects.count()} jobs",
        f"{told}; connections {min(gauge.connections)}-{max(gauge.connections)}, Redis keys "
        f"{min(gauge.keys)}-{max(gauge.keys)}; statuses {dict(load.statuses)}; p95 {p95 * 1000:.0f} ms",
    )
    assert set(load.statuses) == {200}
    assert states() == {"completed": Job.objects.count()}
    assert load.streamed > 0
    assert all(slope < MOST_MB_A_MINUTE for slope in slopes.values()), slopes
    assert all(growth < MOST_GROWTH for growth in growths.values()), growths
    assert max(gauge.connections) - min(gauge.connections) <= MOST_MORE_CONNECTIONS
    assert p95 < SLOWEST_P95
