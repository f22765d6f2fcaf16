"""The relay process: carries events to Kafka until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections, connection

from core import heartbeat
from outbox.producer import KafkaProducer, check_configuration
from outbox.relay import Relay

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
PAUSES_AFTER_FAILURE = (0.5, 1.0, 2.0, 5.0)


class Command(BaseCommand):
    help = "Sends the events of the outbox to Kafka. Without KAFKA_BOOTSTRAP_SERVERS they wait in the outbox."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        if not settings.KAFKA_BOOTSTRAP_SERVERS:
            self.stdout.write("Kafka is off (KAFKA_BOOTSTRAP_SERVERS is empty): events wait in the outbox.")
            stop.wait()
            return
        try:
            check_configuration()
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from None
        producer = KafkaProducer()
        relay = Relay(producer)
        self.stdout.write("The relay is running.")
        self._failures = 0
        while not stop.is_set():
            stop.wait(self._send(relay))
        producer.close()

    def _send(self, relay: Relay) -> float:
        """One batch; returns the seconds to wait before the next."""
        try:
            close_old_connections()
            done = relay.send_batch()
        except DatabaseError:
            heartbeat.beat("relay", trouble="The database did not answer.")
            logger.exception("the database did not answer; trying again")
            connection.close()
            return self._pause()
        if done.failed and not done.suspicious:
            heartbeat.beat("relay", trouble="Kafka did not take the events.")
            logger.warning("%d events were not delivered; trying again", done.failed)
            return self._pause()
        heartbeat.beat("relay")
        self._failures = 0
        return IDLE_SECONDS if done.idle else 0

    def _pause(self) -> float:
        self._failures += 1
        return PAUSES_AFTER_FAILURE[min(self._failures, len(PAUSES_AFTER_FAILURE)) - 1]
