"""The outbox and its relay, against librdkafka's own mock cluster over TCP."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence

import orjson
import pytest
from confluent_kafka import Consumer, Producer
from django.db import transaction

from outbox.models import OutboxEvent
from outbox.producer import Delivery, KafkaProducer
from outbox.relay import relay_batch
from outbox.services import publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kafka(settings) -> Iterator[str]:
    cluster = Producer({"bootstrap.servers": "mock", "test.mock.num.brokers": 1})
    broker = next(iter(cluster.list_topics(timeout=10).brokers.values()))
    settings.KAFKA_BOOTSTRAP_SERVERS = f"{broker.host}:{broker.port}"
    yield settings.KAFKA_BOOTSTRAP_SERVERS
    del cluster


def write(key: str, number: int, topic: str = "extension_saved") -> OutboxEvent:
    with transaction.atomic():
        return publish(topic=topic, key=key, payload={"n": number})


def read(servers: str, count: int) -> list[tuple[str, dict, str]]:
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": uuid.uuid4().hex,
            "auto.offset.reset": "earliest",
            "group.protocol": "consumer",
        }
    )
    consumer.subscribe(["extension_saved"])
    seen = []
    until = time.monotonic() + 20
    while len(seen) < count and time.monotonic() < until:
        message = consumer.poll(0.2)
        if message and not message.error():
            headers = dict(message.headers())
            seen.append((message.key().decode(), orjson.loads(message.value()), headers["event_id"].decode()))
    consumer.close()
    return seen


def test_events_arrive_in_the_order_of_their_key(kafka: str) -> None:
    written = [write(key, number) for number in range(5) for key in ("a", "b")]
    producer = KafkaProducer()
    assert relay_batch(producer) == 10
    assert relay_batch(producer) == 0
    assert not OutboxEvent.objects.filter(published_at=None).exists()
    seen = read(kafka, 10)
    for key in ("a", "b"):
        assert [payload["n"] for name, payload, _ in seen if name == key] == list(range(5))
    assert {event_id for _, _, event_id in seen} == {str(event.event_id) for event in written}


def test_what_cannot_be_sent_now_stays_and_arrives_later(settings, kafka: str) -> None:
    write("a", 1)
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1"
    producer = KafkaProducer()
    import outbox.producer

    outbox.producer.DELIVERY_TIMEOUT_MS, timeout = 1000, outbox.producer.DELIVERY_TIMEOUT_MS
    try:
        assert relay_batch(producer) == 0
    finally:
        outbox.producer.DELIVERY_TIMEOUT_MS = timeout
    event = OutboxEvent.objects.get()
    assert (event.published_at, event.attempts) == (None, 1)
    assert event.last_error
    settings.KAFKA_BOOTSTRAP_SERVERS = kafka
    assert relay_batch(producer) == 1


class FailingProducer:
    """Fails the deliveries that a test names."""

    def __init__(self, *failures: Delivery) -> None:
        self.failures = {failure.event_pk: failure for failure in failures}

    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]:
        return [self.failures.get(event.pk, Delivery(event.pk)) for event in events]


def test_behind_a_failure_a_key_waits_and_others_go_on() -> None:
    first, second, other = write("a", 1), write("a", 2), write("b", 1)
    assert relay_batch(FailingProducer(Delivery(first.pk, "broker away"))) == 1
    waiting = list(OutboxEvent.objects.filter(published_at=None).values_list("pk", flat=True))
    assert waiting == [first.pk, second.pk]
    assert OutboxEvent.objects.get(pk=other.pk).published_at


def test_a_message_that_can_never_be_sent_is_set_aside() -> None:
    poison, after = write("a", 1), write("a", 2)
    assert relay_batch(FailingProducer(Delivery(poison.pk, "too large", poison=True))) == 1
    row = OutboxEvent.objects.get(pk=poison.pk)
    assert row.set_aside_at
    assert row.last_error == "too large"
    assert OutboxEvent.objects.get(pk=after.pk).published_at
    assert relay_batch(FailingProducer()) == 0


def test_an_event_that_is_too_large_is_poison(kafka: str, settings) -> None:
    settings.KAFKA_MESSAGE_MAX_BYTES = 1000
    with transaction.atomic():
        publish(topic="extension_saved", key="a", payload={"content": "x" * 5000})
    assert relay_batch(KafkaProducer()) == 0
    assert OutboxEvent.objects.get().set_aside_at


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
