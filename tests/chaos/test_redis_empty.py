"""T2. Workers are killed, and Redis dies too and comes back empty: the bell is lost, not the work. Creating goes on."""

from __future__ import annotations

import random
import time

import httpx
import pytest

from accounts.actor import Actor
from taxonomy.services import load_default_tree
from tests.chaos.house import House, calling
from tests.chaos.plan import FULL, Measured, trials
from tests.chaos.work import (
    all_ended,
    assert_all_done_once,
    people,
    recovered,
    request_of,
    start_jobs,
    wait_for_steps,
    wait_until_all_ended,
)
from tests.conftest import Tenant

pytestmark = [pytest.mark.plan("T2"), pytest.mark.slow, pytest.mark.xdist_group("processes")]

JOBS, KILLS, RESTARTS = trials(20, full=200), trials(1, full=6), trials(1, full=4)
CREATED_WITHOUT_REDIS = trials(5, full=20)
LIMIT_SECONDS = 300


class Shop:
    """Where jobs are made over HTTP while Redis is away."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.seconds: list[float] = []

    def create(self, count: int) -> None:
        for _ in range(count):
            began = time.monotonic()
            body = {"task_description": request_of(len(self.seconds))["task_description"], "enable_hitl_confirm": True}
            answer = self.client.post("/api/v1/skills", json=body)
            self.seconds.append(time.monotonic() - began)
            assert answer.status_code == 200, answer.text

    @property
    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]


def test_redis_dies_and_comes_back_empty(house: House, system: Actor, jane: Tenant, measured: Measured) -> None:
    load_default_tree(actor=system)
    created = CREATED_WITHOUT_REDIS * RESTARTS
    start_jobs(jane.actor, JOBS - created)
    dice = random.Random(9)
    began = time.monotonic()
    with house.web() as url, house.beat(), people(jane.actor), calling(url, jane) as client:
        shop = Shop(client)
        for turn in range(max(KILLS, RESTARTS)):
            with house.worker():
                wait_for_steps(dice.randrange(10, 60))
                if turn < RESTARTS:
                    house.redis.end()
                    shop.create(CREATED_WITHOUT_REDIS)
                    house.redis.start()
                    wait_for_steps(dice.randrange(10, 40))
        assert not all_ended(), "the jobs ended before all kills: this test proves nothing"
        with house.worker():
            wait_until_all_ended()
    seconds = time.monotonic() - began
    assert_all_done_once(JOBS)
    assert shop.p99 < 1
    measured(
        f"{JOBS} jobs, {max(KILLS, RESTARTS)} kills, {RESTARTS} times an empty Redis",
        f"{JOBS} done once in {seconds:.0f} s, {recovered()} taken over; {created} created without Redis, "
        f"p99 {shop.p99 * 1000:.0f} ms",
    )
    assert seconds < LIMIT_SECONDS or not FULL
