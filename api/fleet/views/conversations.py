"""Conversations with the assistant, at once or as a stream of its answer in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.fleet.contract import status_of
from api.fleet.ownership import check_user
from api.fleet.serializers import MessageBody
from api.fleet.views import FleetView
from api.rendering import whole_seconds
from api.streams import sse
from conversations.models import Message, Session
from conversations.replies import Reply
from conversations.services import get_session, open_session, say

# Where the caller names no session, as in the original.
_DEFAULT_SESSION = "default"
_HISTORY = 1000
_SESSIONS = 200
_PIECE = re.compile(r"\S*\s*")


class Messages(FleetView):
    def post(self, request: Request) -> Response:
        key, reply = _said(self, request)
        return Response({"session_id": key, **_reply(reply)})


class MessageStream(FleetView):
    def post(self, request: Request) -> StreamingHttpResponse:
        """The words as `stream` messages, then the whole answer; what goes wrong is told before the stream begins."""
        key, reply = _said(self, request)
        response = StreamingHttpResponse(_pieces(key, reply), content_type="text/event-stream; charset=utf-8")
        response["Cache-Control"] = "no-cache, no-transform"
        response["X-Accel-Buffering"] = "no"
        return response


class SessionList(FleetView):
    def get(self, request: Request) -> Response:
        """The caller's own, the last used first."""
        own = Session.objects.visible_to(actor_of(request))
        sessions = [
            {
                "id": one.key,
                "status": one.status,
                "created_at": whole_seconds(one.created_at),
                "updated_at": whole_seconds(one.updated_at),
                "job_id": str(one.job_id) if one.job_id else None,
            }
            for one in own[:_SESSIONS]
        ]
        return Response({"sessions": sessions, "total": own.count()})


class SessionDetail(FleetView):
    def post(self, request: Request, session_id: str) -> Response:
        session = open_session(actor=actor_of(request), key=session_id)
        return Response(
            {
                "session_id": session.key,
                "status": session.status,
                "created_at": whole_seconds(session.created_at),
                "message": "Session is open",
            }
        )


class History(FleetView):
    def get(self, request: Request, session_id: str) -> Response:
        """The last thousand messages, in their order."""
        session = get_session(actor_of(request), session_id)
        newest = Message.objects.filter(session=session).order_by("-seq")[:_HISTORY]
        messages = [
            {"role": one.role, "content": one.content, "created_at": whole_seconds(one.at), "sequence": one.seq}
            for one in reversed(newest)
        ]
        return Response({"session_id": session.key, "messages": messages})


def _said(view: FleetView, request: Request) -> tuple[str, Reply]:
    actor = actor_of(request)
    body = view.read_body(MessageBody)
    check_user(actor, body["user_id"])
    key = body["session_id"] or _DEFAULT_SESSION
    return key, say(actor=actor, key=key, text=body["message"], context=body.get("context"))


def _reply(reply: Reply) -> dict[str, Any]:
    job = reply.job
    return {
        "response": reply.text,
        "requires_action": reply.requires_action,
        "reasoning": "",
        "suggested_actions": list(reply.actions),
        "metadata": {
            "job_id": str(job.pk) if job else None,
            "job_status": status_of(job) if job else None,
            "skills": list(reply.skills),
        },
    }


def _pieces(key: str, reply: Reply) -> Iterator[bytes]:
    for piece in _PIECE.findall(reply.text):
        if piece:
            yield sse({"type": "stream", "data": {"field": "response", "content": piece}})
    yield sse({"type": "prediction", "data": {"fields": {"session_id": key, **_reply(reply)}}})
    yield sse(b"[DONE]")
