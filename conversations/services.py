"""What people do in conversations: open one, say something, read what was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.actor import Actor
from conversations.models import Message, Session
from conversations.replies import Reply, reply_to
from core.errors import Invalid, NotFound
from core.text import clean_text

MAX_MESSAGE = 10_000
_KEY = re.compile(r"[\w.:@-]{1,128}")


def open_session(*, actor: Actor, key: str) -> Session:
    """The actor's session of this name, made where there is none yet. Raises Invalid (field `session_id`)."""
    if not _KEY.fullmatch(clean_text(key, "session_id")):
        message = "session_id must be 1 to 128 letters, digits or the characters _ . : @ -"
        raise Invalid(message, code="invalid_session_id", fields={"session_id": [message]})
    session, made = Session.objects.get_or_create(client_id=actor.client_id, owner=actor.username, key=key)
    if made:
        session.refresh_from_db()
    return session


def get_session(actor: Actor, key: str) -> Session:
    session = Session.objects.visible_to(actor).filter(key=clean_text(key, "session_id")).first()
    if session is None:
        raise NotFound(f"Session '{key}' not found", code="session_not_found")
    return session


@transaction.atomic
def say(*, actor: Actor, key: str, text: str, context: Mapping[str, Any] | None = None) -> Reply:
    """Stores what a person says and what the assistant answers, in one transaction.

    The session's row is locked meanwhile: two messages at once are answered one after the other. `context` may have the
    flags `enable_hitl_confirm`, `_preview` and `_review` for jobs that the message starts. Raises Invalid.
    """
    if not text.strip() or len(text) > MAX_MESSAGE:
        message = f"message must be 1 to {MAX_MESSAGE} characters"
        raise Invalid(message, code="invalid_message", fields={"message": [message]})
    clean_text([text, dict(context or {})], "message")
    session = Session.objects.select_for_update().get(pk=open_session(actor=actor, key=key).pk)
    _append(session, Message.Role.USER, text, {})
    reply = reply_to(actor, session, text, context or {})
    _append(session, Message.Role.ASSISTANT, reply.text, reply.data())
    session.updated_at = Now()
    session.save(update_fields=["job", "asked", "next_seq", "updated_at"])
    return reply


def _append(session: Session, role: Message.Role, content: str, data: dict[str, Any]) -> None:
    Message.objects.create(session=session, seq=session.next_seq, role=role, content=content, data=data)
    session.next_seq += 1
