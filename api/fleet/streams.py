"""The live events of jobs: of one that is there, and of one made in the same call."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from accounts.actor import Actor
from api.authentication import actor_of
from api.fleet import messages
from api.fleet.contract import status_of
from api.fleet.ownership import check_user, job_of
from api.fleet.serializers import StreamSkillBody, job_request
from api.fleet.views import FleetView, draft_of
from api.fleet.views.skills import SkillList
from api.listening import Hub, Message
from api.streams import EventStream, cursor_of
from jobs import bell
from jobs.events import events_after, newest_numbers
from jobs.models import Job, JobEvent, JobStep, Prompt
from jobs.services import get_job, start_job
from jobs.states import EventKind, State
from jobs.streaming import TextReader, attempt_of

# The steps whose text is streamed.
_WRITING = ("generate", "revise")


def _newest(groups: Collection[str]) -> dict[str, int]:
    jobs = {group.partition(".")[2] for group in groups}
    return {bell.group_of(job_id): seq for job_id, seq in newest_numbers(jobs).items()}


class JobStream(EventStream):
    """GET /skills/{job_id}/stream, GET /jobs/{job_id}/events"""

    route = "fleet:job-stream"
    view = FleetView
    hub = Hub(_newest)

    def open(self, request: Request, **arguments: str) -> JobFeed:
        job = job_of(request, arguments["job_id"])
        return JobFeed(job, cursor_of(request, job.next_seq - 1))


class NewJobStream(EventStream):
    """POST /skills/stream: makes the job as POST /skills does; its first event bears the id by which GET resumes."""

    method = "POST"
    route = "fleet:new-job-stream"
    view = SkillList
    hub = JobStream.hub

    def open(self, request: Request, **arguments: str) -> JobFeed:
        body, actor = StreamSkillBody.read(request.data), actor_of(request)
        check_user(actor, body["user_id"])
        key = request.headers.get("Idempotency-Key")
        return JobFeed(start_job(actor=actor, request=job_request(body), idempotency_key=key), 0)


class JobFeed:
    """A job's log from `cursor` on, and beside it how the job stands now."""

    def __init__(self, job: Job, cursor: int) -> None:
        self.job_id: UUID = job.pk
        self.group = bell.group_of(job.pk)
        self.ended = False
        self._cursor = cursor
        self._text = TextReader(self.group) if job.request.get("token_streaming") else None
        # What the viewer was last told of how things are now.
        self._status = ""
        self._progress: tuple[int, str] = (0, "")
        self._step = ""
        self._prompt_id: UUID | None = None

    def check(self, actor: Actor) -> None:
        get_job(actor, self.job_id)

    def heartbeat(self) -> bytes:
        return messages.heartbeat(time.time())

    def hear(self, message: Message) -> bytes | None:
        if "text" not in message:
            return b"" if message.get("seq", self._cursor + 1) <= self._cursor else None
        if self._text is None:
            return b""
        round, fence, number = message["take"]
        try:
            piece = self._text.hear((round, fence, number), message["offset"], message["text"])
        except LookupError:
            return None
        return messages.text(self.job_id, piece) if piece else b""

    def read(self) -> bytes:
        job = Job.objects.filter(pk=self.job_id).first()
        if job is None:
            self.ended = True
            return b""
        told = [part for event in events_after(job, self._cursor) for part in self._happened(event, job)]
        self._cursor = job.next_seq - 1
        self.ended = job.is_finished
        return b"".join([*told, *self._stands(job)])

    def _happened(self, event: JobEvent, job: Job) -> Iterator[bytes]:
        """What has no number comes before what has: a viewer cut off between gets both when it resumes."""
        if event.kind == EventKind.STEP_FINISHED:
            yield from self._step_finished(event, job)
        elif event.kind == EventKind.QUEUED:
            self._status = State.PENDING
        elif event.kind == EventKind.CANCELLED:
            self._status = State.CANCELLED
        yield messages.happened(event, job, draft_of(job) if event.kind == EventKind.COMPLETED else None)

    def _step_finished(self, event: JobEvent, job: Job) -> Iterator[bytes]:
        name, number = event.data["step"], event.data["round"]
        if self._step != name:
            yield messages.module_started(job, name)
        self._step = ""
        output = _output_of(job, name, number)
        if reasoning := output.get("rationale"):
            yield messages.reasoned(job, name, reasoning)
        if self._text and name in _WRITING:
            piece = self._text.finish(number, output["content"])
            if piece:
                yield messages.text(job.pk, piece)

    def _stands(self, job: Job) -> Iterator[bytes]:
        if self._status != status_of(job):
            self._status = status_of(job)
            yield messages.status(job)
        if job.is_finished:
            yield messages.ended(job)
        elif job.state == State.PENDING_HITL:
            yield from self._waiting(job)
        elif job.state == State.RUNNING and job.position < len(job.plan):
            yield from self._working(job)

    def _waiting(self, job: Job) -> Iterator[bytes]:
        prompt = Prompt.objects.open().filter(job=job).first()
        if prompt and prompt.pk != self._prompt_id:
            self._prompt_id = prompt.pk
            yield messages.waiting(job, prompt)

    def _working(self, job: Job) -> Iterator[bytes]:
        step = job.plan[job.position]
        if job.message and self._progress != (job.progress, job.message):
            self._progress = (job.progress, job.message)
            yield messages.progress(job)
        if self._step != step:
            self._step = step
            yield messages.module_started(job, step)
        if self._text and step in _WRITING:
            piece = self._text.catch_up(attempt_of(job))
            if piece:
                yield messages.text(job.pk, piece)


def _output_of(job: Job, step: str, number: int) -> dict[str, Any]:
    """A step's output, where something of it is told."""
    if step not in ("placement", *_WRITING):
        return {}
    output: dict[str, Any] | None = (
        JobStep.objects.filter(job=job, name=step, round=number).values_list("output", flat=True).first()
    )
    return output or {}
