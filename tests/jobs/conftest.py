"""A small plan of planted steps, so that the engine is tested apart from the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from accounts.actor import Actor
from accounts.models import Client
from jobs import runner, services
from jobs.models import Job
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome

PLAN = ["first", "second", "third"]


@dataclass
class PlantedStep:
    """A step whose behaviour a test chooses; counts its runs."""

    name: str
    phase: Phase = Phase.UNDERSTANDING
    title: str = "Planted step"
    behave: Callable[[Context], Outcome] = lambda _: Done({"ok": True})
    runs: list[Context] = field(default_factory=list)

    def run(self, context: Context) -> Outcome:
        self.runs.append(context)
        return self.behave(context)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> dict[str, PlantedStep]:
    phases = [Phase.UNDERSTANDING, Phase.GENERATION, Phase.VALIDATION]
    steps = {name: PlantedStep(name, phase) for name, phase in zip(PLAN, phases, strict=True)}
    monkeypatch.setattr(runner, "STEPS", steps)
    monkeypatch.setattr(services, "plan_for", lambda *_: list(PLAN))
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)
    return steps


@pytest.fixture
def actor(db: Any) -> Actor:
    Client.objects.get_or_create(pk="42", defaults={"name": "Acme"})
    return Actor(client_id="42", username="jane", role="manager", surface="fleet")


@pytest.fixture
def job(planted: dict[str, PlantedStep], actor: Actor) -> Job:
    return services.start_job(actor=actor, request={"task_description": "Write a skill about testing engines"})
