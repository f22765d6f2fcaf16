"""Work of the clock: keeps the outbox small."""

import logging

from celery import shared_task

from outbox import services

logger = logging.getLogger(__name__)


@shared_task(name="outbox.tidy")
def tidy() -> None:
    if deleted := services.tidy():
        logger.info("%d old events deleted from the outbox", deleted)
