"""What tests of the outbox share: writing events, a relay that crashes between send and mark, reading what arrived."""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from confluent_kafka import Consumer
from django.db import connection, transaction

from outbox.models import OutboxEvent
from outbox.producer import Delivery, KafkaProducer
from outbox.relay import Relay
from outbox.services import publish

TOPIC = "extension_saved"


def write(key: str, number: int, topic: str = TOPIC, **more: Any) -> OutboxEvent:
    with transaction.atomic():
        return publish(topic=topic, key=key, payload={"n": number, **more})


def wait_until(happened: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def all_sent() -> bool:
    return not OutboxEvent.objects.waiting().exists()


@dataclass(frozen=True)
class Arrived:
    key: str
    payload: dict[str, Any]
    headers: dict[str, str]

    @property
    def event_id(self) -> str:
        return self.headers["event_id"]


def consumer(servers: str, topic: str = TOPIC, group: str = "", **more: Any) -> Consumer:
    reader = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": group or uuid.uuid4().hex,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            **more,
        }
    )
    reader.subscribe([topic])
    return reader


def read(servers: str, topic: str = TOPIC, at_least: int = 1, seconds: float = 30, **more: Any) -> list[Arrived]:
    """All that is in the topic, to the end of each partition; waits for `at_least` different ones."""
    reader = consumer(servers, topic, **more)
    seen: list[Arrived] = []
    ended: set[int] = set()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        message = reader.poll(0.2)
        if message is None:
            partitions = {one.partition for one in reader.assignment()}
            if len({one.event_id for one in seen}) >= at_least and partitions and partitions <= ended:
                break
        elif message.error():
            ended.add(message.partition())
        else:
            headers = {name: value.decode() for name, value in message.headers()}
            seen.append(Arrived(message.key().decode(), orjson.loads(message.value()), headers))
    reader.close()
    return seen


def without_doubles(arrived: Sequence[Arrived]) -> list[Arrived]:
    """What a consumer keeps that has seen an event_id before."""
    first: dict[str, Arrived] = {}
    for one in arrived:
        first.setdefault(one.event_id, one)
    return list(first.values())


def assert_complete(arrived: Sequence[Arrived], written: Sequence[OutboxEvent]) -> None:
    """Nothing lost, nothing out of order within its key, nothing twice after event_id."""
    kept = without_doubles(arrived)
    assert {one.event_id for one in kept} == {str(event.event_id) for event in written}, "lost, or never written"
    expected: defaultdict[str, list[int]] = defaultdict(list)
    got: defaultdict[str, list[int]] = defaultdict(list)
    for event in sorted(written, key=lambda event: event.pk):
        expected[event.key].append(event.payload["n"])
    for one in kept:
        got[one.key].append(one.payload["n"])
    assert got == expected


class Crash(Exception):
    """The relay dies here: what it sent is not marked."""


class CrashingProducer(KafkaProducer):
    """Every `every`-th batch of all is sent, and then the relay dies."""

    batches = 0
    crashes = 0

    def __init__(self, every: int, patience_seconds: float) -> None:
        super().__init__(patience_seconds)
        self._every = every

    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]:
        deliveries = super().send(events)
        type(self).batches += 1
        if type(self).batches % self._every == 0 and not any(delivery.error for delivery in deliveries):
            type(self).crashes += 1
            raise Crash
        return deliveries


class CrashingRelay:
    """A relay in a thread, with small batches; after each crash comes one that knows nothing of the one before."""

    def __init__(self, every: int = 7, batch: int = 10, patience_seconds: float = 3) -> None:
        self.producers = type("Producers", (CrashingProducer,), {"batches": 0, "crashes": 0})
        self._settings = {"every": every, "patience_seconds": patience_seconds}
        self._batch = batch
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def crashes(self) -> int:
        return self.producers.crashes

    def __enter__(self) -> CrashingRelay:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def _run(self) -> None:
        while not self._stop.is_set():
            producer = self.producers(**self._settings)
            relay = Relay(producer, batch=self._batch, largest=self._batch)
            try:
                while not self._stop.is_set():
                    done = relay.send_batch()
                    self._stop.wait(0.05 if done.idle else 0)
            except Crash:
                pass
            finally:
                connection.close()
        producer.close()
