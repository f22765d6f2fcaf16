"""Signs of life as a test wants them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from django.core.cache import cache
from pytest_django import Settings

from core import heartbeat
from operations import doctor
from tests.outbox.conftest import cluster, kafka

__all__ = ["cluster", "kafka"]

Sees = Callable[..., None]
_NAMES = ("beat", "worker", "relay", "embedder")


@pytest.fixture
def seen(settings: Settings) -> Sees:
    """Nobody was here; `seen(beat=0, worker=300)`: so many seconds ago. A text is what troubles it now.

    In a part of the cache that is this process's alone: what other tests start shows signs of life too.
    """
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"signs-{os.getpid()}"}}
    cache.delete_many([f"heartbeat.{name}" for name in _NAMES])
    heartbeat._beaten.__dict__.clear()

    def set_signs(**ages: float | str) -> None:
        for name, age in ages.items():
            trouble, seconds = (age, 0.0) if isinstance(age, str) else ("", age)
            cache.set(f"heartbeat.{name}", (time.time() - seconds, trouble))

    return set_signs


@pytest.fixture
def alive(seen: Sees, monkeypatch: pytest.MonkeyPatch) -> Sees:
    """All processes live, and the machine of this test run has disk enough."""
    monkeypatch.setattr(doctor, "NARROW_BYTES", 0)
    seen(beat=0, worker=0, relay=0, embedder=0)
    return seen
