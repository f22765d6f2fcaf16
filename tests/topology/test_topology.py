"""2 webs, 3 workers, 2 relays and 2 beats on one PostgreSQL and one Redis, as docs/explanation/scaling.md has it."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import ExitStack

import httpx
import pytest

from accounts.actor import Actor
from jobs.models import Job
from outbox.models import OutboxEvent
from taxonomy.services import load_default_tree
from tests.api.fleet.streams.sse_client import numbers, parse
from tests.chaos.conftest import house  # noqa: F401 - a fixture
from tests.chaos.house import House, calling, wait_until
from tests.chaos.work import assert_all_done_once, people, wait_until_all_ended
from tests.conftest import Tenant
from tests.outbox.conftest import MockKafka, cluster  # noqa: F401 - a fixture
from tests.outbox.events import all_sent, assert_complete, read, without_doubles, write

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

WEBS, WORKERS, RELAYS, BEATS = 2, 3, 2, 2
JOBS, EVENTS = 24, 200
TAKEOVER_SECONDS = 15
TICKS = "this clock ticks now"


class Topology:
    """All of them, started together."""

    def __init__(self, stack: ExitStack, house: House, kafka: str) -> None:  # noqa: F811
        self.house = house
        self.beats = {
            name: stack.enter_context(house.running(name, "celery", "-A", "config", "beat", "-l", "INFO", "--pidfile="))
            for name in _names("beat", BEATS)
        }
        self.relays = [
            stack.enter_context(house.running(name, "manage", "relay_outbox", KAFKA_BOOTSTRAP_SERVERS=kafka))
            for name in _names("relay", RELAYS)
        ]
        for name in _names("worker", WORKERS):
            stack.enter_context(house.worker(name))
        self.webs = [stack.enter_context(house.web()) for _ in range(WEBS)]

    def ticking(self) -> list[str]:
        """The beats that ever said that they tick."""
        return [name for name in self.beats if TICKS in self.house.said(name)]

    def working(self) -> list[str]:
        """The workers that finished tasks."""
        return [name for name in _names("worker", WORKERS) if "succeeded in" in self.house.said(name)]


def _names(kind: str, count: int) -> list[str]:
    return [f"{kind}-{number}" for number in range(count)]


def create(client: httpx.Client, number: int) -> str:
    body = {"task_description": f"Write a skill about checking release number {number}", "enable_hitl_confirm": True}
    answer = client.post("/api/v1/skills", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["job_id"])


def kill(child: subprocess.Popen[bytes]) -> float:
    """When it was killed."""
    child.send_signal(signal.SIGKILL)
    return time.monotonic()


def test_each_does_its_share_and_the_next_takes_over(
    house: House,  # noqa: F811
    cluster: MockKafka,  # noqa: F811
    system: Actor,
    jane: Tenant,
    capsys: pytest.CaptureFixture[str],
) -> None:
    load_default_tree(actor=system)
    with ExitStack() as stack:
        all_of_them = Topology(stack, house, cluster.servers)
        one, other = [stack.enter_context(calling(url, jane)) for url in all_of_them.webs]
        stack.enter_context(people(jane.actor))
        began = time.monotonic()
        jobs = [create((one, other)[number % WEBS], number) for number in range(JOBS)]
        first = Job.objects.get(pk=jobs[0])
        with other.stream("GET", f"/api/v1/jobs/{first.pk}/events", timeout=120) as stream:
            told = parse(b"".join(stream.iter_raw()))
        wait_until_all_ended()
        seconds = time.monotonic() - began
        assert_all_done_once(JOBS)
        assert numbers(told) == list(first.events.values_list("seq", flat=True)), "one web's job, watched at the other"
        assert len(all_of_them.working()) == WORKERS

        [ticks] = all_of_them.ticking()
        killed = kill(all_of_them.beats[ticks])
        wait_until(lambda: len(all_of_them.ticking()) == BEATS, "the other beat ticks", TAKEOVER_SECONDS)
        beat_seconds = time.monotonic() - killed

        for number in range(EVENTS):
            write(f"skill-{number % 10}", number)
            if number == EVENTS // 2:
                killed = kill(all_of_them.relays[0])
        wait_until(all_sent, "the other relay sends", TAKEOVER_SECONDS)
        relay_seconds = time.monotonic() - killed
        arrived = read(cluster.servers, at_least=EVENTS)
    assert len(without_doubles(arrived)) == EVENTS
    assert_complete(arrived, list(OutboxEvent.objects.all()))
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{WEBS} webs, {WORKERS} workers, {RELAYS} relays, {BEATS} beats: {JOBS} jobs in {seconds:.0f} s; "
            f"the next beat ticks {beat_seconds:.1f} s after a kill, all is sent {relay_seconds:.1f} s after one"
        )
