"""Guildhall with faults planted that say loudly what they were given: `daphne tests.operations.leaky:application` and
`celery -A tests.operations.leaky`. What has "explode" in it fails with all of it in the message.

RAW_LOG names a file that gets every line as Python's own formatter writes it: what would be seen without ours.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import signals

from config.asgi import application
from config.celery import app
from jobs import services as jobs
from jobs.steps import STEPS
from jobs.steps.base import Context
from skills import services as skills

__all__ = ["app", "application"]
_record_audit = skills.record_audit
_requirements = STEPS["requirements"]
_run = _requirements.run


@signals.setup_logging.connect
def keep_raw(**_: Any) -> None:
    handler = logging.FileHandler(os.environ["RAW_LOG"])
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger().addHandler(handler)


def record_audit(**given: Any) -> None:
    told = f"{given} {given['subject'].__dict__}"
    if "explode" in told:
        raise RuntimeError(f"cannot write down {told}")
    _record_audit(**given)


def run(context: Context) -> Any:
    if "explode" in str(context.job.request):
        raise ValueError(f"cannot read {context.job.request}")
    return _run(context)


@app.task(name="tests.explode")
def explode(text: str) -> None:
    raise LookupError(f"cannot find {text}")


jobs.record_audit = skills.record_audit = record_audit
_requirements.run = run  # type: ignore[method-assign]
keep_raw()
