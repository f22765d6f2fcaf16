"""Kafka frozen for 15 s while people publish, and a relay that keeps dying between send and mark."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from outbox.models import OutboxEvent
from outbox.services import oldest_unsent_seconds
from tests.outbox.conftest import MockKafka
from tests.outbox.events import CrashingRelay, all_sent, assert_complete, read, wait_until, without_doubles, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.xdist_group("chaos")]

EVENTS, KEYS, FROZEN_SECONDS = 200, 10, 15
BEFORE = 40


def test_kafka_frozen_while_people_publish(cluster: MockKafka, capsys: pytest.CaptureFixture[str]) -> None:
    """An outage hits publishers in nothing: the slowest of them is not much slower than an INSERT."""
    waited: list[float] = []

    def publish(number: int) -> None:
        began = time.monotonic()
        write(f"skill-{number % KEYS}", number)
        waited.append(time.monotonic() - began)

    with CrashingRelay(every=3) as relay:
        for number in range(BEFORE):
            publish(number)
            time.sleep(0.02)
        cluster.process.send_signal(signal.SIGSTOP)
        thaw = threading.Timer(FROZEN_SECONDS, cluster.process.send_signal, [signal.SIGCONT])
        thaw.start()
        frozen = time.monotonic()
        for number in range(BEFORE, EVENTS):
            publish(number)
            time.sleep(0.06)
        assert time.monotonic() - frozen < FROZEN_SECONDS, "publishing outlasted the outage: this test proves nothing"
        assert oldest_unsent_seconds() > 5
        thaw.join()
        thawed = time.monotonic()
        wait_until(all_sent)
        drained = time.monotonic() - thawed
    arrived = read(cluster.servers, at_least=EVENTS)
    assert relay.crashes > 5, "the relay crashed too seldom: this test proves nothing"
    assert_complete(arrived, list(OutboxEvent.objects.all()))
    assert drained < 30
    waited.sort()
    assert waited[int(EVENTS * 0.99)] < 0.5
    with capsys.disabled():
        print(  # noqa: T201
            f"\nKafka frozen {FROZEN_SECONDS} s, {relay.crashes} crashes between send and mark: {len(arrived)} raw, "
            f"{len(without_doubles(arrived))} after event_id, drained in {drained:.1f} s, "
            f"slowest publish {waited[-1] * 1000:.0f} ms"
        )
