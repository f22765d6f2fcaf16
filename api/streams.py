"""Server-sent events for any contract: who may listen, how many may, resuming, heartbeats, and when a stream ends.

A contract's folder derives from EventStream and says what there is to read (a Feed).
"""

from __future__ import annotations

import asyncio
import io
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, Protocol

from channels.exceptions import StopConsumer
from channels.generic.http import AsyncHttpConsumer
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError
from rest_framework.exceptions import MethodNotAllowed, Throttled
from rest_framework.request import Request

from accounts.actor import Actor
from api.authentication import actor_of
from api.listening import Hub, Message, on_thread
from api.middleware import SAFE_HEADERS, request_id_of
from api.observing import tell
from api.rendering import to_json
from api.views import ContractView
from core import logs, metrics, tracing
from core.errors import Invalid

logger = logging.getLogger(__name__)

# EventSource clients come back after so many milliseconds.
RETRY = b"retry: 3000\n\n"
HEARTBEAT_SECONDS = 15.0
# A credential that was revoked, or a right that was taken, ends a stream within this time.
RECHECK_SECONDS = 60.0
# After the database did not answer.
_AGAIN_SECONDS = 2.0
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
    **SAFE_HEADERS,
}
_NUMBER = re.compile(r"[0-9]{1,9}")


def sse(data: Mapping[str, Any] | bytes, seq: int | None = None) -> bytes:
    """One message, unnamed; `seq` is the number from which a client resumes."""
    body = data if isinstance(data, bytes) else to_json(data)
    return (b"" if seq is None else b"id: %d\n" % seq) + b"data: " + body + b"\n\n"


def cursor_of(request: Request, newest: int) -> int:
    """Where the client wants to go on: its Last-Event-ID, as header or as `?last_event_id=`, or 0. Raises Invalid."""
    given = request.headers.get("Last-Event-ID") or request.query_params.get("last_event_id") or "0"
    if not _NUMBER.fullmatch(given) or int(given) > newest:
        raise Invalid(f"Last-Event-ID must be a whole number from 0 to {newest}", code="invalid_last_event_id")
    return int(given)


class Feed(Protocol):
    """What one viewer gets. `read` and `check` run on threads and may ask the database; `hear` may not."""

    group: str
    ended: bool

    def read(self) -> bytes:
        """All there is to send now."""
        ...

    def hear(self, message: Message) -> bytes | None:
        """What to send on a message of the group; None to have `read` called."""
        ...

    def check(self, actor: Actor) -> None:
        """Raises where the actor may not see it any more."""
        ...

    def heartbeat(self) -> bytes: ...


