"""Conversations as they are said: a message and the stream of its answer in one call, and a session's stream to resume.

What has a number is a message of the session, under its own sequence. The pieces of an answer have none: what counts
is the answer itself, which comes whole after them.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.db.models import Max
from rest_framework.request import Request

from accounts.actor import Actor
from api.authentication import actor_of
from api.fleet import messages
from api.fleet.chat import answer_document, said_in
from api.fleet.views import FleetView
from api.fleet.views.conversations import Messages
from api.listening import Hub, Message
from api.streams import EventStream, cursor_of, sse
from conversations import answering, models, turns
from conversations.services import get_session, post_message
from jobs.streaming import Piece, TextReader, cut

logger = logging.getLogger(__name__)

pool = ThreadPoolExecutor(settings.ASSISTANT_THREADS, thread_name_prefix="assistant")
_GROUP = re.compile(r"conversation\.(\d+)")


def _newest(groups: Collection[str]) -> dict[str, int]:
    """The number of each session's newest message that is written."""
    sessions = [int(found[1]) for group in groups if (found := _GROUP.fullmatch(group))]
    written = models.Message.objects.filter(session__in=sessions).exclude(state=models.Message.State.PENDING)
    newest = written.order_by().values_list("session").annotate(newest=Max("seq"))
    return {turns.group_of(session_id): seq for session_id, seq in newest}


def _answer(session_id: int) -> None:
    """In a thread of its own, whether or not anybody still listens."""
    close_old_connections()
    try:
        answering.answer_waiting(session_id)
    except Exception:
        logger.exception("conversation %s waits for the sweeper", session_id)
    finally:
        close_old_connections()


class MessageStream(EventStream):
    """POST /conversational/stream: the message is stored before the first byte; GET on the session resumes."""

    method = "POST"
    route = "fleet:message-stream"
    view = Messages
    hub = Hub(_newest)

    def open(self, request: Request, **arguments: str) -> ConversationFeed:
        said = said_in(request)
        answer = post_message(**said)
        return ConversationFeed(answer.session, answer.seq - 2, answer.seq)


class SessionStream(EventStream):
    """GET /conversational/session/{session_id}/stream: what was said after `Last-Event-ID`, to the last answer."""

    route = "fleet:session-stream"
    view = FleetView
    hub = MessageStream.hub

    def open(self, request: Request, **arguments: str) -> ConversationFeed:
        session = get_session(actor_of(request), arguments["session_id"])
        cursor = cursor_of(request, session.next_seq - 1)
        return ConversationFeed(session, cursor, session.next_seq - 1)


class ConversationFeed:
    """The messages of a session after `cursor` up to number `last`, and the text of the one that is being written."""

    def __init__(self, session: models.Session, cursor: int, last: int) -> None:
        self.session_id, self.key = session.pk, session.key
        self.actor = Actor(client_id=session.client_id, username=session.owner)
        self.group = turns.group_of(session.pk)
        self.ended = False
        self._cursor, self._last = cursor, last
        self._text = TextReader(self.group)
        self._is_begun = False
        # The answer's log lines and spans belong to the request that asked for it.
        self._context = copy_context()

    def check(self, actor: Actor) -> None:
        get_session(actor, self.key)

    def heartbeat(self) -> bytes:
        return messages.heartbeat(time.time())

    def hear(self, message: Message) -> bytes | None:
        if "text" not in message:
            return b"" if message.get("seq", self._cursor + 1) <= self._cursor else None
        seq, attempt, number = message["take"]
        if seq != self._cursor + 1:
            return b""
        try:
            piece = self._text.hear((seq, attempt, number), message["offset"], message["text"])
        except LookupError:
            return None
        return _piece(piece) if piece else b""

    def read(self) -> bytes:
        told = b"".join(part for message in self._unread() for part in self._told(message))
        self.ended = self._cursor >= self._last
        if not self.ended and not self._is_begun:
            self._is_begun = True
            pool.submit(self._context.run, _answer, self.session_id)
        return told + (messages.DONE if self.ended else b"")

    def _unread(self) -> list[models.Message]:
        after = models.Message.objects.filter(session=self.session_id, seq__gt=self._cursor, seq__lte=self._last)
        return list(after.order_by("seq")[:_PAGE])

    def _told(self, message: models.Message) -> Iterator[bytes]:
        """Up to the first answer that is not written; what comes after it waits."""
        if message.seq != self._cursor + 1:
            return
        if message.state == models.Message.State.PENDING:
            if message.attempt and (piece := self._text.catch_up((message.seq, message.attempt))):
                yield _piece(piece)
            return
        self._cursor = message.seq
        if message.role == models.Message.Role.USER:
            data = {"session_id": self.key, "sequence": message.seq, "client_message_id": message.client_key}
            yield sse({"type": "received", "data": data}, message.seq)
            return
        if piece := self._text.finish(message.seq, message.content):
            yield from _pieces(piece)
        fields = answer_document(self.actor, self.key, message)
        yield sse({"type": "prediction", "data": {"fields": fields}}, message.seq)


# So many messages are told in one go.
_PAGE = 100


def _pieces(piece: Piece) -> Iterator[bytes]:
    """A long rest of a text as several pieces that end where words end."""
    offset = piece.offset
    for part in cut(piece.text):
        yield _piece(Piece(offset, part))
        offset += len(part)


def _piece(piece: Piece) -> bytes:
    """`reset` says that the answer's text begins anew."""
    data: dict[str, Any] = {"field": "response", "content": piece.text, "offset": piece.offset}
    return sse({"type": "stream", "data": data | ({"reset": True} if piece.offset == 0 else {})})
