"""/healthz, /readyz and /metrics, for machines that watch: answered before hosts are checked or a connection is sent to
TLS, for probes call a process by its address."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.utils.http import http_date
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from operations import health

# An answer of /readyz is good for so long: nobody gets at the stores through it more often.
_KEPT_SECONDS: Final = 1.0
_OK: Final = ("success", "info")


class ProbesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._probes: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/healthz": healthz,
            "/readyz": Readiness(),
            "/metrics": metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = self._probes.get(request.path_info.removesuffix("/"))
        if probe is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = probe(request)
        response["Cache-Control"] = "no-store"
        response["Date"] = http_date()  # Daphne tells no time, and callers compare their clocks.
        return response


def healthz(request: HttpRequest) -> HttpResponse:
    """The process runs and answers; nothing else is asked."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


class Readiness:
    """200 where requests can be served: the database answers and has this version's tables; else 503. What else is
    wrong makes it "degraded" and is named. Details are for `manage.py doctor`: here anybody may ask."""

    def __init__(self) -> None:
        self._kept: tuple[float, dict[str, Any]] = (float("-inf"), {})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        until, told = self._kept
        if until < time.monotonic():
            told = readiness()
            self._kept = (time.monotonic() + _KEPT_SECONDS, told)
        return JsonResponse(told, status=503 if told["status"] == "unready" else 200)


def readiness() -> dict[str, Any]:
    """{"status": ready, degraded or unready, "checks": {name of a part: its word}}"""
    vital = [health.database()]
    if vital[0].state == "success":
        vital.append(health.migrations())
    if any(part.state == "danger" for part in vital):
        return _told("unready", vital)
    signs = health.signs_of_life()
    if signs is None:
        rest = health.processes(signs)
    else:
        rest = [health.Part("Redis", "success", "reachable"), *health.processes(signs), health.relay(signs)]
    return _told("ready" if all(part.state in _OK for part in rest) else "degraded", [*vital, *rest])


def _told(status: str, parts: list[health.Part]) -> dict[str, Any]:
    return {"status": status, "checks": {part.name.lower().replace(" ", "_"): part.word for part in parts}}


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of this process, and of the whole from the database; for everybody else there is nothing here."""
    if not _may_scrape(request):
        return HttpResponse(status=404)
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    """Whoever shows METRICS_TOKEN; without a token this machine alone, unless a proxy may speak for others."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    behind = settings.BEHIND_TLS_PROXY or settings.TRUSTED_PROXIES
    forwarded = behind or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
