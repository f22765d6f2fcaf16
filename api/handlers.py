"""Problems outside of views (unknown URLs, refusals by Django or the bridge) in the dialect of their path's prefix."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views import defaults

from api.agent.contract import DIALECT as AGENT
from api.code.contract import DIALECT as CODE
from api.fleet.contract import DIALECT as FLEET
from api.middleware import SAFE_HEADERS, request_id_of
from api.problems import Dialect, Problem, of_status, problem_of
from api.rendering import to_json
from core import metrics
from core.errors import LimitReached, Unavailable

# The first prefix that fits counts.
_PREFIXES: tuple[tuple[str, Dialect], ...] = (
    ("/agent/", AGENT),
    ("/api/code/", CODE),
    ("/auth/", CODE),
    ("/api/", FLEET),
    ("/health", FLEET),
)


def _dialect_of(path: str) -> Dialect | None:
    return next((dialect for prefix, dialect in _PREFIXES if path.startswith(prefix)), None)


def _answer(request: HttpRequest, problem: Problem, page: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """JSON for every client of an API; the page for people with a browser elsewhere."""
    dialect = _dialect_of(request.path_info)
    if dialect is None and "text/html" in request.headers.get("Accept", ""):
        return page()
    status, body = (dialect or FLEET).wire(problem, request_id_of(request))
    return HttpResponse(to_json(body), status=status, content_type="application/json", headers=dict(problem.headers))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, problem_of(exception), lambda: defaults.bad_request(request, exception))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, of_status(403), lambda: defaults.permission_denied(request, exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, of_status(404), lambda: defaults.page_not_found(request, exception))


def server_error(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, of_status(500), lambda: defaults.server_error(request))


_REFUSALS = (LimitReached, Unavailable, OperationalError, InterfaceError)


class RefusalMiddleware:
    """Pages too refuse callers who come too often, and say when something they depend on is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return _refused(request, error) if isinstance(error, _REFUSALS) else None


def _refused(request: HttpRequest, error: Exception) -> HttpResponseBase:
    problem = problem_of(error)
    answer = _answer(
        request, problem, lambda: render(request, "refused.html", {"problem": problem}, status=problem.status)
    )
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def refuse(path: str, status: int) -> tuple[Mapping[str, str], bytes]:
    """Headers and body of an answer that no view gives, because Django never saw the request or broke over it."""
    request_id = str(uuid.uuid4())
    dialect = _dialect_of(path) or FLEET
    _, body = dialect.wire(of_status(status), request_id)
    metrics.count_refusal(dialect.surface, status)
    return {**SAFE_HEADERS, "Content-Type": "application/json", "X-Request-ID": request_id}, to_json(body)
