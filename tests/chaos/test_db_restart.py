"""T9. PostgreSQL stops and starts again, politely and not: callers get 503 in their contract's shape, workers live."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.db import connection

from accounts.actor import Actor
from accounts.models import Client
from config.environment import database
from embedded.errors import Refused
from embedded.postgres import Postgres
from embedded.servers import passing_folder
from taxonomy.services import load_default_tree
from tests.chaos.house import House, Store, calling, wait_until
from tests.chaos.plan import Measured, trials
from tests.chaos.work import all_ended, assert_all_done_once, first_active, request_of, states
from tests.conftest import Tenant, make_tenant

pytestmark = [pytest.mark.plan("T9"), pytest.mark.slow, pytest.mark.xdist_group("processes")]

JOBS, RESTARTS = trials(8, full=100), trials(2, full=5)
PAUSE_SECONDS = trials(3, full=5), trials(5, full=15)
DOWN_SECONDS = 1.5
PATIENCE_SECONDS = 240
KEYS_OF_ERRORS = {
    "/api/v1/jobs": {"detail", "error", "request_id"},
    "/api/code/v1/skills": {"success", "error"},
    "/agent/api/skills": {"error"},
}


@pytest.fixture
def postgres(house: House) -> Iterator[Store]:
    """A server of the test's own, with the schema. The house and the test itself move to it."""
    with passing_folder() as folder:
        folder.logs.mkdir()
        try:
            server = Postgres(folder)
        except Refused as refusal:
            pytest.skip(str(refusal))

        def process():
            server.prepare()
            return server.process()

        store = Store(process, house.logs / "postgres.log")
        store.start()
        server.create_database()
        house.environment["DATABASE_URL"] = server.url
        try:
            with moved_to(server.url):
                call_command("migrate", verbosity=0)
                yield store
        finally:
            store.end(signal.SIGINT)


@contextmanager
def moved_to(url: str) -> Iterator[None]:
    """The test's own connection, on another server."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({name: value for name, value in database(url).items() if name != "OPTIONS"})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


class Customers:
    """Make jobs, answer their questions and look around, without a pause; what is refused with 503 they try again."""

    def __init__(self, url: str, tenant: Tenant) -> None:
        self.url, self.tenant = url, tenant
        self.statuses: Counter[int] = Counter()
        self.wrong: list[tuple[str, int, str]] = []
        self.made = 0
        self._done = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._work, args=[turn]) for turn in (self._make, self._answer, self._look)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._done.set()
            for thread in threads:
                thread.join()

    def _work(self, turn) -> None:
        with calling(self.url, self.tenant) as client:
            while not self._done.wait(0.05):
                turn(client)

    def _call(self, client: httpx.Client, method: str, path: str, **more: Any) -> Any:
        """The body of a good answer; None for one that says to come back."""
        answer = client.request(method, path, **more)
        self.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            return answer.json()
        shape = next((keys for start, keys in KEYS_OF_ERRORS.items() if path.startswith(start[:8])), set())
        if answer.status_code != 503 or set(answer.json()) != shape or "Retry-After" not in answer.headers:
            self.wrong.append((path, answer.status_code, answer.text[:300]))
        return None

    def _make(self, client: httpx.Client) -> None:
        if self.made == JOBS:
            return
        task = {"task_description": request_of(self.made)["task_description"], "enable_hitl_confirm": True}
        key = {"Idempotency-Key": f"job-{self.made}"}
        self.made += self._call(client, "POST", "/api/v1/skills", json=task, headers=key) is not None

    def _answer(self, client: httpx.Client) -> None:
        waiting = self._call(client, "GET", "/api/v1/jobs?status=pending_hitl&limit=100")
        for job in waiting["jobs"] if waiting else ():
            self._call(client, "POST", f"/api/v1/hitl/{job['job_id']}/response", json={"action": "proceed"})

    def _look(self, client: httpx.Client) -> None:
        for path in KEYS_OF_ERRORS:
            self._call(client, "GET", path)


def processes_of(worker: int) -> list[str]:
    return Path(f"/proc/{worker}/task/{worker}/children").read_text().split()


def test_postgresql_restarts(house: House, postgres: Store, measured: Measured) -> None:
    Client.objects.get_or_create(pk="system", defaults={"name": "System", "is_system": True})
    load_default_tree(actor=Actor("system", "system", role="admin"))
    jane = make_tenant("42", "jane", "Jane Doe")
    dice = random.Random(9)
    with house.beat(), house.worker() as worker, house.web() as url:
        wait_until(lambda: len(processes_of(worker.pid)) >= 2, "the worker has its processes")
        before = processes_of(worker.pid)
        customers = Customers(url, jane)
        with customers.at_work():
            for turn in range(RESTARTS):
                time.sleep(dice.uniform(*PAUSE_SECONDS))
                postgres.end(signal.SIGQUIT if turn % 2 else signal.SIGINT)
                connection.close()
                time.sleep(DOWN_SECONDS)
                postgres.start()
            back = time.monotonic()
            until = back + PATIENCE_SECONDS
            while customers.made < JOBS or not all_ended():
                assert time.monotonic() < until, (customers.made, states(), first_active())
                time.sleep(0.2)
        assert processes_of(worker.pid) == before, "a process of the worker died"
        assert worker.poll() is None
    assert_all_done_once(JOBS)
    assert customers.wrong == []
    assert customers.statuses[503] > 0, "nobody noticed: this test proves nothing"
    measured(
        f"{JOBS} jobs, {RESTARTS} restarts (fast, immediate), {customers.statuses.total()} requests",
        f"{JOBS} done once {time.monotonic() - back:.0f} s after the last one, {customers.statuses[503]} x 503 in "
        "shape, 0 x 500, no process died",
    )
