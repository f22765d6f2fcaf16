"""The answering of one message: claimed with a lease and an attempt, opened under locks, kept, finished.

What an action changes is committed together with the answer that tells of it, so that an answer that is begun again
repeats no effect.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.models import User
from conversations.actions import Reply, Turn
from conversations.models import Message, Session
from core.errors import Forbidden
from jobs import bell
from jobs.models import Job
from jobs.states import State

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


def group_of(session_id: int) -> str:
    """The Channels group of those who follow the session."""
    return f"conversation.{session_id}"


def claim(session_id: int) -> Claim | None:
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
    taken = Claim(session_id, *row)
    if taken.attempt > MAX_ATTEMPTS:
        fail(taken)
        return claim(session_id)
    return taken


def keep_lease(answer: Message, seconds: float) -> None:
    """Before what may take so long."""
    answer.lease_until = Now() + timedelta(seconds=seconds + _LEASE_SECONDS)


@contextmanager
def opened(claim: Claim) -> Iterator[tuple[Turn, Message]]:
    """The turn and its answer, under the locks of both; what is changed of session and answer is saved in the end.

    Raises Lost where the claim is old.
    """
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=claim.session_id)
        both = Message.objects.select_for_update().filter(session=session, seq__in=[claim.seq - 1, claim.seq])
        said, answer = both.order_by("seq")
        if (answer.attempt, answer.state) != (claim.attempt, Message.State.PENDING):
            raise Lost
        answer.data.setdefault("asked", session.asked)
        before = session.job_id, session.asked, session.asked_data
        turn = Turn(
            actor=_actor_of(session, said, is_new=claim.attempt == 1),
            session=session,
            text=said.content,
            context=said.data.get("context", {}),
            key=f"conversation:{claim.message_id}",
            asked=answer.data["asked"],
            mentions=lambda: _mentioned(session, claim.seq),
        )
        yield turn, answer
        if before != (session.job_id, session.asked, session.asked_data):
            session.save(update_fields=["job", "asked", "asked_data"])
        answer.save(update_fields=["content", "data", "state", "lease_until"])
        if answer.state != Message.State.PENDING:
            bell.ring_group(group_of(claim.session_id), claim.seq)


def _actor_of(session: Session, said: Message, *, is_new: bool) -> Actor:
    """Whoever said it, with the rights they had. Raises Forbidden where they may not come in any more; who said it a
    moment ago was let in a moment ago."""
    kept = said.data.get("actor", {})
    user_id = UUID(kept["user_id"]) if kept.get("user_id") else None
    if user_id and not is_new and not User.objects.filter(pk=user_id, is_active=True).exists():
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


def keep(answer: Message, reply: Reply, *, before: str = "", after: str = "") -> None:
    """Puts the reply into the answer, between what the answer says first and last."""
    skills = [*answer.data.get("skills", []), *reply.skills]
    answer.content = "\n\n".join(part for part in (before, reply.text, after) if part)
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