class Places:
    """How many streams this process holds, in all and for each person."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def taken(self, actor: Actor) -> Iterator[None]:
        """A place for one stream; raises Throttled (429 with Retry-After)."""
        person = (actor.client_id, actor.username)
        if self._taken[person] >= settings.STREAMS_PER_USER:
            raise Throttled(5, "You have too many streams open; close one or come back later.")
        if self._taken.total() >= settings.STREAMS_PER_PROCESS:
            raise Throttled(5, "Too many streams are open; come back later.")
        self._taken[person] += 1
        try:
            with metrics.VIEWERS.track_inprogress():
                yield
        finally:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]


PLACES = Places()


class EventStream(AsyncHttpConsumer):
    """Checks the caller as the contract's views do, then sends what its feed has until that ends or the client goes.

    The answer goes on after `http_request` returns, in a task: Channels would not hear of the client's leaving before.
    """

    # The process has one channel for all its streams (Hub): one for each would cost more, and fail without Redis.
    channel_layer_alias = ""
    method: ClassVar[str] = "GET"
    route: ClassVar[str]
    view: ClassVar[type[ContractView]]
    hub: ClassVar[Hub]

    def __init__(self) -> None:
        super().__init__()
        self._received = bytearray()
        self._answering: asyncio.Task[None] | None = None
        self._started = False
        self._begun = time.perf_counter()

    def open(self, request: Request, **arguments: str) -> Feed:
        """What the caller asks for, on a thread. Raises for whatever the first byte must wait for."""
        raise NotImplementedError

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._answering:
                self._answering.cancel()
                await asyncio.wait([self._answering])

    async def http_request(self, message: Message) -> None:
        if self._answering:
            return
        self._received += message.get("body", b"")
        if not message.get("more_body") or len(self._received) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self._answering = asyncio.create_task(self._answer())

    async def http_disconnect(self, message: Message) -> None:
        raise StopConsumer

    async def _answer(self) -> None:
        view = self.view()
        try:
            await self._stream(view)
        except Exception as error:
            if self._started:
                logger.exception("the stream %s broke", self.scope["path"])
                await self.send_body(b"")
            else:
                await self._refuse(view, error)

    async def _stream(self, view: ContractView) -> None:
        body = bytes(self._received)
        self._received.clear()
        request = await on_thread(self._admitted, view, body)
        actor, request_id = actor_of(request), request_id_of(request._request)
        logs.add(request_id=request_id, client_id=actor.client_id, user_id=actor.user_id)
        with PLACES.taken(actor):
            with self._opening(request):
                feed = await on_thread(self.open, request, **self.scope["url_route"]["kwargs"])
            async with self.hub.listening(feed.group) as messages:
                await self._start(request_id)
                self._tell(200)
                del request, view, body  # hours may pass
                await self._pump(feed, messages)
        await self.send_body(b"")

    def _opening(self, request: Request) -> AbstractContextManager[object]:
        """A stream's span ends where its first byte goes out: hours may follow."""
        parent = request.headers.get("traceparent", "")
        attributes = {"http.request.method": self.method, "http.route": self.route}
        return tracing.span(
            f"{self.method} {self.route}", kind=tracing.SpanKind.SERVER, parent=parent, attributes=attributes
        )

    def _tell(self, status: int) -> None:
        """What operators see of the stream (api/observing.py)."""
        seconds = time.perf_counter() - self._begun
        tell(self.view.dialect.surface, self.route, self.scope["method"], self.scope["path"], status, seconds)

    def _authorized(self, view: ContractView, body: bytes) -> Request:
        """The request as the view would see it, once the view would let it in."""
        django_request = ASGIRequest(self.scope, io.BytesIO(body))
        django_request.META["CONTENT_LENGTH"] = str(len(body))
        view.request = view.initialize_request(django_request)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        django_request.get_host()
        if django_request.method != self.method:
            raise MethodNotAllowed(str(django_request.method))
        view.perform_authentication(view.request)
        view.check_permissions(view.request)
        return view.request

    def _admitted(self, view: ContractView, body: bytes) -> Request:
        request = self._authorized(view, body)
        view.check_throttles(request)
        return request

    async def _refuse(self, view: ContractView, error: Exception) -> None:
        response = await on_thread(view.handle_exception, error)
        request_id = request_id_of(view.request._request)
        logs.add(request_id=request_id)
        headers = {**response.headers, **SAFE_HEADERS, "Content-Type": "application/json", "X-Request-ID": request_id}
        if response.status_code == 405:
            headers["Allow"] = self.method
        await self.send_response(response.status_code, to_json(response.data), headers=_encoded(headers))
        self._tell(response.status_code)

    async def _start(self, request_id: str) -> None:
        self._started = True
        await self.send_headers(status=200, headers=_encoded({**_HEADERS, "X-Request-ID": request_id}))
        await self.send_body(RETRY, more_body=True)

    async def _pump(self, feed: Feed, messages: asyncio.Queue[Message]) -> None:
        """Reads when there is something new, and else says from time to time that the stream lives."""
        now = asyncio.get_running_loop().time
        read, until = now(), now() + settings.STREAM_MAX_SECONDS
        beat, check = read + HEARTBEAT_SECONDS, read + RECHECK_SECONDS
        while not feed.ended and now() < until:
            if read <= now():
                read = now() + await self._read(feed)
            elif beat <= now():
                beat = now() + HEARTBEAT_SECONDS
                await self.send_body(feed.heartbeat(), more_body=True)
            elif check <= now():
                check = now() + RECHECK_SECONDS
                if not await self._is_still_welcome(feed):
                    return
            elif await self._hears_of_more(feed, messages, min(until, check, beat, read)):
                read = now()

    async def _read(self, feed: Feed) -> float:
        """Sends what is new. Returns in how many seconds to read again of its own accord."""
        try:
            data = await on_thread(feed.read)
        except DatabaseError as problem:
            logger.warning("the stream %s waits for the database: %s", self.scope["path"], problem)
            return _AGAIN_SECONDS
        if data:
            await self.send_body(data, more_body=True)
        return float("inf")

    async def _hears_of_more(self, feed: Feed, messages: asyncio.Queue[Message], deadline: float) -> bool:
        """Waits for a message. Returns whether there is more to read; what the message itself brings is sent."""
        try:
            async with asyncio.timeout_at(deadline):
                data = feed.hear(await messages.get())
        except TimeoutError:
            return False
        if data:
            await self.send_body(data, more_body=True)
        return data is None

    async def _is_still_welcome(self, feed: Feed) -> bool:
        def check() -> None:
            feed.check(actor_of(self._authorized(self.view(), b"")))

        try:
            await on_thread(check)
        except DatabaseError:
            return True  # asked again in a minute
        except Exception as problem:
            logger.info("the stream %s ends: %s", self.scope["path"], problem)
            return False
        return True


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), str(value).encode("latin-1")) for name, value in headers.items()]
