"""Sends events to Kafka; the only importer of the Kafka client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from confluent_kafka import KafkaError, KafkaException, Producer
from django.conf import settings

from outbox.models import OutboxEvent

DELIVERY_TIMEOUT_MS = 10_000
# Errors of the message itself: sending it again can never help.
_POISON = {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError._INVALID_ARG, KafkaError.INVALID_MSG, KafkaError.TOPIC_EXCEPTION}


@dataclass(frozen=True)
class Delivery:
    """What became of one event. `poison` means that it can never be delivered."""

    event_pk: int
    error: str = ""
    poison: bool = False


class KafkaProducer:
    """An idempotent producer (acks=all) that is thrown away after any failure, so that no old copy arrives late."""

    def __init__(self) -> None:
        self._producer: Producer | None = None

    def send(self, events: Sequence[OutboxEvent]) -> list[Delivery]:
        """Sends the events in order and waits for each one's delivery report; one Delivery per event, in order."""
        producer = self._producer = self._producer or Producer(_configuration())
        reports: dict[int, Delivery] = {}
        for event in events:
            try:
                producer.produce(
                    event.topic,
                    key=event.key,
                    value=orjson.dumps(event.payload),
                    headers=[(name, str(value).encode()) for name, value in event.headers.items()],
                    on_delivery=_report_to(reports, event.pk),
                )
            except (KafkaException, BufferError) as problem:
                error = problem.args[0] if isinstance(problem, KafkaException) else None
                reports[event.pk] = _failure(event.pk, error, str(problem))
        producer.flush(DELIVERY_TIMEOUT_MS / 1000 + 1)
        deliveries = [reports.get(event.pk) or Delivery(event.pk, "no delivery report in time") for event in events]
        if any(delivery.error for delivery in deliveries):
            self.close()
        return deliveries

    def close(self) -> None:
        if self._producer:
            self._producer.purge()
            self._producer.flush(1)
            self._producer = None


def _configuration() -> dict[str, Any]:
    return {
        "bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS,
        "enable.idempotence": True,
        "acks": "all",
        "linger.ms": 5,
        "message.timeout.ms": DELIVERY_TIMEOUT_MS,
        "message.max.bytes": settings.KAFKA_MESSAGE_MAX_BYTES,
        **settings.KAFKA_SECURITY,
    }


def _report_to(reports: dict[int, Delivery], pk: int) -> Any:
    def on_delivery(error: KafkaError | None, _message: Any) -> None:
        reports[pk] = _failure(pk, error, error.str()) if error else Delivery(pk)

    return on_delivery


def _failure(pk: int, error: KafkaError | None, text: str) -> Delivery:
    return Delivery(pk, text, poison=error is not None and error.code() in _POISON)
