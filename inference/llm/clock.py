"""The time that all calls of one step may take together, kept also against a provider that drips byte by byte."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpx
from django.conf import settings

_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def time_budget(seconds: float) -> Iterator[None]:
    """All calls within the block end by then, the failed ones and the pauses between them included."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def seconds_left() -> float:
    """Of the block's time; outside of one, what a step gets."""
    until = _until.get()
    return settings.LLM_STEP_SECONDS if until is None else until - time.monotonic()


class _Watched(httpx.SyncByteStream):
    """A response's bytes as they come, until the time is up."""

    def __init__(self, stream: httpx.SyncByteStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        for data in self._stream:
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("the time for this step is up")
            yield data

    def close(self) -> None:
        self._stream.close()


def watch_response(response: httpx.Response) -> None:
    """httpx's own limits are for each read; this one is for the whole."""
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Watched(response.stream, time.monotonic() + seconds_left())
