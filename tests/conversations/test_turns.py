"""Turns: one at a time in a session, survived by their process, never done twice, forgotten when old."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from pytest_django import Settings

from accounts.models import User
from conversations import answering, services, tasks, turns
from conversations.models import Message, Session
from conversations.turns import Claim, Lost, finish, opened
from core.errors import Conflict, Unavailable
from inference.writer import Emit
from jobs.models import Job
from tests.conftest import Tenant

pytestmark = pytest.mark.django_db(transaction=True)


def post(tenant: Tenant, text: str = "help", **more: Any) -> Message:
    return services.post_message(actor=tenant.actor, key="s", text=text, **more)


def age(seconds: int) -> None:
    """Lets time pass for all messages."""
    passed = timedelta(seconds=seconds)
    Message.objects.update(at=Now() - passed)
    Message.objects.filter(lease_until__isnull=False).update(lease_until=Now() - passed)


def use(monkeypatch: pytest.MonkeyPatch, assistant: Callable[[Claim, Emit], None]) -> None:
    monkeypatch.setattr(answering, "assistant", lambda: assistant)


def test_a_message_has_its_answers_place_before_there_is_one(jane: Tenant) -> None:
    answer = post(jane)
    assert (answer.seq, answer.state, answer.content) == (2, "pending", "")
    assert Session.objects.get().next_seq == 3
    done = services.await_answer(answer)
    assert (done.state, done.attempt, done.lease_until) == ("done", 1, None)


def test_the_sweeper_answers_what_was_left(jane: Tenant) -> None:
    answer = post(jane)
    tasks.sweep()
    answer.refresh_from_db()
    assert answer.state == "pending", "it is not left behind yet"
    age(turns.LEFT_SECONDS + 1)
    tasks.sweep()
    answer.refresh_from_db()
    assert answer.state == "done"


def test_who_dies_in_the_middle_is_followed_and_writes_no_more(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The effect of the first attempt was committed with its answer; the second only finishes it."""

    def dies(claim: Claim, emit: Emit) -> None:
        raise DatabaseError("the server went away")

    use(monkeypatch, dies)
    answer = post(jane, "Create a skill that reviews SQL migrations")
    with pytest.raises(DatabaseError):
        answering.answer_waiting(answer.session_id)
    first = Claim(answer.session_id, answer.pk, answer.seq, 1)
    answering.answer_waiting(answer.session_id)
    answer.refresh_from_db()
    assert (answer.state, answer.attempt) == ("pending", 1), "its lease holds"
    age(120)
    monkeypatch.undo()
    tasks.sweep()
    answer.refresh_from_db()
    assert (answer.state, answer.attempt) == ("done", 2)
    assert Job.objects.count() == 1
    with pytest.raises(Lost), opened(first):
        pass


def test_what_was_done_is_not_done_again(jane: Tenant, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Killed between what it did and what the job says next."""
    settings.ASSISTANT_PATIENCE_SECONDS = 1

    def killed(job_id: Any) -> None:
        raise DatabaseError("killed")

    monkeypatch.setattr("jobs.tasks.ring", lambda *args, **options: None)
    answer = post(jane, "Create a skill that reviews SQL migrations")
    with monkeypatch.context() as patch:
        patch.setattr("conversations.offline.await_job", killed)
        with pytest.raises(DatabaseError):
            answering.answer_waiting(answer.session_id)
    age(120)
    tasks.sweep()
    answer.refresh_from_db()
    assert answer.state == "done"
    assert answer.content.count("I'll help you create") == 1
    assert answer.content.endswith("(0%).")
    assert Job.objects.count() == 1


def test_a_message_that_kills_every_time_is_given_up(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(claim: Claim, emit: Emit) -> None:
        raise DatabaseError("again")

    use(monkeypatch, dies)
    answer = post(jane)
    for _ in range(turns.MAX_ATTEMPTS):
        with pytest.raises(DatabaseError):
            answering.answer_waiting(answer.session_id)
        age(120)
    answering.answer_waiting(answer.session_id)
    answer.refresh_from_db()
    assert (answer.state, answer.content) == ("failed", turns.SORRY)


def test_a_fault_of_ours_is_told_and_does_not_stop_the_session(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(claim: Claim, emit: Emit) -> None:
        with opened(claim) as (turn, _):
            turn.ask("something")
            raise KeyError("planted")

    use(monkeypatch, faulty)
    failed = services.say(actor=jane.actor, key="s", text="help")
    assert (failed.state, failed.content) == ("failed", turns.SORRY)
    assert Session.objects.get().asked == "", "what it did was undone"
    monkeypatch.undo()
    assert services.say(actor=jane.actor, key="s", text="help").state == "done"


def test_many_answerers_make_one_answer_each_in_order(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def note(claim: Claim, emit: Emit) -> None:
        with opened(claim) as (turn, answer):
            told.append(claim.seq)
            answer.content = turn.text
            finish(answer)

    use(monkeypatch, note)
    barrier, said = threading.Barrier(8), []

    def speak(number: int) -> None:
        try:
            barrier.wait(10)
            said.append(services.say(actor=jane.actor, key="s", text=f"{number}").content)
        finally:
            connection.close()

    services.open_session(actor=jane.actor, key="s")
    threads = [threading.Thread(target=speak, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told == list(range(2, 17, 2))
    assert sorted(said) == [f"{number}" for number in range(8)]
    messages = list(Message.objects.order_by("seq").values_list("content", flat=True))
    assert messages[::2] == messages[1::2]


def test_the_same_id_at_once_is_one_message(jane: Tenant) -> None:
    barrier, answers = threading.Barrier(6), []

    def speak() -> None:
        try:
            barrier.wait(10)
            answers.append(services.say(actor=jane.actor, key="s", text="help", client_key="m-1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=speak) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert Message.objects.count() == 2


def test_only_so_many_wait(jane: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MAX_WAITING", 2)
    post(jane)
    post(jane)
    with pytest.raises(Conflict, match="Too many"):
        post(jane)


def test_nobody_waits_for_ever(jane: Tenant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ASSISTANT_SECONDS = 0
    answer = post(jane)
    assert turns.claim(answer.session_id), "somebody else is at it"
    with pytest.raises(Unavailable, match="history"):
        services.await_answer(answer)


def test_a_closed_account_says_nothing_more(jane: Tenant) -> None:
    answer = post(jane)
    turns.claim(answer.session_id)
    age(120)
    User.objects.filter(pk=jane.user.pk).update(is_active=False)
    answering.answer_waiting(answer.session_id)
    answer.refresh_from_db()
    assert (answer.state, answer.content) == ("failed", "This account is closed.")


@pytest.mark.parametrize(("days", "left"), [(90, ["new"]), (0, ["new", "old"])])
def test_idle_sessions_are_forgotten(jane: Tenant, settings: Settings, days: int, left: list[str]) -> None:
    settings.CONVERSATION_KEEP_DAYS = days
    for key in ("old", "new"):
        services.say(actor=jane.actor, key=key, text="help")
    Session.objects.filter(key="old").update(updated_at=Now() - timedelta(days=91))
    tasks.forget()
    assert sorted(Session.objects.values_list("key", flat=True)) == left
    assert Message.objects.count() == 2 * len(left)
