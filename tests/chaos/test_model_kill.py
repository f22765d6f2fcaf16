"""kill -9 of the worker in the middle of a streamed generation: one call is repeated, and viewers end with one text."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest

from jobs import services
from jobs.bell import group_of
from jobs.models import Draft, Job, JobEvent, JobStep, WriterCall
from jobs.states import EventKind, State
from jobs.streaming import TextReader, attempt_of
from tests.chaos.house import House
from tests.conftest import Tenant
from tests.inference.author import BODY, author, topic_of
from tests.inference.provider import provider

pytestmark = [pytest.mark.plan("T1"), pytest.mark.slow, pytest.mark.xdist_group("processes")]

PATIENCE_SECONDS = 90
SECONDS_A_PIECE = 0.05


class Viewer:
    """Reads the text so far as a stream does: by attempt while it is written, the saved text once it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.reader = TextReader(group_of(job.pk))
        self.text = ""
        self.resets = 0

    def look(self) -> None:
        self.job.refresh_from_db()
        saved = JobStep.objects.filter(job=self.job, name="generate").values_list("round", "output").first()
        piece = (
            self.reader.finish(saved[0], saved[1]["content"]) if saved else self.reader.catch_up(attempt_of(self.job))
        )
        if piece:
            self.resets += piece.offset == 0 and bool(self.text)
            self.text = self.text[: piece.offset] + piece.text


def wait_for(viewer: Viewer, condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, (viewer.job.state, viewer.job.message, viewer.job.error)
        viewer.look()
        time.sleep(0.05)


def test_a_kill_in_the_middle_of_a_text(house: House, jane: Tenant) -> None:
    with provider() as model:
        model.answer = author(pieces=max(len(BODY) // 60, 1), drip=SECONDS_A_PIECE)
        house.environment |= {
            "GUILDHALL_WRITER": "inference.llm_writer.LlmWriter",
            "GUILDHALL_LLM_MODEL": "scripted-1",
            "GUILDHALL_LLM_BASE_URL": model.url,
        }
        request = {"task_description": "Review PostgreSQL migrations before a release", "token_streaming": True}
        viewer = Viewer(services.start_job(actor=jane.actor, request=request))
        with house.beat():
            with house.worker():
                wait_for(viewer, lambda: "## Instructions" in viewer.text)
            assert not JobStep.objects.filter(job=viewer.job, name="generate").exists(), "the kill came too late"
            before = viewer.text
            with house.worker():
                wait_for(viewer, lambda: viewer.job.is_finished)
        viewer.look()

    job = viewer.job
    assert job.state == State.COMPLETED, job.error
    assert JobEvent.objects.filter(job=job, kind=EventKind.RECOVERED).exists()
    draft = Draft.objects.get(job=job)
    assert draft.content.endswith(BODY)
    assert viewer.text == draft.content
    assert viewer.resets >= 1, "the repeated text begins anew"
    assert draft.content.startswith(before[:200])
    asked = Counter(topic_of(one) for one in model.requests)
    assert asked == {"understand": 1, "intent": 1, "plan": 1, "write": 2}, "one call is repeated, no other"
    assert WriterCall.objects.filter(job=job, outcome="ok").count() == 4
