"""Live events of a job, from the first to the last: a stream that breaks off is taken up where it ended."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TypeAlias
from uuid import UUID

import httpx
from httpx_sse import ServerSentEvent, SSEError, connect_sse

from guildhall.fleet.models import (
    Error,
    Heartbeat,
    JobCompleted,
    JobFailed,
    JobPaused,
    JobProgress,
    JobStatusMessage,
    ModuleFinished,
    ModuleStarted,
    PhaseFinished,
    PhaseStarted,
    PromptOpened,
    Reasoning,
    StreamEnded,
    TextWritten,
)
from guildhall.problems import problem_of

JobEvent: TypeAlias = (
    Heartbeat
    | JobCompleted
    | JobFailed
    | JobPaused
    | JobProgress
    | JobStatusMessage
    | ModuleFinished
    | ModuleStarted
    | PhaseFinished
    | PhaseStarted
    | PromptOpened
    | Reasoning
    | StreamEnded
    | TextWritten
)
# The class of an event by its `type`.
EVENTS: dict[str, type[JobEvent]] = {
    "status": JobStatusMessage,
    "phase_start": PhaseStarted,
    "phase_end": PhaseFinished,
    "module_start": ModuleStarted,
    "module_end": ModuleFinished,
    "reasoning": Reasoning,
    "token_stream": TextWritten,
    "progress": JobProgress,
    "hitl_required": PromptOpened,
    "hitl_pause": JobPaused,
    "completed": JobCompleted,
    "error": JobFailed,
    "complete": StreamEnded,
    "heartbeat": Heartbeat,
}
_DONE = "[DONE]"
_TEMPORARY = (429, 502, 503, 504)
# The server sends a heartbeat every fifteen seconds; a stream silent for longer is dead.
_SILENCE_SECONDS = 45.0


def job_events(http: httpx.Client, job_id: UUID, *, after: int = 0, patience: float = 60.0) -> Iterator[JobEvent]:
    """Every event of the job after number `after`, until it is finished. Heartbeats, and kinds that this version does
    not know, are left out.

    A connection that breaks is made again for `patience` seconds; then httpx.TransportError. Raises GuildhallError.
    """
    stream = _Stream(http, job_id, after, patience)
    while not stream.ended:
        yield from stream.read()


class _Stream:
    def __init__(self, http: httpx.Client, job_id: UUID, after: int, patience: float) -> None:
        self._http, self._path = http, f"/api/v1/jobs/{job_id}/events"
        self._last, self._patience = after, patience
        self._pause = 1.0
        self._heard = time.monotonic()
        self.ended = False

    def read(self) -> Iterator[JobEvent]:
        """What one connection brings."""
        headers = {"Last-Event-ID": str(self._last)} if self._last else {}
        timeout = httpx.Timeout(10.0, read=_SILENCE_SECONDS)
        try:
            with connect_sse(self._http, "GET", self._path, headers=headers, timeout=timeout) as source:
                self._check(source.response)
                for event in source.iter_sse():
                    self._heard = time.monotonic()
                    yield from self._take(event)
        except (httpx.TransportError, SSEError):
            self._wait(self._pause)
            return
        if not self.ended:
            self._wait(self._pause)

    def _check(self, response: httpx.Response) -> None:
        """Raises what the answer is, if it is no stream: to be tried again, or GuildhallError."""
        if response.is_success:
            return
        content = response.read()
        if response.status_code in _TEMPORARY:
            self._pause = float(response.headers.get("Retry-After", "1"))
            raise httpx.ReadError(f"the server answered {response.status_code}")
        raise _refusal(response, content)

    def _take(self, event: ServerSentEvent) -> Iterator[JobEvent]:
        if event.retry is not None:
            self._pause = event.retry / 1000
        if event.data == _DONE:
            self.ended = True
            return
        if event.data:
            data = json.loads(event.data)
            kind = EVENTS.get(data.get("type"))
            if kind is not None and kind is not Heartbeat:
                yield kind.from_dict(data)
        if event.id.isdigit():
            self._last = int(event.id)

    def _wait(self, seconds: float) -> None:
        if time.monotonic() - self._heard > self._patience:
            raise httpx.ReadTimeout(f"no event for {self._patience:.0f} seconds")
        time.sleep(seconds)


def _refusal(response: httpx.Response, content: bytes) -> Exception:
    try:
        parsed = Error.from_dict(json.loads(content))
    except (ValueError, KeyError, TypeError):
        parsed = None
    return problem_of(response.status_code, parsed, content, response.headers.get("X-Request-ID", ""))
