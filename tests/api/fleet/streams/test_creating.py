"""POST /skills/stream: a job and its stream in one call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.conf import settings

from config.asgi import application
from jobs import services
from jobs.models import Job
from tests.api.fleet.streams.conftest import (
    TASK,
    TEXT,
    advance,
    answer,
    headers_of,
    log_of,
    refused,
    until,
    work,
)
from tests.api.fleet.streams.sse_client import numbers, parse, text_of
from tests.config.asgi_client import Client
from tests.conftest import Tenant
from tests.jobs.conftest import PlantedStep

pytestmark = pytest.mark.django_db(transaction=True)


class TestCreating:
    PATH = "/api/v1/skills/stream"

    def post(self, body: Any, *, path: str = PATH, **headers: str) -> Client:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client("POST", path, (data[:7], data[7:]), content_type="application/json", **headers)

    async def with_job(self, client: Client, then: Callable[[Job], Awaitable[None]]) -> list[Any]:
        task = asyncio.create_task(client.call(application))
        await until(lambda: bool(parse(client.reply.body)))
        job_id = parse(client.reply.body)[0].data["job_id"]
        await then(await work(lambda: Job.objects.get(pk=job_id)))
        await until(lambda: client.reply.complete)
        client.disconnect()
        await task
        return parse(client.reply.body)

    def test_it_creates_streams_and_waits_for_people(self, jane: Tenant, steps: dict[str, PlantedStep]) -> None:
        client = self.post({"task_description": TASK, "enable_token_streaming": True}, **headers_of(jane))

        async def then(job: Job) -> None:
            assert job.request == {
                "task_description": TASK, "confirm": True, "preview": True, "review": True, "token_streaming": True
            }  # fmt: skip
            await work(lambda: advance(job))
            await until(lambda: b"hitl_pause" in client.reply.body)
            await work(lambda: answer(job, jane))
            await work(lambda: advance(job))

        told = asyncio.run(self.with_job(client, then))
        job = Job.objects.get()
        assert (job.client_id, job.owner) == ("42", "jane")
        assert numbers(told) == log_of(job)
        assert {"hitl_required", "hitl_pause", "completed"} <= {message.type for message in told}
        assert text_of(told) == f"Round 1\n{TEXT}"
        assert [message.type for message in told[-2:]] == ["complete", "[DONE]"]

    @pytest.mark.parametrize(
        ("flags", "asked"),
        [
            ({}, {"confirm", "preview", "review"}),
            ({"enable_hitl": True}, {"confirm", "preview", "review"}),
            ({"enable_hitl": False}, set()),
            ({"enable_hitl_preview": True}, {"preview"}),
            ({"enable_hitl": True, "enable_hitl_preview": False}, {"confirm", "review"}),
            ({"enable_hitl": False, "quality_threshold": 0.9, "user_id": "x"}, set()),
        ],
    )
    def test_checkpoints(
        self, jane: Tenant, steps: dict[str, PlantedStep], flags: dict[str, Any], asked: set[str]
    ) -> None:
        async def then(job: Job) -> None:
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))

        asyncio.run(self.with_job(self.post({"task_description": TASK, **flags}, **headers_of(jane)), then))
        request = Job.objects.get().request
        assert {name for name in ("confirm", "preview", "review") if request[name]} == asked

    def test_the_same_key_again_resumes_the_same_job(self, jane: Tenant, steps: dict[str, PlantedStep]) -> None:
        async def then(job: Job) -> None:
            await work(lambda: Job.objects.filter(pk=job.pk).exists())
            if not job.is_finished:
                await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))

        for _ in range(2):
            headers = {**headers_of(jane), "idempotency_key": "once"}
            told = asyncio.run(self.with_job(self.post({"task_description": TASK}, **headers), then))
            assert numbers(told) == [1, 2]
        assert Job.objects.count() == 1

    @pytest.mark.parametrize(
        ("body", "status", "detail"),
        [
            ({"task_description": "short"}, 400, "task_description is required and must be at least 10 characters"),
            ({}, 400, "task_description is required and must be at least 10 characters"),
            ({"task_description": TASK, "enable_hitl": "perhaps"}, 422, "enable_hitl must be true or false"),
            (b"{broken", 400, "The body is not valid JSON"),
        ],
    )
    def test_what_is_wrong_makes_no_job(
        self, jane: Tenant, steps: dict[str, PlantedStep], body: Any, status: int, detail: str
    ) -> None:
        reply = refused(self.post(body, **headers_of(jane)))
        assert reply.status == status
        assert reply.json["detail"].startswith(detail)
        assert {"detail", "error", "request_id"} <= set(reply.json)
        assert Job.objects.count() == 0

    def test_a_body_too_large_is_refused(self, jane: Tenant) -> None:
        reply = refused(self.post(b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), **headers_of(jane)))
        assert reply.status == 413

    @pytest.mark.usefixtures("development")
    def test_the_original_client_creates_as_whom_it_says(self, jane: Tenant, steps: dict[str, PlantedStep]) -> None:
        async def then(job: Job) -> None:
            assert job.owner == "alice"
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))

        body = {"task_description": TASK, "user_id": "alice", "enable_hitl": True, "quality_threshold": 0.75}
        asyncio.run(self.with_job(self.post(body), then))
