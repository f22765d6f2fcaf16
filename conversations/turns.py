"""Answers messages, one after the other in each session, whoever asks for it: the web process that took the message, or
the sweeper where that died.

A turn is claimed with a lease and an attempt. What an action changes is committed together with the answer that tells
of it, so that an answer that is begun again repeats no effect.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.models import User
from conversations import actions, rules
from conversations.actions import Reply, Turn
from conversations.models import Message, Session
from core.errors import Forbidden
from inference.writer import Emit
from jobs import bell
from jobs.models import Job
from jobs.states import State
from jobs.streaming import TextWriter, cut

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
# A message that nobody began to answer for so long was left behind.
LEFT_SECONDS = 5
_LEASE_SECONDS = 30
_POLL_SECONDS = 0.1
_MENTIONED = 6
SORRY = "Something went wrong here, and nothing was changed. Please say it again."


class Lost(Exception):
    """Somebody else answers this message now: nothing more may be written."""


@dataclass(frozen=True)
class Claim:
    """The right to write the answer `message_id`, good while its attempt is still this one."""

    session_id: int
    message_id: int
    seq: int
    attempt: int


# How an answer is made: it may take long, opens the turn (`opened`) whenever it acts, and says what it writes.
Assistant: TypeAlias = Callable[[Claim, Emit], None]


def group_of(session_id: int) -> str:
    """The Channels group of those who follow the session."""
    return f"conversation.{session_id}"


def answer_waiting(session_id: int, assistant: Assistant | None = None) -> None:
    """Answers the messages of the session that wait, in their order, unless somebody else is at it."""
    while claim := _claim(session_id):
        writer = TextWriter(group_of(session_id), (claim.seq, claim.attempt))
        try:
            (assistant or by_rules)(claim, writer)
        except Lost:
            logger.warning("conversation %s: message %s is answered by somebody else", session_id, claim.seq)
            return
        except DatabaseError:
            raise  # the lease runs out, and the sweeper goes on
        except Exception:
            logger.exception("conversation %s: message %s could not be answered", session_id, claim.seq)
            fail(claim)
        finally:
            writer.close()


def _claim(session_id: int) -> Claim | None:
    """Takes the oldest answer that waits, if nobody writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE conversation_message
            SET attempt = attempt + 1, lease_until = now() + make_interval(secs => %(lease)s)
            WHERE id = (SELECT id FROM conversation_message WHERE session_id = %(session)s AND state = 'pending'
                        ORDER BY seq LIMIT 1)
              AND state = 'pending' AND (lease_until IS NULL OR lease_until < now())
            RETURNING id, seq, attempt
            """,
            {"session": session_id, "lease": _LEASE_SECONDS + settings.ASSISTANT_PATIENCE_SECONDS},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    claim = Claim(session_id, *row)
    if claim.attempt > MAX_ATTEMPTS:
        fail(claim)
        return _claim(session_id)
    return claim


def keep_lease(claim: Claim, seconds: float) -> None:
    """Before what may take so long. Raises Lost."""
    mine = Message.objects.filter(pk=claim.message_id, attempt=claim.attempt, state=Message.State.PENDING)
    if not mine.update(lease_until=Now() + timedelta(seconds=seconds + _LEASE_SECONDS)):
        raise Lost


@contextmanager
def opened(claim: Claim) -> Iterator[tuple[Turn, Message]]:
    """The turn and its answer, under the locks of both; what is changed of session and answer is saved in the end.

    Raises Lost where the claim is old.
    """
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=claim.session_id)
        mine = Message.objects.select_for_update().filter(pk=claim.message_id, attempt=claim.attempt)
        answer = mine.filter(state=Message.State.PENDING).first()
        if answer is None:
            raise Lost
        answer.data.setdefault("asked", session.asked)
        said = Message.objects.get(session=session, seq=claim.seq - 1)
        turn = Turn(
            actor=_actor_of(session, said),
            session=session,
            text=said.content,
            context=said.data.get("context", {}),
            key=f"conversation:{claim.message_id}",
            asked=answer.data["asked"],
            mentioned=_mentioned(session, claim.seq),
        )
        yield turn, answer
        session.updated_at = Now()
        session.save(update_fields=["job", "asked", "asked_data", "updated_at"])
        answer.save(update_fields=["content", "data", "state", "lease_until"])
        if answer.state != Message.State.PENDING:
            bell.ring_group(group_of(claim.session_id), claim.seq)


def _actor_of(session: Session, said: Message) -> Actor:
    """Whoever said it, with the rights they had. Raises Forbidden where they may not come in any more."""
    kept = said.data.get("actor", {})
    user_id = UUID(kept["user_id"]) if kept.get("user_id") else None
    if user_id and not User.objects.filter(pk=user_id, is_active=True).exists():
        raise Forbidden("This account is closed.", code="account_closed")
    return Actor(
        client_id=session.client_id,
        username=session.owner,
        role=kept.get("role", "user"),
        surface=kept.get("surface", "system"),
        display_name=kept.get("display_name", ""),
        user_id=user_id,
    )


def _mentioned(session: Session, before: int) -> tuple[str, ...]:
    """The skills of the last answer that named any."""
    answers = Message.objects.filter(session=session, seq__lt=before, role=Message.Role.ASSISTANT).order_by("-seq")
    named = (data.get("skills") for data in answers.values_list("data", flat=True)[:_MENTIONED])
    return tuple(next((skills for skills in named if skills), ()))


def keep(answer: Message, reply: Reply, *, before: str = "") -> None:
    """Puts the reply into the answer; `before` is what the answer says first."""
    skills = [*answer.data.get("skills", []), *reply.skills]
    answer.content = f"{before}\n\n{reply.text}".strip()
    answer.data = {**answer.data, **reply.data(), "skills": list(dict.fromkeys(skills))}


def finish(answer: Message, state: Message.State = Message.State.DONE) -> None:
    answer.state, answer.lease_until = state, None


def fail(claim: Claim, text: str = SORRY) -> None:
    """Ends the answer with an apology; what actions did before, they did."""
    try:
        with opened(claim) as (_, answer):
            answer.content = f"{answer.content}\n\n{text}".strip()
            finish(answer, Message.State.FAILED)
    except Lost:
        logger.info("conversation %s: message %s is not ours to end", claim.session_id, claim.seq)
    except Forbidden as problem:
        Message.objects.filter(pk=claim.message_id, attempt=claim.attempt).update(
            state=Message.State.FAILED, content=problem.message, lease_until=None
        )


def by_rules(claim: Claim, emit: Emit) -> None:
    """The assistant without a model. Where a job was set going it waits a little for what the job says next."""
    with opened(claim) as (turn, answer):
        if not answer.content:
            reply = rules.reply_to(turn)
            keep(answer, reply)
            answer.data["awaits_job"] = reply.awaits_job and settings.ASSISTANT_PATIENCE_SECONDS > 0
        if not answer.data.get("awaits_job"):
            finish(answer)
            return
    for piece in cut(answer.content):
        emit(piece)
    await_job(answer.data["job_id"])
    with opened(claim) as (turn, answer):
        if job := turn.job:
            keep(answer, actions.standing(turn, job), before=answer.content)
        finish(answer)


def await_job(job_id: Any) -> None:
    """Waits until the job asks, ends, or has been waited for long enough."""
    until = time.monotonic() + settings.ASSISTANT_PATIENCE_SECONDS
    while time.monotonic() < until:
        state = Job.objects.filter(pk=job_id).values_list("state", flat=True).first()
        if state not in (State.PENDING, State.RUNNING):
            return
        time.sleep(_POLL_SECONDS)


def left_behind() -> list[int]:
    """Sessions with a message that nobody answers: its lease ran out, or nobody began."""
    begun = Q(lease_until__lt=Now())
    never = Q(lease_until=None, at__lt=Now() - timedelta(seconds=LEFT_SECONDS))
    waiting = Message.objects.filter(begun | never, state=Message.State.PENDING).order_by()
    return list(waiting.values_list("session_id", flat=True).distinct()[:100])
