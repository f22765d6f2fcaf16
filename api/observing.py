"""What operators see of each request: its line in the log, its count, its span."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from api.middleware import request_id_of
from core import logs, metrics, tracing

logger = logging.getLogger("guildhall.access")
_SERVER = tracing.SpanKind.SERVER


class ObservingMiddleware:
    """Outermost but for the request's id. Tells routes by their names, and paths without what was asked of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        request_id = request_id_of(request)
        parent = request.headers.get("traceparent", "")
        with logs.about(request_id=request_id), tracing.span("request", kind=_SERVER, parent=parent) as span:
            response = self.get_response(request)
            contract, route = named(request)
            span.update_name(f"{request.method} {route}")
            span.set_attribute("http.request.method", str(request.method))
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", response.status_code)
            span.set_attribute("guildhall.request_id", request_id)
            tell(contract, route, request.method, request.path, response.status_code, time.perf_counter() - begun)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """People at the desk and in the catalogue; who calls an API is told by its view."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            logs.add(client_id=request.user.client_id, user_id=request.user.pk)


def named(request: HttpRequest) -> tuple[str, str]:
    """The contract and the route; "site" is everything with pages, "unmatched" what met no view."""
    match = request.resolver_match
    if match is None:
        return "site", "unmatched"
    contract = match.namespaces[0] if match.namespaces else "site"
    return contract if contract in ("fleet", "code", "auth", "agent") else "site", match.view_name


def tell(contract: str, route: str, method: str | None, path: str, status: int, seconds: float) -> None:
    metrics.count_request(contract=contract, route=route, method=method, status=status, seconds=seconds)
    fields = {
        "method": method,
        "route": route,
        "path": path,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
    }
    logger.info("%s %s %s", method, path, status, extra=fields)
