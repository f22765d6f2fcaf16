"""The control: the same kind of work as a plain Celery task with the defaults most projects run with."""

from __future__ import annotations

import os
import time

import redis
from celery import Celery

DONE = "naive:done"
STEPS = 5
SECONDS_A_STEP = 0.06

app = Celery("naive", broker=os.environ["CELERY_NAIVE_BROKER"])
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)


@app.task(name="naive.write")
def write(number: int) -> None:
    for _ in range(STEPS):
        time.sleep(SECONDS_A_STEP)
    redis.Redis.from_url(os.environ["REDIS_URL"]).rpush(DONE, number)
