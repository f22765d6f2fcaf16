"""Sends events to Kafka; the only importer of the Kafka client."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from confluent_kafka import KafkaError, KafkaException, Producer
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.errors import Unavailable
from outbox.models import OutboxEvent

logger = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 10.0
CLOSING_SECONDS: Final = 1.0
# Errors of the message itself: sending it again can never help.
_POISON = {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError._INVALID_ARG, KafkaError.INVALID_MSG, KafkaError.TOPIC_EXCEPTION}
_DROPPED = {KafkaError._PURGE_QUEUE, KafkaError._PURGE_INFLIGHT}


@dataclass(frozen=True)
class Delivery:
    """What became of one event. `poison` means that it can never be delivered, `alone` that this is certain.

    A broker refuses requests of many messages as a whole: of those only an event that was sent alone is known to be the
    cause. What the client refuses before sending is known at once.
    """

    event_pk: int
    error: str = ""
    poison: bool = False
    alone: bool = True


class KafkaProducer:
    """An idempotent producer (acks=all) that is thrown away after any failure, so that no old copy arrives late.

    What it sends of one key is always the unbroken beginning: a message never expires inside the client, which would
    let its successors pass. When the patience is over, everything that is still inside is dropped at once.
    """

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience = patience_seconds
        self._producer: Producer | None = None
        self._trouble = ""

    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]:
        """Sends the events in order and waits for each one's delivery report; one Delivery per event, in order."""
        producer = self._producer = self._producer or self._new_producer()
        reports: dict[int, Delivery] = {}
        sent = 0
        for event in events:
            sent += 1
            try:
                producer.produce(
                    event.topic,
                    key=event.key,
                    value=orjson.dumps(event.payload),
                    headers=[(name, str(value).encode()) for name, value in event.headers.items()],
                    on_delivery=_report_to(reports, event.pk, alone=len(events) == 1),
                )
            except (KafkaException, BufferError) as problem:
                error = problem.args[0] if isinstance(problem, KafkaException) else None
                reports[event.pk] = _failure(event.pk, error, str(error or problem), alone=True)
                if not reports[event.pk].poison:
                    break  # what follows must not pass it
        self._wait(producer, lambda: len(reports) >= sent, self._patience)
        if len(reports) < len(events) or any(report.error for report in reports.values()):
            self.close()
        late = f"not delivered: {self._trouble or f'Kafka said nothing for {self._patience:g} s'}"
        return [reports.get(event.pk) or Delivery(event.pk, late) for event in events]

    def close(self) -> None:
        """Drops what has not left yet; what comes back of it is reported."""
        if self._producer:
            self._producer.purge()
            producer, self._producer = self._producer, None
            until = time.monotonic() + CLOSING_SECONDS
            while len(producer) and time.monotonic() < until:
                self._wait(producer, lambda: not len(producer), until - time.monotonic())

    def _wait(self, producer: Producer, done: Callable[[], bool], seconds: float) -> None:
        """Serves reports until `done()`, time is up, or the client has given itself up.

        Not by `flush`: a fatal error comes as an exception, and flush would call the next report with it in the air.
        """
        until = time.monotonic() + seconds
        while not done():
            left = until - time.monotonic()
            if left <= 0:
                return
            try:
                producer.poll(min(left, 0.5))
            except KafkaException as problem:
                self._trouble = problem.args[0].str()
                return

    def _new_producer(self) -> Producer:
        self._trouble = ""
        return Producer({**configuration(), "error_cb": self._note_trouble}, logger=logger)

    def _note_trouble(self, error: KafkaError) -> None:
        # The first trouble says more than "all brokers are down", which follows each.
        if not self._trouble or error.code() != KafkaError._ALL_BROKERS_DOWN:
            self._trouble = error.str()


def configuration() -> dict[str, Any]:
    """What librdkafka is told."""
    return {
        "bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS,
        "client.id": "guildhall-outbox",
        "enable.idempotence": True,
        "acks": "all",
        # After a refused request nothing of the same producer may pass: it fails, and all starts again in order.
        "enable.gapless.guarantee": True,
        # Messages do not expire one by one: `send` has the patience, for all of them.
        "message.timeout.ms": 0,
        "linger.ms": 5,
        "compression.type": "lz4",
        # As Java producers place keys
        "partitioner": "murmur2_random",
        "message.max.bytes": settings.KAFKA_MESSAGE_MAX_BYTES,
        "reconnect.backoff.max.ms": 2000,
        **settings.KAFKA_SECURITY,
    }


def check_configuration() -> None:
    """Raises ImproperlyConfigured with librdkafka's own words where it refuses the settings; connects to nothing."""
    try:
        Producer(configuration(), logger=logger)
    except KafkaException as problem:
        error = problem.args[0]
        text = error.str() if isinstance(error, KafkaError) else str(error)
        raise ImproperlyConfigured(f"Kafka's client refuses the KAFKA_ settings: {text}") from None


def topics_of_broker(seconds: float) -> set[str]:
    """The topics that the brokers know; raises Unavailable where none answers in time, or refuses us."""
    trouble: list[str] = []
    try:
        client = Producer({**configuration(), "error_cb": lambda error: trouble.append(error.str())}, logger=logger)
        return set(client.list_topics(timeout=seconds).topics)
    except KafkaException as problem:
        error = problem.args[0]
        text = trouble[0] if trouble else error.str() if isinstance(error, KafkaError) else str(error)
        raise Unavailable(f"Kafka does not answer: {text}", code="kafka") from None


def _report_to(reports: dict[int, Delivery], pk: int, *, alone: bool) -> Any:
    def on_delivery(error: KafkaError | None, _message: Any) -> None:
        if error is None:
            reports[pk] = Delivery(pk)
        elif error.code() not in _DROPPED:
            reports[pk] = _failure(pk, error, error.str(), alone=alone)

    return on_delivery


def _failure(pk: int, error: KafkaError | None, text: str, *, alone: bool) -> Delivery:
    return Delivery(pk, text, poison=error is not None and error.code() in _POISON, alone=alone)
