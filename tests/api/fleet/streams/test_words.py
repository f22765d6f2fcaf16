"""What a job's stream says, and under which numbers."""

from __future__ import annotations

import asyncio
from itertools import groupby

import pytest

from jobs import services
from jobs.models import Job
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from tests.api.fleet.streams.conftest import (
    TEXT,
    advance,
    answer,
    get,
    headers_of,
    log_of,
    path_of,
    until,
    viewer_of,
    work,
)
from tests.api.fleet.streams.sse_client import Viewer, numbers, parse
from tests.conftest import Tenant
from tests.jobs.conftest import PlantedStep

pytestmark = pytest.mark.django_db(transaction=True)


class TestWords:
    """One job from start to end, as its stream tells it."""

    @pytest.fixture
    def told(self, job: Job, jane: Tenant) -> Viewer:
        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            watching = asyncio.create_task(viewer.watch())
            await until(lambda: "status" in [message.type for message in viewer.messages])
            await work(lambda: advance(job))
            await until(lambda: "hitl_pause" in [message.type for message in viewer.messages])
            await work(lambda: answer(job, jane))
            await work(lambda: advance(job))
            await asyncio.wait_for(watching, 10)
            return viewer

        return asyncio.run(scenario())

    def test_numbered_messages_are_the_log(self, told: Viewer, job: Job) -> None:
        assert numbers(told.messages) == log_of(job) == list(range(1, len(log_of(job)) + 1))
        assert all(message.data["sequence"] == message.id for message in told.messages if message.id)

    def test_the_first_event_bears_the_job(self, told: Viewer, job: Job) -> None:
        first = told.messages[0]
        assert (first.id, first.type, first.data["status"]) == (1, "status", "pending")
        assert first.data["job_id"] == str(job.pk)

    def test_phases_have_the_originals_names(self, told: Viewer) -> None:
        phases = [(one.type, one.data["phase"]) for one in told.messages if one.type.startswith("phase")]
        assert phases == [
            ("phase_start", "Understanding"),
            ("phase_end", "Understanding"),
            ("phase_start", "Generation"),
        ]

    def test_modules_start_and_end_in_turn(self, told: Viewer) -> None:
        of_modules = [one for one in told.messages if one.type in ("module_start", "module_end")]
        modules = [(one.type, one.data["data"]["module"]) for one in of_modules]
        ended = [name for kind, name in modules if kind == "module_end"]
        assert ended == ["requirements", "content_generator", "preview"]
        for name in ended:
            assert modules.index(("module_start", name)) < modules.index(("module_end", name))

    def test_a_question_is_asked_once(self, told: Viewer, job: Job) -> None:
        kinds = [message.type for message in told.messages]
        assert (kinds.count("hitl_required"), kinds.count("hitl_pause")) == (1, 1)
        required = next(message.data for message in told.messages if message.type == "hitl_required")
        assert required["data"]["hitl_type"] == "preview"
        assert required["data"]["data"]["content"] == f"Round 1\n{TEXT}"
        pause = next(message.data for message in told.messages if message.type == "hitl_pause")
        assert pause["status"] == "pending_hitl"

    def test_statuses_follow_the_job(self, told: Viewer) -> None:
        statuses = [message.data["status"] for message in told.messages if message.type == "status"]
        assert [status for status, _ in groupby(statuses)] == statuses
        assert [status for status in statuses if status != "running"] == ["pending", "pending_hitl", "completed"]

    def test_the_end(self, told: Viewer, job: Job) -> None:
        assert [message.type for message in told.messages[-3:]] == ["status", "complete", "[DONE]"]
        assert told.messages[-2].data["status"] == "completed"
        completed = next(message.data for message in told.messages if message.type == "completed")
        assert completed["data"]["result"]["status"] == "completed"
        assert completed["data"]["result"]["job_id"] == str(job.pk)

    def test_an_answered_question_is_no_longer_required(self, told: Viewer, job: Job, jane: Tenant) -> None:
        late = parse(get(path_of(job), **headers_of(jane)).body)
        assert not {"hitl_required", "hitl_pause"} & {message.type for message in late}
        assert numbers(late) == numbers(told.messages)
        assert [one.data for one in late if one.id] == [one.data for one in told.messages if one.id]

    def test_headers(self, told: Viewer, job: Job, jane: Tenant) -> None:
        reply = get(path_of(job), x_request_id="my-request-1", **headers_of(jane))
        assert reply.status == 200
        assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert reply.headers["cache-control"] == "no-cache, no-transform"
        assert reply.headers["x-accel-buffering"] == "no"
        assert reply.headers["x-request-id"] == "my-request-1"
        assert reply.chunks[0] == b"retry: 3000\n\n"


def test_a_reason_is_told_where_a_step_gives_one(job: Job, jane: Tenant, steps: dict[str, PlantedStep]) -> None:
    steps["placement"] = PlantedStep(
        "placement", Phase.UNDERSTANDING, behave=lambda _: Done({"rationale": "nearest in meaning"})
    )
    Job.objects.filter(pk=job.pk).update(plan=["placement"])
    advance(job)
    told = parse(get(path_of(job), **headers_of(jane)).body)
    reasons = [message.data["data"] for message in told if message.type == "reasoning"]
    assert reasons == [{"module": "taxonomy_finder", "reasoning": "nearest in meaning"}]


def test_a_failed_job_ends_in_an_error(job: Job, jane: Tenant, steps: dict[str, PlantedStep]) -> None:
    def fail(_: Context) -> Outcome:
        raise services.Invalid("The request cannot be met.", code="impossible")

    steps["requirements"].behave = fail
    advance(job)
    told = parse(get(path_of(job), **headers_of(jane)).body)
    error = next(message.data for message in told if message.type == "error")
    assert (error["message"], error["error_code"]) == ("The request cannot be met.", "impossible")
    assert error["data"]["error"] == "The request cannot be met."
    assert (told[-2].data["status"], told[-1].data) == ("failed", "[DONE]")


def test_a_cancelled_job_says_so(job: Job, jane: Tenant) -> None:
    services.cancel_job(actor=jane.actor, job_id=job.pk)
    told = parse(get(path_of(job), **headers_of(jane)).body)
    assert [message.data["status"] for message in told[:-1]] == ["pending", "cancelled", "cancelled"]
    assert numbers(told) == [1, 2]
