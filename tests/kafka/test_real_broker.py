"""The outbox against a real Apache Kafka broker. Each test has topics of its own on one broker."""

from __future__ import annotations

import os
import signal
import threading
import time
import uuid

import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from pytest_django import Settings

from config import environment
from outbox.models import OutboxEvent
from outbox.producer import KafkaProducer
from outbox.relay import Relay
from tests.kafka.broker import PASSWORD, USER, Broker
from tests.outbox.events import (
    Arrived,
    CrashingRelay,
    all_sent,
    assert_complete,
    consumer,
    read,
    wait_until,
    without_doubles,
    write,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.kafka, pytest.mark.xdist_group("kafka")]

EVENTS, KEYS = 1000, 20


@pytest.fixture
def topic() -> str:
    return f"events-{uuid.uuid4().hex}"


def drain(producer: KafkaProducer | None = None) -> None:
    relay = Relay(producer or KafkaProducer())
    until = time.monotonic() + 60
    while not all_sent():
        relay.send_batch()
        assert time.monotonic() < until, list(OutboxEvent.objects.waiting().values_list("last_error")[:3])


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_thousand_events_and_a_broker_that_restarts(
    broker: Broker, topic: str, ending: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def publish(first: int, last: int) -> None:
        for number in range(first, last):
            write(f"skill-{number % KEYS}", number, topic)

    began = time.monotonic()
    with CrashingRelay(every=5, batch=25, patience_seconds=3) as relay:
        publish(0, EVENTS // 2)
        wait_until(lambda: OutboxEvent.objects.filter(published_at__isnull=False).count() > EVENTS // 8)
        restart = threading.Thread(target=lambda: (broker.stop(ending), broker.start()))
        restart.start()
        publish(EVENTS // 2, EVENTS)
        assert not all_sent()
        restart.join()
        up_again = time.monotonic()
        wait_until(all_sent)
        now = time.monotonic()
    arrived = read(broker.servers, topic, EVENTS)
    assert relay.crashes >= 5, "the relay crashed too seldom: this test proves nothing"
    assert_complete(arrived, list(OutboxEvent.objects.all()))
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{EVENTS} events, broker ended by {signal.Signals(ending).name}, {relay.crashes} crashes between send "
            f"and mark: {len(arrived)} raw, {len(without_doubles(arrived))} after event_id, "
            f"{now - began:.1f} s, drained {now - up_again:.1f} s after the broker answered"
        )


def test_a_group_reads_each_event_once_with_its_headers(broker: Broker, topic: str) -> None:
    written = {str(write(f"skill-{number % KEYS}", number, topic).event_id) for number in range(100)}
    drain()
    group = uuid.uuid4().hex
    readers = [consumer(broker.servers, topic, group) for _ in range(2)]
    seen: list[str] = []
    until = time.monotonic() + 30
    while len(seen) < len(written) and time.monotonic() < until:
        for reader in readers:
            message = reader.poll(0.1)
            if message and not message.error():
                headers = {name: value.decode() for name, value in message.headers()}
                assert set(headers) == {"event_id", "event_type", "schema_version", "occurred_at"}
                assert headers["event_type"] == topic
                seen.append(headers["event_id"])
                reader.commit(message, asynchronous=False)
    for reader in readers:
        reader.close()
    assert sorted(seen) == sorted(written), "each of the group's events once"
    assert read(broker.servers, topic, 0, group=group) == [], "the group has read everything"


def test_what_the_broker_finds_too_large_is_set_aside_and_its_neighbours_arrive(broker: Broker, topic: str) -> None:
    """The broker refuses whole requests; which message of one is too large shows only when they go one by one."""
    limit = NewTopic(topic, num_partitions=1, config={"max.message.bytes": "20000"})
    admin = AdminClient({"bootstrap.servers": broker.servers})
    admin.create_topics([limit])[topic].result(30)
    noise = os.urandom(30_000).hex()
    written = [write(f"skill-{number % 3}", number, topic, text=noise if number == 7 else "") for number in range(20)]
    drain()
    (poison,) = OutboxEvent.objects.set_aside()
    assert poison.pk == written[7].pk
    assert "too large" in poison.last_error
    assert_complete(read(broker.servers, topic, 19), [event for event in written if event.pk != poison.pk])


def sign_in(settings: Settings, broker: Broker, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """As an operator does: by the environment."""
    given = {
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "PLAIN",
        "KAFKA_SASL_USERNAME": USER,
        "KAFKA_SASL_PASSWORD": password,
        "KAFKA_SSL_CA": str(broker.certificate),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.KAFKA_BOOTSTRAP_SERVERS = broker.guarded
    settings.KAFKA_SECURITY = environment.kafka_security()


def test_signs_in_over_tls(broker: Broker, topic: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write("skill-1", 1, topic)
    sign_in(settings, broker, monkeypatch, PASSWORD)
    drain()
    arrived: list[Arrived] = read(broker.servers, topic)
    assert [one.event_id for one in arrived] == [str(written.event_id)]


def test_a_wrong_password_sends_nothing_and_says_so(
    broker: Broker, topic: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("skill-1", 1, topic)
    sign_in(settings, broker, monkeypatch, "wrong")
    assert Relay(KafkaProducer(patience_seconds=3)).send_batch().failed == 1
    event = OutboxEvent.objects.get()
    assert event.published_at is None
    assert "authentication" in event.last_error.lower()


def test_a_broker_without_our_trust_gets_nothing(broker: Broker, topic: str, settings: Settings) -> None:
    write("skill-1", 1, topic)
    settings.KAFKA_BOOTSTRAP_SERVERS = broker.guarded
    settings.KAFKA_SECURITY = {"security.protocol": "SSL"}
    assert Relay(KafkaProducer(patience_seconds=3)).send_batch().failed == 1
    assert "certificate" in OutboxEvent.objects.get().last_error.lower()
