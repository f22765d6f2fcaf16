"""The text while it is written: cutting, sending in batches, and what each viewer still lacks."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from jobs import bell, runner, services, streaming
from jobs.events import append_event, events_after, newest_numbers
from jobs.models import Job, JobStep
from jobs.states import EventKind
from jobs.steps.base import Context, Done, Outcome
from jobs.streaming import BURST, PIECES_PER_SECOND, TextReader, TextWriter, cut, emitting
from tests.jobs.conftest import PlantedStep

NOWHERE = "unix:///nowhere/redis.sock"
FIRST, SECOND = (1, 1), (1, 2)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, Mapping[str, Any]]]:
    """What went to the viewers, and when."""
    sent: list[tuple[float, Mapping[str, Any]]] = []

    def publish(group: str, message: Mapping[str, Any]) -> bool:
        sent.append((time.monotonic(), message))
        return True

    monkeypatch.setattr(bell, "publish", publish)
    return sent


@pytest.fixture
def writer() -> Iterator[TextWriter]:
    writer = TextWriter(f"job.{uuid.uuid4()}", FIRST)
    yield writer
    writer.close()


@pytest.fixture
def without_redis(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}
    layer = settings.CHANNEL_LAYERS["default"]
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "hosts": [NOWHERE]}}}


@given(st.text(max_size=400))
def test_pieces_join_to_the_text(text: str) -> None:
    pieces = cut(text)
    assert "".join(pieces) == text
    assert len(pieces) <= BURST
    assert all(pieces)


def test_pieces_end_where_words_end() -> None:
    text = "one two three\nfour five " * 40
    pieces = cut(text)
    assert len(pieces) == BURST
    assert all(piece[-1].isspace() for piece in pieces)


class TestWriting:
    def test_a_finished_text_goes_out_at_once(self, writer: TextWriter, published: list[Any]) -> None:
        text = "word " * 2000
        begun = time.monotonic()
        for piece in cut(text):
            writer(piece)
        writer.close()
        assert time.monotonic() - begun < 1
        assert "".join(message["text"] for _, message in published) == text
        assert len(published) == BURST

    def test_many_small_pieces_are_batched(self, writer: TextWriter, published: list[Any]) -> None:
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            writer("x")
            time.sleep(0.002)
        writer.close()
        times = [at for at, _ in published]
        assert max(sum(start <= at < start + 1 for at in times) for start in times) <= BURST + PIECES_PER_SECOND + 1
        assert len(times) > BURST
        offsets = [(message["offset"], len(message["text"])) for _, message in published]
        assert all(one[0] + one[1] == two[0] for one, two in pairwise(offsets))

    def test_the_last_piece_does_not_wait_for_another(self, writer: TextWriter, published: list[Any]) -> None:
        for _ in range(BURST + 1):
            writer("word ")
        deadline = time.monotonic() + 2
        while len(published) <= BURST and time.monotonic() < deadline:
            time.sleep(0.005)
        assert published[-1][0] - published[-2][0] < 0.2
        assert sum(len(message["text"]) for _, message in published) == 5 * (BURST + 1)

    def test_who_comes_late_finds_the_text_so_far(self, writer: TextWriter, published: list[Any]) -> None:
        writer("so far ")
        piece = TextReader(writer.group).catch_up(FIRST)
        assert piece
        assert (piece.offset, piece.text) == (0, "so far ")

    def test_a_text_begun_anew_is_numbered(self, writer: TextWriter, published: list[Any]) -> None:
        writer.restart()
        writer("Worse")
        writer.restart()
        writer("Better")
        assert [(message["take"], message["offset"]) for _, message in published] == [([1, 1, 0], 0), ([1, 1, 1], 0)]
        piece = TextReader(writer.group).catch_up(FIRST)
        assert piece
        assert piece.text == "Better"

    def test_an_endless_text_is_streamed_to_its_bound(self, writer: TextWriter, published: list[Any]) -> None:
        for _ in range(5):
            writer("x" * (streaming.MAX_STREAMED // 4))
        writer.close()
        assert sum(len(message["text"]) for _, message in published) == streaming.MAX_STREAMED

    @pytest.mark.usefixtures("without_redis")
    def test_without_redis_it_falls_silent(self, writer: TextWriter, published: list[Any]) -> None:
        writer("one ")
        writer("two ")
        writer.close()
        assert published == []
        assert TextReader(writer.group).catch_up(FIRST) is None


class TestReading:
    @pytest.fixture
    def reader(self) -> TextReader:
        return TextReader(f"job.{uuid.uuid4()}")

    @pytest.fixture
    def begun(self, reader: TextReader) -> TextReader:
        self.keep(reader, FIRST, "The begin")
        reader.catch_up(FIRST)
        return reader

    @staticmethod
    def keep(reader: TextReader, attempt: streaming.Attempt, text: str, number: int = 0) -> None:
        cache.set(streaming._key(reader.group, attempt), (number, text), 60)

    def test_pieces_follow_each_other(self, begun: TextReader) -> None:
        piece = begun.hear((*FIRST, 0), 9, "ning")
        assert piece
        assert (piece.offset, piece.text) == (9, "ning")

    def test_what_is_there_already_is_left_out(self, begun: TextReader) -> None:
        assert begun.hear((*FIRST, 0), 4, "begin") is None
        piece = begun.hear((*FIRST, 0), 4, "beginning")
        assert piece
        assert piece.text == "ning"

    def test_a_lost_piece_is_noticed(self, begun: TextReader) -> None:
        with pytest.raises(LookupError):
            begun.hear((*FIRST, 0), 12, "g")
        self.keep(begun, FIRST, "The beginning")
        piece = begun.catch_up(FIRST)
        assert piece
        assert (piece.offset, piece.text) == (9, "ning")

    def test_a_new_attempt_begins_anew(self, begun: TextReader) -> None:
        with pytest.raises(LookupError):
            begun.hear((*SECOND, 0), 0, "Other")
        self.keep(begun, SECOND, "Other")
        piece = begun.catch_up(SECOND)
        assert piece
        assert (piece.offset, piece.text) == (0, "Other")

    def test_a_writer_may_begin_anew(self, begun: TextReader) -> None:
        with pytest.raises(LookupError):
            begun.hear((*FIRST, 1), 0, "Better")
        self.keep(begun, FIRST, "Better", number=1)
        piece = begun.catch_up(FIRST)
        assert piece
        assert (piece.offset, piece.text) == (0, "Better")
        assert begun.hear((*FIRST, 0), 9, "ning") is None

    def test_an_older_attempt_is_not_heard(self, begun: TextReader) -> None:
        begun.catch_up(SECOND)
        assert begun.hear((*FIRST, 0), 0, "The beginning") is None
        assert begun.catch_up(FIRST) is None

    def test_the_finished_text_brings_the_rest(self, begun: TextReader) -> None:
        piece = begun.finish(1, "The beginning and the end")
        assert piece
        assert (piece.offset, piece.text) == (9, "ning and the end")
        assert begun.hear((*FIRST, 0), 0, "The") is None
        assert begun.hear((*SECOND, 0), 0, "The") is None

    @pytest.mark.parametrize("text", ["Another text", "The", "The Begin"])
    def test_another_finished_text_comes_whole(self, begun: TextReader, text: str) -> None:
        piece = begun.finish(1, text)
        assert piece
        assert (piece.offset, piece.text) == (0, text)

    def test_the_next_round_begins_anew_though_its_text_is_the_same(self, begun: TextReader) -> None:
        begun.finish(1, "The beginning")
        piece = begun.finish(2, "The beginning")
        assert piece
        assert (piece.offset, piece.text) == (0, "The beginning")


@pytest.mark.django_db(transaction=True)
class TestSteps:
    def wants(self, job: Job, wanted: bool) -> None:
        Job.objects.filter(pk=job.pk).update(request={**job.request, "token_streaming": wanted})

    def run(self, job: Job, planted: dict[str, PlantedStep], text: str = "Some words to be streamed") -> None:
        def write(context: Context) -> Outcome:
            if context.emit:
                for piece in cut(text):
                    context.emit(piece)
            return Done({"content": text})

        planted["second"].behave = write
        runner.run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "completed"

    def test_steps_emit_where_it_was_asked_for(
        self, job: Job, planted: dict[str, PlantedStep], published: list[Any]
    ) -> None:
        self.wants(job, True)
        self.run(job, planted)
        pieces = [message for _, message in published if "text" in message]
        assert (
            "".join(piece["text"] for piece in pieces) == JobStep.objects.get(job=job, name="second").output["content"]
        )
        assert {tuple(piece["take"]) for piece in pieces} == {(1, 1, 0)}

    def test_nothing_is_emitted_unasked(self, job: Job, planted: dict[str, PlantedStep], published: list[Any]) -> None:
        self.wants(job, False)
        self.run(job, planted)
        assert planted["second"].runs[0].emit is None
        assert [message for _, message in published if "text" in message] == []

    @pytest.mark.usefixtures("without_redis")
    def test_redis_away_stops_no_job(self, job: Job, planted: dict[str, PlantedStep]) -> None:
        self.wants(job, True)
        self.run(job, planted)

    def test_the_writer_closes_when_the_step_fails(self, job: Job, published: list[Any]) -> None:
        job.request["token_streaming"] = True

        def fail() -> None:
            with emitting(job) as emit:
                assert emit
                emit("half a ")
                raise ValueError("the model hung up")

        with pytest.raises(ValueError, match="hung up"):
            fail()
        assert [message["text"] for _, message in published] == ["half a "]


@pytest.mark.django_db(transaction=True)
class TestTheBell:
    def test_it_rings_after_the_commit_only(self, job: Job, published: list[Any]) -> None:
        published.clear()
        with transaction.atomic():
            seq = append_event(job, EventKind.RETRIED, "One")
            assert published == []
        assert [message for _, message in published] == [{"seq": seq}]

    def test_it_does_not_ring_for_what_was_rolled_back(self, job: Job, published: list[Any]) -> None:
        published.clear()
        with transaction.atomic():
            append_event(job, EventKind.RETRIED, "One")
            transaction.set_rollback(True)
        assert published == []

    def test_without_redis_it_fails_quietly_and_pauses(
        self, job: Job, without_redis: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bell, "_silent_until", 0.0)
        with transaction.atomic():
            append_event(job, EventKind.RETRIED, "One")
        assert bell._silent_until > time.monotonic()
        assert bell.publish(bell.group_of(job.pk), {}) is False
        monkeypatch.setattr(bell, "_silent_until", 0.0)

    def test_the_log_is_read_as_of_the_jobs_state(self, job: Job, actor: Any) -> None:
        job.refresh_from_db()
        services.cancel_job(actor=actor, job_id=job.pk)
        assert [event.kind for event in events_after(job, 0)] == ["queued"]
        assert [event.kind for event in events_after(Job.objects.get(pk=job.pk), 1)] == ["cancelled"]
        assert newest_numbers([job.pk]) == {job.pk: 2}


def test_the_context_emits_nothing_by_default(planted: dict[str, PlantedStep]) -> None:
    context = Context(job=Job(), outputs={}, decisions=[])
    assert context.emit is None
    assert replace(context, emit=print).emit is print
