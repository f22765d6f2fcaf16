"""A planted plan of three steps, its viewers, and what happens in other processes meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from api import listening
from api.fleet import chat_streams
from config.asgi import application, conversation
from inference.writer import Understanding
from jobs import bell, runner, services
from jobs.models import Job, JobEvent
from jobs.states import Action, Phase, PromptKind
from jobs.steps.base import Ask, Context, Done, Outcome, SendBack
from jobs.streaming import cut
from tests.api.fleet.streams.sse_client import Viewer
from tests.config.asgi_client import Client, Reply
from tests.conftest import Tenant
from tests.jobs.conftest import PlantedStep

TASK = "Create a Python async/await programming skill"
TEXT = "# Python Async/Await\n\n" + "Await what waits; gather what may run at once: é漢🙂.\n" * 40


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    """The connections of the streams' threads would keep the test database from being dropped."""
    yield
    answering = settings.ASSISTANT_THREADS
    pools = ((listening.pool, settings.STREAM_THREADS), (chat_streams.pool, answering), (conversation.pool, answering))
    for pool, size in pools:
        barrier = threading.Barrier(size)

        def close() -> None:
            barrier.wait(10)
            connections.close_all()

        for future in [pool.submit(close) for _ in range(size)]:
            future.result(10)


@pytest.fixture(autouse=True)
def _audible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "_silent_until", 0.0)


def ask_once(context: Context) -> Outcome:
    decision = context.decision(PromptKind.PREVIEW)
    if decision is None:
        return Ask(PromptKind.PREVIEW, {"content": context.outputs["generate"]["content"]})
    if decision.action == Action.REVISE:
        return SendBack("generate", {"feedback": decision.feedback})
    return Done({"action": decision.action})


def understand(context: Context) -> Outcome:
    return Done(Understanding(task=TASK, name="python-async", title="Python", description="Awaits.").as_json())


def write(context: Context) -> Outcome:
    text = f"Round {context.job.round}\n{TEXT}"
    for piece in cut(text) if context.emit else ():
        context.emit(piece)  # type: ignore[misc]
    return Done({"content": text})


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> dict[str, PlantedStep]:
    """A plan of three: understand, write, ask people."""
    steps = {
        "requirements": PlantedStep("requirements", Phase.UNDERSTANDING, behave=understand),
        "generate": PlantedStep("generate", Phase.GENERATION, behave=write),
        "preview": PlantedStep("preview", Phase.GENERATION, behave=ask_once),
    }
    monkeypatch.setattr(runner, "STEPS", steps)
    monkeypatch.setattr(services, "plan_for", lambda *_: list(steps))
    monkeypatch.setattr("jobs.tasks.run_job.apply_async", lambda *args, **options: None)
    return steps


def start(tenant: Tenant, **wanted: bool) -> Job:
    return services.start_job(actor=tenant.actor, request={"task_description": TASK, **wanted})


@pytest.fixture
def job(jane: Tenant, steps: dict[str, PlantedStep]) -> Job:
    return start(jane, token_streaming=True)


def path_of(job: Job) -> str:
    return f"/api/v1/skills/{job.pk}/stream"


def headers_of(tenant: Tenant) -> dict[str, str]:
    return {"authorization": tenant.headers["Authorization"]}


def viewer_of(job: Job, tenant: Tenant) -> Viewer:
    return Viewer(path_of(job), headers_of(tenant))


async def work(function: Callable[[], Any]) -> Any:
    """What happens in other processes, on a thread with a connection of its own."""

    def run() -> Any:
        try:
            return function()
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


def advance(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=None)
    runner.run_job(job.pk)


def answer(job: Job, tenant: Tenant, action: Action = Action.PROCEED) -> None:
    services.answer_prompt(actor=tenant.actor, job_id=job.pk, action=action, feedback="Shorter.")


def complete(job: Job, tenant: Tenant) -> None:
    advance(job)
    answer(job, tenant)
    advance(job)


def log_of(job: Job) -> list[int]:
    return list(JobEvent.objects.filter(job=job).values_list("seq", flat=True))


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(0.005)


def get(path: str, **headers: str) -> Reply:
    """An answer that ends by itself."""

    async def request() -> Reply:
        client = Client("GET", path, **headers)
        task = asyncio.create_task(client.call(application))
        await until(lambda: client.reply.complete or task.done())
        client.disconnect()
        await task
        return client.reply

    return asyncio.run(request())


def refused(client: Client) -> Reply:
    """The answer to a request whose stream never starts."""

    async def request() -> Reply:
        task = asyncio.create_task(client.call(application))
        await until(lambda: client.reply.complete)
        client.disconnect()
        await task
        return client.reply

    return asyncio.run(request())
