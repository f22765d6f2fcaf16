"""Workers of the release before this one, as far as jobs can tell: they do not know the newest step."""

from __future__ import annotations

from typing import Any

from celery.signals import worker_process_init

from config.celery import app

__all__ = ["app"]
NEWEST_STEP = "quality"


@worker_process_init.connect
def forget_what_is_new(**_: Any) -> None:
    from jobs.steps import STEPS

    del STEPS[NEWEST_STEP]
