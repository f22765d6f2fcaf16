"""The relay process: carries events to Kafka until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from core import heartbeat
from outbox.producer import KafkaProducer
from outbox.relay import relay_batch

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
PAUSE_AFTER_ERROR_SECONDS = 5


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
        producer = KafkaProducer()
        self.stdout.write("The relay is running.")
        while not stop.is_set():
            stop.wait(self._relay(producer))
        producer.close()

    def _relay(self, producer: KafkaProducer) -> float:
        """One batch; returns the seconds to wait before the next."""
        try:
            close_old_connections()
            carried = relay_batch(producer)
            heartbeat.beat("relay")
            return 0 if carried else IDLE_SECONDS
        except DatabaseError:
            heartbeat.beat("relay", trouble="The database did not answer.")
            logger.exception("the database did not answer; trying again")
            connection.close()
            return PAUSE_AFTER_ERROR_SECONDS
