"""Messages of conversations as Fleet shows them: the document's keys, the original's, and what the person is asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from rest_framework.request import Request

from accounts.actor import Actor
from api.authentication import actor_of
from api.fleet.contract import status_of
from api.fleet.ownership import check_user
from api.fleet.serializers import MessageBody
from api.rendering import whole_seconds
from conversations.models import Message
from jobs.models import Job

# Where the caller names no session, as in the original.
_DEFAULT_SESSION = "default"


def said_in(request: Request) -> dict[str, Any]:
    """A POST's message in the words of `conversations.services.post_message`."""
    body, actor = MessageBody.read(request.data), actor_of(request)
    check_user(actor, body["user_id"])
    return {
        "actor": actor,
        "key": body["session_id"] or _DEFAULT_SESSION,
        "text": body["message"],
        "context": body.get("context"),
        "client_key": body["client_message_id"] or request.headers.get("Idempotency-Key", ""),
    }


def answer_document(actor: Actor, key: str, answer: Message) -> dict[str, Any]:
    """`requires_action` says whether the person is asked something, `action` what: {"type", "data"}."""
    data, job = answer.data, _job_of(actor, answer)
    return {
        "response": answer.content,
        "session_id": key,
        "requires_action": data.get("action") is not None,
        "action": data.get("action"),
        "reasoning": "",
        "suggested_actions": data.get("suggested_actions", []),
        "sequence": answer.seq,
        "metadata": {
            "job_id": str(job.pk) if job else None,
            "job_status": status_of(job) if job else None,
            "skills": data.get("skills", []),
        },
    }


def _job_of(actor: Actor, answer: Message) -> Job | None:
    try:
        return Job.objects.visible_to(actor).filter(pk=UUID(answer.data.get("job_id") or "")).first()
    except (ValueError, ValidationError):
        return None


def message_document(message: Message) -> dict[str, Any]:
    """One line of a history."""
    shown: dict[str, Any] = {
        "role": message.role,
        "content": message.content,
        "created_at": whole_seconds(message.at),
        "sequence": message.seq,
    }
    if message.role == Message.Role.ASSISTANT:
        action = message.data.get("action")
        shown |= {"requires_action": action is not None, "action": action, "job_id": message.data.get("job_id")}
        shown |= {"skills": message.data.get("skills", [])}
    elif message.client_key:
        shown["client_message_id"] = message.client_key
    return shown
