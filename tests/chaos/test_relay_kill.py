"""kill -9 of relay processes while they drain: nothing lost, order kept, doubles only with the same event_id."""

from __future__ import annotations

import os
import signal
import time

import pytest
from django.db import connection

from outbox.models import OutboxEvent
from outbox.relay import LARGEST_BATCH
from tests.chaos.house import House
from tests.chaos.plan import Measured, trials
from tests.outbox.conftest import MockKafka, cluster  # noqa: F401 - a fixture
from tests.outbox.events import all_sent, assert_complete, read, wait_until, without_doubles, write

pytestmark = [
    pytest.mark.plan("T7"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.xdist_group("processes"),
]

EVENTS, KEYS, KILLS = trials(1000, full=6000), 40, trials(1, full=4)


def relay(house: House, servers: str, name: str = "relay"):
    return house.running(name, "manage", "relay_outbox", KAFKA_BOOTSTRAP_SERVERS=servers)


def sent() -> int:
    return OutboxEvent.objects.filter(published_at__isnull=False).count()


def write_many(first: int, last: int) -> None:
    """As `publish` would have, one commit after the other."""
    for number in range(first, last):
        write(f"skill-{number % KEYS}", number)


def test_relays_are_killed_while_they_drain(
    house: House,
    cluster: MockKafka,  # noqa: F811
    measured: Measured,
) -> None:
    """Two at a time, so that another takes over while the next one starts."""
    write_many(0, EVENTS // 4)
    began = time.monotonic()
    written = EVENTS // 4
    with relay(house, cluster.servers):
        for _ in range(KILLS):
            with relay(house, cluster.servers) as victim:
                before = sent()
                write_many(written, written + EVENTS // 8)
                written += EVENTS // 8
                wait_until(lambda before=before: sent() > before)
                os.killpg(victim.pid, signal.SIGKILL)
        write_many(written, EVENTS)
    with relay(house, cluster.servers):
        wait_until(all_sent)
        seconds = time.monotonic() - began
    arrived = read(cluster.servers, at_least=EVENTS)
    assert_complete(arrived, list(OutboxEvent.objects.all()))
    doubles = len(arrived) - len(without_doubles(arrived))
    assert doubles <= (KILLS + 1) * LARGEST_BATCH
    measured(
        f"{EVENTS} events, {KILLS + 1} relays killed",
        f"{len(arrived)} raw, {EVENTS} after event_id, {seconds:.0f} s",
    )


def test_a_relay_killed_in_the_middle_of_a_batch_is_replaced(
    house: House,
    cluster: MockKafka,  # noqa: F811
) -> None:
    """Kafka is frozen, so the first relay has its batch in its hands; it dies, the second one finishes the work."""
    os.kill(cluster.process.pid, signal.SIGSTOP)
    write_many(0, 50)
    with relay(house, cluster.servers) as first:
        wait_until(relay_holds_the_lock)
        with relay(house, cluster.servers):
            os.killpg(first.pid, signal.SIGKILL)
            os.kill(cluster.process.pid, signal.SIGCONT)
            wait_until(all_sent)
    assert_complete(read(cluster.servers, at_least=50), list(OutboxEvent.objects.all()))


def relay_holds_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE locktype = 'advisory' AND granted AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])
