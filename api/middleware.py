"""Gives every request an id, and every answer that id, the time it took and what keeps browsers from misusing it."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# On every answer, of whichever door: what Django's own middleware says of those that it sees.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")


def request_id_of(request: HttpRequest) -> str:
    """The id under which a request is answered: the client's own where it is sane, else a new one."""
    known: str | None = getattr(request, "request_id", None)
    if known is None:
        given = request.headers.get("X-Request-ID", "")
        known = given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        request.request_id = known  # type: ignore[attr-defined]
    return known


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        request_id = request_id_of(request)
        response = self.get_response(request)
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        response["X-Request-ID"] = request_id
        response["X-Process-Time"] = f"{(time.perf_counter() - begun) * 1000:.2f}ms"
        return response
