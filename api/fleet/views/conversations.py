"""Conversations with the assistant: sessions, messages, history. Their streams are in api/fleet/chat_streams.py."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import actor_of
from api.fleet.chat import answer_document, message_document, said_in
from api.fleet.views import FleetView
from api.rendering import whole_seconds
from conversations.models import Message, Session
from conversations.services import get_session, open_session, say

_HISTORY = 1000
_SESSIONS = 200


class Messages(FleetView):
    rate = "messages"

    def post(self, request: Request) -> Response:
        """Says something and waits for the answer, on threads of its own (config/asgi.py)."""
        said = said_in(request)
        return Response(answer_document(said["actor"], said["key"], say(**said)))


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
        """The last thousand messages, in their order; an answer that is still being written is not yet one."""
        session = get_session(actor_of(request), session_id)
        written = Message.objects.filter(session=session).exclude(state=Message.State.PENDING)
        messages = [message_document(one) for one in reversed(written.order_by("-seq")[:_HISTORY])]
        return Response({"session_id": session.key, "messages": messages})
