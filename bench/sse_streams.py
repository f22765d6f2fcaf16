"""Holds many idle streams on one web process: memory of each, time to open them, time until an event reaches them.

    DATABASE_URL=... REDIS_URL=... python -m bench.sse_streams [--streams 1000] [--batch 50]

Runs on a database of its own beside the one in DATABASE_URL, with one job for each stream; ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

USER = "bench"
SECONDS = 120


def memory(pid: int) -> int:
    """Resident bytes."""
    with open(f"/proc/{pid}/statm") as figures:  # noqa: PTH123
        return int(figures.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu(pid: int) -> float:
    """Seconds of processor time so far."""
    with open(f"/proc/{pid}/stat") as figures:  # noqa: PTH123
        fields = figures.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def prepare(streams: int) -> tuple[str, list[str]]:
    """A key and the jobs, in the present database."""
    from accounts.actor import Actor
    from accounts.models import Client, User
    from accounts.services import issue_api_key
    from jobs.events import append_event
    from jobs.models import Job
    from jobs.states import EventKind

    client = Client.objects.create(id="bench", name="Bench")
    user = User.objects.create_user(USER, client=client, role="manager")
    _, key = issue_api_key(actor=Actor.for_user(user, "command"), user=user, name="bench")
    jobs = [Job.objects.create(client=client, owner=USER, request={}, plan=["clarify"]) for _ in range(streams)]
    for job in jobs:
        append_event(job, EventKind.QUEUED, "Waiting for a worker")
    return key, [str(job.pk) for job in jobs]


@contextlib.contextmanager
def daphne(database: str, streams: int, **more: str) -> Iterator[tuple[int, int]]:
    """One web process, with `more` in its environment; its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    environment = {
        **os.environ,
        "DATABASE_URL": base.rpartition("/")[0] + f"/{database}" + (f"?{query}" if query else ""),
        "STREAMS_PER_USER": str(streams + 10),
        "STREAMS_PER_PROCESS": str(streams + 10),
        **more,
    }
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "config.asgi:application"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    sys.exit("daphne did not start")
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


class Stream:
    """One connection; `heard` resolves with the moment at which the awaited text came."""

    def __init__(self, port: int, job_id: str, key: str) -> None:
        self.request = (
            f"GET /api/v1/skills/{job_id}/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n"
        ).encode()
        self.port = port
        self.ready = asyncio.Event()
        self.heard: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=8192)
        self.writer.write(self.request)
        self.reading = asyncio.create_task(self._read())
        await self.ready.wait()

    async def _read(self) -> None:
        while line := await self.reader.readline():
            if b'"type":"status"' in line and not self.ready.is_set():
                self.ready.set()
            if b"bench event" in line and not self.heard.done():
                self.heard.set_result(time.monotonic())

    async def close(self) -> None:
        self.writer.close()
        self.reading.cancel()
        await asyncio.gather(self.reading, return_exceptions=True)


async def measure(port: int, pid: int, key: str, jobs: list[str], batch: int) -> None:
    warm = [Stream(port, job_id, key) for job_id in jobs[:batch]]
    await asyncio.gather(*(stream.open() for stream in warm))
    await asyncio.gather(*(stream.close() for stream in warm))
    await asyncio.sleep(2)
    streams = [Stream(port, job_id, key) for job_id in jobs]
    empty, begun = memory(pid), time.monotonic()
    for start in range(0, len(streams), batch):
        await asyncio.gather(*(stream.open() for stream in streams[start : start + batch]))
    opened = time.monotonic() - begun
    await asyncio.sleep(2)
    full = memory(pid)
    print(f"opened {len(streams)} streams in {opened:.1f} s ({opened / len(streams) * 1000:.1f} ms each)")
    each = (full - empty) / len(streams) / 1024
    print(f"memory: {empty / 2**20:.1f} MiB -> {full / 2**20:.1f} MiB: {each:.1f} KiB each")
    before, wait = cpu(pid), 20.0
    await asyncio.sleep(wait)
    print(f"idle for {wait:.0f} s: {(cpu(pid) - before) / wait * 100:.1f} % of one core, heartbeats included")
    for name, part, pause in (("40 a second", slice(0, 200), 0.025), ("as fast as they commit", slice(200, None), 0.0)):
        sent = await asyncio.to_thread(tell, jobs[part], pause)
        moments = await asyncio.wait_for(asyncio.gather(*(stream.heard for stream in streams[part])), SECONDS)
        delays = sorted((moment - at) * 1000 for moment, at in zip(moments, sent, strict=True))
        tail = delays[int(len(delays) * 0.99)]
        print(f"{len(sent)} events, {name}, reached all: p50 {statistics.median(delays):.0f} ms, p99 {tail:.0f} ms")
    await asyncio.gather(*(stream.close() for stream in streams))
    await asyncio.sleep(3)
    print(f"after all have left: {memory(pid) / 2**20:.1f} MiB")


def tell(jobs: list[str], pause: float) -> list[float]:
    """Commits an event to each job; the moments of the commits."""
    from django.db import connections

    from jobs.events import append_event
    from jobs.models import Job
    from jobs.states import EventKind

    moments = []
    for job in Job.objects.in_bulk(jobs).values():
        append_event(job, EventKind.RETRIED, "bench event")
        moments.append((str(job.pk), time.monotonic()))
        time.sleep(pause)
    connections.close_all()
    by_id: dict[str, Any] = dict(moments)
    return [by_id[job_id] for job_id in jobs]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=50)
    options = parser.parse_args()

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import connection

    main_name = str(connection.settings_dict["NAME"])
    database = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        key, jobs = prepare(options.streams)
        connection.close()
        with daphne(database, options.streams) as (port, pid):
            limit = measure(port, pid, key, jobs, options.batch)
            asyncio.run(asyncio.wait_for(limit, SECONDS * 2))
    finally:
        connection.creation.destroy_test_db(main_name, verbosity=0)


if __name__ == "__main__":
    main()
