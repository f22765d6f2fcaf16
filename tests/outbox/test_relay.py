"""The outbox and its relay, against librdkafka's own mock cluster over TCP."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from outbox import relay as relay_module
from outbox.models import OutboxEvent
from outbox.producer import Delivery, KafkaProducer
from outbox.relay import Relay
from outbox.services import publish
from tests.outbox.events import assert_complete, read, write

pytestmark = pytest.mark.django_db(transaction=True)


def test_events_arrive_in_the_order_of_their_key(kafka: str) -> None:
    written = [write(key, number) for number in range(5) for key in ("a", "b")]
    relay = Relay(KafkaProducer())
    assert relay.send_batch().delivered == 10
    assert relay.send_batch().idle
    assert not OutboxEvent.objects.filter(published_at=None).exists()
    seen = read(kafka, at_least=10)
    assert len(seen) == 10
    assert_complete(seen, written)
    assert seen[0].headers.keys() == {"event_id", "event_type", "schema_version", "occurred_at"}


def test_what_cannot_be_sent_now_stays_and_arrives_later(settings, kafka: str) -> None:
    write("a", 1)
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1"
    producer = KafkaProducer(patience_seconds=1)
    assert Relay(producer).send_batch().failed == 1
    event = OutboxEvent.objects.get()
    assert (event.published_at, event.attempts) == (None, 1)
    assert "refused" in event.last_error
    settings.KAFKA_BOOTSTRAP_SERVERS = kafka
    assert Relay(KafkaProducer()).send_batch().delivered == 1
    event.refresh_from_db()
    assert (event.attempts, event.last_error) == (2, "")


class FailingProducer:
    """Fails the deliveries that a test names."""

    def __init__(self, *failures: Delivery) -> None:
        self.failures = {failure.event_pk: failure for failure in failures}
        self.sizes: list[int] = []

    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]:
        self.sizes.append(len(events))
        return [self.failures.get(event.pk, Delivery(event.pk)) for event in events]


def test_behind_a_failure_a_key_waits_and_others_go_on() -> None:
    first, second, other = write("a", 1), write("a", 2), write("b", 1)
    assert Relay(FailingProducer(Delivery(first.pk, "broker away"))).send_batch().delivered == 1
    waiting = list(OutboxEvent.objects.filter(published_at=None).values_list("pk", flat=True))
    assert waiting == [first.pk, second.pk]
    assert OutboxEvent.objects.get(pk=other.pk).published_at


def test_a_message_that_can_never_be_sent_is_set_aside() -> None:
    poison, after = write("a", 1), write("a", 2)
    assert Relay(FailingProducer(Delivery(poison.pk, "too large", poison=True))).send_batch().delivered == 1
    row = OutboxEvent.objects.get(pk=poison.pk)
    assert row.set_aside_at
    assert row.last_error == "too large"
    assert OutboxEvent.objects.get(pk=after.pk).published_at
    assert Relay(FailingProducer()).send_batch().idle


def test_an_event_that_is_too_large_is_poison(kafka: str, settings) -> None:
    settings.KAFKA_MESSAGE_MAX_BYTES = 1000
    with transaction.atomic():
        publish(topic="extension_saved", key="a", payload={"content": "x" * 5000})
    assert Relay(KafkaProducer()).send_batch().set_aside == 1
    assert "too large" in OutboxEvent.objects.get().last_error


def test_an_event_belongs_to_the_transaction_of_its_change() -> None:
    with pytest.raises(RuntimeError):
        publish(topic="t", key="k", payload={})
    try:
        with transaction.atomic():
            publish(topic="t", key="k", payload={})
            raise ValueError
    except ValueError:
        pass
    assert not OutboxEvent.objects.exists()


def test_behind_poison_that_waits_for_its_turn_nothing_is_set_aside() -> None:
    """The first of the key did not arrive: poison behind it is looked at again when its turn has come."""
    first, poison = write("a", 1), write("a", 2)
    failing = FailingProducer(Delivery(first.pk, "broker away"), Delivery(poison.pk, "too large", poison=True))
    assert Relay(failing).send_batch().failed == 2
    assert not OutboxEvent.objects.set_aside().exists()


class RefusingProducer:
    """As a broker: refuses a request in which a poisonous event is, whole."""

    def __init__(self, poison: int) -> None:
        self.poison = poison
        self.sizes: list[int] = []

    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]:
        self.sizes.append(len(events))
        if self.poison not in {event.pk for event in events}:
            return [Delivery(event.pk) for event in events]
        return [Delivery(event.pk, "too large", poison=True, alone=len(events) == 1) for event in events]


def test_who_is_poison_shows_when_they_go_one_by_one() -> None:
    events = [write("a", number) for number in range(5)]
    producer = RefusingProducer(events[2].pk)
    relay = Relay(producer)
    assert relay.send_batch().suspicious
    while not relay.send_batch().idle:
        pass
    assert producer.sizes == [5, 1, 1, 1, 1, 1]
    assert list(OutboxEvent.objects.set_aside().values_list("pk", flat=True)) == [events[2].pk]
    assert OutboxEvent.objects.filter(published_at__isnull=False).count() == 4
    write("a", 6), write("a", 7)
    relay.send_batch()
    assert producer.sizes[-1] == 2


def test_who_is_behind_sends_more_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        write("a", number)
    producer = FailingProducer()
    relay = Relay(producer, batch=4, largest=10)
    while not relay.send_batch().idle:
        pass
    assert producer.sizes == [4, 8, 10, 10, 8]
    monkeypatch.setattr(relay_module, "BATCH_BYTES", 200)
    for number in range(5):
        write("a", number, text="x" * 100)
    relay.send_batch()
    assert producer.sizes[-1] == 1


class Holding:
    """Has a batch in its hands until it is told how that ends."""

    def __init__(self) -> None:
        self.has_it = threading.Event()
        self.may_end = threading.Event()
        self.dies = False

    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]:
        self.has_it.set()
        self.may_end.wait(30)
        if self.dies:
            connection.close()  # as a killed process: nobody ends the transaction
            raise ConnectionAbortedError
        return [Delivery(event.pk) for event in events]


@pytest.mark.parametrize("dies", [False, True], ids=["lives", "dies"])
def test_of_two_relays_only_one_sends_and_the_other_takes_over(dies: bool) -> None:
    write("a", 1)
    first, second = Holding(), FailingProducer()
    first.dies = dies

    def hold() -> None:
        try:
            Relay(first).send_batch()
        except Exception:
            assert dies
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        holding = pool.submit(hold)
        assert first.has_it.wait(30)
        waiting = Relay(second)
        assert waiting.send_batch().idle
        assert second.sizes == []
        first.may_end.set()
        holding.result(30)
        until = time.monotonic() + 30
        while not OutboxEvent.objects.filter(published_at__isnull=False).exists():
            waiting.send_batch()
            assert time.monotonic() < until
    assert second.sizes == ([1] if dies else [])


def test_a_subject_has_one_publisher_at_a_time() -> None:
    """Ids are given out before commits happen; of one key the second publisher waits for the first one's commit."""
    second_wrote = threading.Event()

    def second() -> None:
        write("a", 2)
        second_wrote.set()
        connection.close()

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            publish(topic="t", key="a", payload={"n": 1})
            later = pool.submit(second)
            write("b", 1)  # another subject waits for nobody
            assert not second_wrote.wait(0.3)
        later.result(30)
    keys = list(OutboxEvent.objects.filter(key="a").order_by("id").values_list("payload__n", flat=True))
    assert keys == [1, 2]


def test_an_event_is_published_or_set_aside() -> None:
    event = write("a", 1)
    with pytest.raises(IntegrityError):
        OutboxEvent.objects.filter(pk=event.pk).update(published_at=timezone.now(), set_aside_at=timezone.now())
