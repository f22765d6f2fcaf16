"""The text as it is written: it joins to exactly the saved text, whenever a viewer came."""

from __future__ import annotations

import asyncio
import threading

import pytest

from jobs import bell, services
from jobs.models import Job, JobStep
from jobs.states import Action, State
from jobs.steps.base import Context, Done, Outcome
from jobs.streaming import TextWriter, cut
from tests.api.fleet.streams.conftest import (
    TEXT,
    advance,
    answer,
    complete,
    get,
    headers_of,
    path_of,
    start,
    until,
    viewer_of,
    work,
)
from tests.api.fleet.streams.sse_client import Viewer, parse, text_of
from tests.conftest import Tenant
from tests.jobs.conftest import PlantedStep

pytestmark = pytest.mark.django_db(transaction=True)


class TestTokens:
    def test_pieces_come_while_it_is_written_also_to_the_late(
        self, job: Job, jane: Tenant, steps: dict[str, PlantedStep]
    ) -> None:
        begun, go_on = threading.Event(), threading.Event()
        pieces = cut(TEXT)

        def slowly(context: Context) -> Outcome:
            for number, piece in enumerate(pieces):
                if number == 4:
                    begun.set()
                    assert go_on.wait(10)
                assert context.emit
                context.emit(piece)
            return Done({"content": TEXT})

        steps["generate"].behave = slowly

        async def scenario() -> list[Viewer]:
            early, late = viewer_of(job, jane), viewer_of(job, jane)
            watching = [asyncio.create_task(early.watch())]
            working = asyncio.create_task(work(lambda: advance(job)))
            await until(begun.is_set)
            await until(lambda: text_of(early.messages) == "".join(pieces[:4]))
            watching.append(asyncio.create_task(late.watch()))
            await until(lambda: text_of(late.messages) == "".join(pieces[:4]))
            assert "module_end" not in [one.type for one in late.messages if one.data["data"].get("step") == "generate"]
            go_on.set()
            await working
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
            await asyncio.wait_for(asyncio.gather(*watching), 10)
            return [early, late]

        early, late = asyncio.run(scenario())
        saved = JobStep.objects.get(job=job, name="generate").output["content"]
        assert text_of(early.messages) == text_of(late.messages) == saved
        assert len([message for message in early.messages if message.type == "token_stream"]) >= 5
        assert all(message.id is None for message in early.messages if message.type == "token_stream")

    def test_a_viewer_cut_in_the_text_gets_it_whole(
        self, job: Job, jane: Tenant, steps: dict[str, PlantedStep]
    ) -> None:
        half, go_on = threading.Event(), threading.Event()

        def slowly(context: Context) -> Outcome:
            assert context.emit
            context.emit("The first half, ")
            half.set()
            assert go_on.wait(10)
            context.emit("and the second.")
            return Done({"content": "The first half, and the second."})

        steps["generate"].behave = slowly

        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            watching = asyncio.create_task(viewer.watch(cut_after=5))
            working = asyncio.create_task(work(lambda: advance(job)))
            await until(lambda: half.is_set() and text_of(viewer.messages) == "The first half, ")
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            resuming = asyncio.create_task(viewer.watch())
            await until(lambda: [one.data["data"].get("offset") for one in viewer.messages].count(0) == 2)
            go_on.set()
            await working
            await work(lambda: services.cancel_job(actor=jane.actor, job_id=job.pk))
            await asyncio.wait_for(resuming, 10)
            return viewer

        assert text_of(asyncio.run(scenario()).messages) == "The first half, and the second."

    def test_a_new_round_starts_the_text_anew(self, job: Job, jane: Tenant) -> None:
        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            watching = asyncio.create_task(viewer.watch())
            await work(lambda: advance(job))
            await work(lambda: answer(job, jane, Action.REVISE))
            await work(lambda: complete(job, jane))
            await asyncio.wait_for(watching, 10)
            return viewer

        viewer = asyncio.run(scenario())
        finished = [
            index
            for index, message in enumerate(viewer.messages)
            if message.type == "module_end" and message.data["data"]["step"] == "generate"
        ]
        assert [text_of(viewer.messages[:index])[:8] for index in finished] == ["Round 1\n", "Round 2\n"]
        assert text_of(viewer.messages) == f"Round 2\n{TEXT}"
        assert text_of(parse(get(path_of(job), **headers_of(jane)).body)) == f"Round 2\n{TEXT}"

    def test_a_worker_that_died_leaves_no_text_behind(self, job: Job, jane: Tenant) -> None:
        """What the first attempt wrote is replaced, and what it says later is not heard."""
        Job.objects.filter(pk=job.pk).update(fence=1, state=State.RUNNING, position=1)

        async def scenario() -> Viewer:
            viewer = viewer_of(job, jane)
            watching = asyncio.create_task(viewer.watch())
            zombie = TextWriter(bell.group_of(job.pk), (1, 1))
            await work(lambda: zombie("Of the first attempt, "))
            await until(lambda: text_of(viewer.messages) == "Of the first attempt, ")
            await work(lambda: advance(job))
            await until(lambda: text_of(viewer.messages) == f"Round 1\n{TEXT}")
            await work(lambda: zombie("still awake"))
            await work(lambda: answer(job, jane))
            await work(lambda: advance(job))
            await asyncio.wait_for(watching, 10)
            return viewer

        assert text_of(asyncio.run(scenario()).messages) == f"Round 1\n{TEXT}"

    def test_only_on_request(self, jane: Tenant, steps: dict[str, PlantedStep]) -> None:
        job = start(jane)
        complete(job, jane)
        assert "token_stream" not in [message.type for message in parse(get(path_of(job), **headers_of(jane)).body)]
