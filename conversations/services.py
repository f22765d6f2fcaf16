"""What people do in conversations: open one, say something, read what was said."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.actor import Actor
from conversations import answering, turns
from conversations.models import Message, Session
from core.errors import Conflict, Invalid, NotFound, Unavailable
from core.text import clean_text
from jobs import bell

MAX_MESSAGE_BYTES = 32 * 1024
MAX_SESSIONS = 1000
MAX_WAITING = 20
_KEY = re.compile(r"[\w.:@-]{1,128}")
_WISHES = ("enable_hitl_confirm", "enable_hitl_preview", "enable_hitl_review")
_POLL_SECONDS = 0.05
_FORGET_BATCH = 500


def open_session(*, actor: Actor, key: str) -> Session:
    """The actor's session of this name, made where there is none yet. Raises Invalid (field `session_id`), and Conflict
    where the person has a thousand sessions already."""
    return _find_session(actor, key) or _make_session(actor, key)


def _find_session(actor: Actor, key: str, *, locked: bool = False) -> Session | None:
    """The actor's session, or None. Raises Invalid for what can be no session's name."""
    if not _KEY.fullmatch(clean_text(key, "session_id")):
        message = "session_id must be 1 to 128 letters, digits or the characters _ . : @ -"
        raise Invalid(message, code="invalid_session_id", fields={"session_id": [message]})
    own = Session.objects.visible_to(actor).filter(key=key)
    return (own.select_for_update() if locked else own).first()


def _make_session(actor: Actor, key: str) -> Session:
    if Session.objects.visible_to(actor).count() >= MAX_SESSIONS:
        raise Conflict(f"You have {MAX_SESSIONS} sessions; go on in one of them.", code="too_many_sessions")
    session, _ = Session.objects.get_or_create(client_id=actor.client_id, owner=actor.username, key=key)
    session.refresh_from_db()
    return session


def get_session(actor: Actor, key: str) -> Session:
    session = Session.objects.visible_to(actor).filter(key=clean_text(key, "session_id")).first()
    if session is None:
        raise NotFound(f"Session '{key}' not found", code="session_not_found")
    return session


@transaction.atomic
def post_message(
    *, actor: Actor, key: str, text: str, context: Mapping[str, Any] | None = None, client_key: str = ""
) -> Message:
    """Stores what a person says, and with the next number the answer that it waits for, which is returned.

    The session's row is locked meanwhile: of two messages at once one is first, in number and in being answered.
    `context` may have the flags `enable_hitl_confirm`, `_preview` and `_review` for jobs that the message starts. The
    same `client_key` again is the same message (Conflict with another text). Raises Invalid `invalid_message`, and
    Conflict `too_many_waiting`.
    """
    _check_message(text, client_key)
    session = _find_session(actor, key, locked=True)
    if session is None:
        session = Session.objects.select_for_update().get(pk=_make_session(actor, key).pk)
    messages = Message.objects.filter(session=session)
    if client_key and (before := messages.filter(client_key=client_key).first()):
        if before.content != text:
            raise Conflict("This message id was used for another message.", code="message_id_reused")
        return messages.get(seq=before.seq + 1)
    if messages.filter(state=Message.State.PENDING).count() >= MAX_WAITING:
        raise Conflict("Too many of your messages wait for their answers; wait for them.", code="too_many_waiting")
    seq = session.next_seq
    wishes = {name: flag for name, flag in (context or {}).items() if name in _WISHES and isinstance(flag, bool)}
    data = {"context": wishes, "actor": _kept(actor)}
    said = Message(
        session=session, seq=seq, role=Message.Role.USER, content=text, data=data, client_key=client_key or None
    )
    answer = Message(session=session, seq=seq + 1, role=Message.Role.ASSISTANT, state=Message.State.PENDING)
    Message.objects.bulk_create([said, answer])
    Session.objects.filter(pk=session.pk).update(next_seq=seq + 2, updated_at=Now())
    bell.ring_group(turns.group_of(session.pk), seq)
    return answer


def _check_message(text: str, client_key: str) -> None:
    if not text.strip() or len(text.encode(errors="replace")) > MAX_MESSAGE_BYTES:
        raise Invalid(f"message must be 1 to {MAX_MESSAGE_BYTES:,} bytes of text", code="invalid_message")
    clean_text(text, "message")
    if client_key and not _KEY.fullmatch(clean_text(client_key, "client_message_id")):
        message = "client_message_id must be 1 to 128 letters, digits or the characters _ . : @ -"
        raise Invalid(message, code="invalid_client_message_id", fields={"client_message_id": [message]})


def _kept(actor: Actor) -> dict[str, Any]:
    """What it takes to act for the person later."""
    return {
        "role": actor.role,
        "surface": actor.surface,
        "display_name": actor.display_name,
        "user_id": str(actor.user_id) if actor.user_id else None,
    }


def await_answer(answer: Message) -> Message:
    """The answer when it is written: by this caller, or by whoever is at it. Raises Unavailable `answer_late`."""
    until = time.monotonic() + settings.ASSISTANT_SECONDS
    while True:
        answering.answer_waiting(answer.session_id)
        answer.refresh_from_db()
        if answer.state != Message.State.PENDING:
            return answer
        if time.monotonic() > until:
            raise Unavailable("The answer takes long; it will be in the session's history.", code="answer_late")
        time.sleep(_POLL_SECONDS)


def say(**said: Any) -> Message:
    """`post_message` and its answer, when it is there. Raises as both."""
    return await_answer(post_message(**said))


def forget_sessions() -> int:
    """Deletes the sessions idle for longer than settings.CONVERSATION_KEEP_DAYS (0 keeps all); returns how many."""
    if not settings.CONVERSATION_KEEP_DAYS:
        return 0
    oldest = Now() - timedelta(days=settings.CONVERSATION_KEEP_DAYS)
    forgotten = 0
    while batch := list(Session.objects.filter(updated_at__lt=oldest).order_by("pk")[:_FORGET_BATCH]):
        Session.objects.filter(pk__in=[one.pk for one in batch], updated_at__lt=oldest).delete()
        forgotten += len(batch)
    return forgotten
