"""T7. Kafka is frozen while people publish, and the relay keeps dying between sending and marking (see also
tests/kafka, where a real broker restarts)."""

from __future__ import annotations

import signal
import threading
import time
from collections import defaultdict
from collections.abc import Iterable

import pytest
from django.test import Client
from pytest_django import Settings

from outbox.models import OutboxEvent
from outbox.services import oldest_unsent_seconds
from skills.models import Skill
from tests.chaos.plan import FULL, Measured, trials
from tests.conftest import Tenant
from tests.marketplace.conftest import make
from tests.outbox.conftest import MockKafka, cluster
from tests.outbox.events import CrashingRelay, all_sent, read, wait_until, without_doubles

pytestmark = [
    pytest.mark.plan("T7"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.xdist_group("processes"),
]
__all__ = ["cluster"]

EVENTS, KEYS = trials(80, full=200), 10
FROZEN_SECONDS = trials(6, full=15)
BEFORE = EVENTS // 5
CRASH_EVERY = 3
SLOWEST_P99 = 0.5 if FULL else 2.0  # beside other tests it waits for a processor, not for Kafka
TOPIC = "extensions"  # one for both kinds, so that the order between them shows


def by_key(events: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The ids of each key's events, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, event_id in events:
        found[key].append(event_id)
    return found


class Publisher:
    """Publishes and unpublishes skills in turn, over HTTP, so that each call makes an event."""

    def __init__(self, tenant: Tenant) -> None:
        self.client = Client(headers=tenant.headers)
        self.skills: list[Skill] = [make(tenant.actor, f"Skill {number}") for number in range(KEYS)]
        self.seconds: list[float] = []

    def call(self, number: int) -> None:
        verb = "unpublish" if number // KEYS % 2 else "publish"
        began = time.monotonic()
        answer = self.client.post(f"/agent/api/skills/{self.skills[number % KEYS].pk}/{verb}")
        self.seconds.append(time.monotonic() - began)
        assert answer.status_code == 200, answer.content


def test_kafka_frozen_while_people_publish(
    jane: Tenant,
    cluster: MockKafka,
    settings: Settings,
    measured: Measured,
) -> None:
    settings.KAFKA_TOPICS = dict.fromkeys(settings.KAFKA_TOPICS, TOPIC)
    publisher = Publisher(jane)
    with CrashingRelay(every=CRASH_EVERY) as relay:
        for number in range(BEFORE):
            publisher.call(number)
        cluster.process.send_signal(signal.SIGSTOP)
        thaw = threading.Timer(FROZEN_SECONDS, cluster.process.send_signal, [signal.SIGCONT])
        thaw.start()
        frozen = time.monotonic()
        for number in range(BEFORE, EVENTS):
            publisher.call(number)
        assert time.monotonic() - frozen < FROZEN_SECONDS, "publishing outlasted the outage: this test proves nothing"
        thaw.join()
        assert oldest_unsent_seconds() > FROZEN_SECONDS / 3
        thawed = time.monotonic()
        wait_until(all_sent)
        drained = time.monotonic() - thawed
    arrived = read(cluster.servers, TOPIC, EVENTS)
    kept = without_doubles(arrived)
    assert relay.crashes > EVENTS // 40, "the relay crashed too seldom: this test proves nothing"
    assert by_key((one.key, one.event_id) for one in kept) == by_key(
        (key, str(event_id)) for key, event_id in OutboxEvent.objects.order_by("id").values_list("key", "event_id")
    )
    assert len(kept) == EVENTS
    slowest = sorted(publisher.seconds[BEFORE:])[int((EVENTS - BEFORE) * 0.99)]
    assert drained < 30
    assert slowest < SLOWEST_P99
    measured(
        f"{EVENTS} events, {KEYS} keys, frozen {FROZEN_SECONDS} s, {relay.crashes} crashes",
        f"{len(arrived)} raw, {len(kept)} after event_id, drained in {drained:.1f} s, "
        f"publish p99 {slowest * 1000:.0f} ms in the outage",
    )
