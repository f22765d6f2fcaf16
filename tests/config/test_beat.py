"""Two clocks: one ticks, and the other takes over when its connection is gone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from celery import Celery
from django.db import connection

from config.beat import TURN_SECONDS, SingleScheduler

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """A scheduler in a thread of its own, as in a process of its own: with a connection of its own."""

    def __init__(self) -> None:
        self.rings: list[str] = []
        self._thread = ThreadPoolExecutor(1)
        self._scheduler = self._thread.submit(self._build).result()

    def _build(self) -> SingleScheduler:
        app = Celery("clock", broker="memory://", set_as_current=False)
        app.conf.beat_schedule = {"ring": {"task": "ring", "schedule": 0.001}}
        scheduler = SingleScheduler(app=app)
        scheduler.apply_async = self._ring
        return scheduler

    def _ring(self, entry: Any, *words: Any, **named: Any) -> None:
        self.rings.append(entry.task)

    def tick(self) -> float:
        return self._thread.submit(self._scheduler.tick).result()

    def ticks(self) -> bool:
        before = len(self.rings)
        for _ in range(5):
            self.tick()
        return len(self.rings) > before

    def session(self) -> int:
        return self._thread.submit(self._session).result()

    def _session(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    def close(self) -> None:
        self._thread.submit(lambda: connection.close()).result()
        self._thread.shutdown()


@pytest.fixture
def clocks() -> Iterator[tuple[Clock, Clock]]:
    both = Clock(), Clock()
    yield both
    for clock in both:
        clock.close()


def test_one_of_two_ticks(clocks: tuple[Clock, Clock]) -> None:
    first, second = clocks
    assert first.ticks()
    assert not second.ticks()
    assert second.tick() == TURN_SECONDS
    assert first.ticks()


def test_the_other_takes_over_when_the_connection_is_gone(clocks: tuple[Clock, Clock]) -> None:
    first, second = clocks
    assert first.ticks()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first.session()])
    assert second.ticks()
    assert not first.ticks(), "it lost its lock with its connection and may not tick"


def test_without_postgresql_nobody_ticks_and_nobody_dies(
    clocks: tuple[Clock, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = clocks
    assert first.ticks()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first.session()])
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    assert not first.ticks()
    monkeypatch.undo()
    assert first.ticks()
