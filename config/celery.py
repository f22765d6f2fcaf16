"""The Celery application. A message carries an id and nothing else: PostgreSQL is the truth, Celery rings the bell."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

from config import broker
from config.patience import limit_statements
from config.tracing import start_tracing, stop_tracing
from core import heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.mend()
app = Celery("guildhall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def _log_as_the_web_does(**_: Any) -> None:
    """Celery would put handlers of its own in the place of ours."""
    logging.config.dictConfig(settings.LOGGING)


@signals.worker_init.connect
def _limit_statements(**_: Any) -> None:
    """Before the worker's children are made, which inherit it."""
    limit_statements(settings.WORKER_STATEMENT_SECONDS)


@signals.worker_process_init.connect
def _trace(**_: Any) -> None:
    start_tracing()


@signals.worker_process_shutdown.connect
def _tell_the_last(**_: Any) -> None:
    stop_tracing()


@signals.beat_init.connect
def _say_when_the_clock_ticks(**_: Any) -> None:
    """Every message that beat sends is a sign of its life; the sweep makes that one a second."""
    signals.after_task_publish.connect(_ticked, weak=False)


def _ticked(**_: Any) -> None:
    heartbeat.beat("beat")
