"""A skill that tenant 99 has published, and what other systems were told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from accounts.actor import Actor
from marketplace.services import publish_skill
from outbox.models import OutboxEvent
from skills.models import Skill
from skills.services import create_skill
from tests.conftest import Tenant


def make(actor: Actor, name: str = "Safe SQL", **fields: Any) -> Skill:
    return create_skill(actor=actor, name=name, **{"content": "Use parameters.", "embed": False, **fields})


def events(skill: Skill) -> list[str]:
    """The names of the events about a skill, oldest first."""
    rows = OutboxEvent.objects.filter(key=str(skill.pk)).order_by("id")
    return list(rows.values_list("headers__event_type", flat=True))


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Runs `work(number)` in `count` threads that begin at one moment; the first error of a thread is raised."""
    barrier, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            barrier.wait()
            work(number)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.fixture
def offer(sam: Tenant) -> Skill:
    return publish_skill(actor=sam.actor, skill_id=make(sam.actor).pk)
