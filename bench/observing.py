"""What being observed costs each request: python -m bench.observing (needs no server)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import django

django.setup()

from opentelemetry.sdk.trace import TracerProvider  # noqa: E402
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter  # noqa: E402

from core import logs, metrics, tracing  # noqa: E402

ROUNDS = 5_000


def microseconds(work: Callable[[], object]) -> float:
    """The best of five, as other processes only ever add."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(ROUNDS):
            work()
        best = min(best, time.perf_counter() - began)
    return best / ROUNDS * 1e6


def span() -> None:
    with tracing.span("request", attributes={"http.route": "fleet:skills"}):
        pass


def count() -> None:
    metrics.count_request(contract="fleet", route="fleet:skills", method="GET", status=200, seconds=0.01)


def main() -> None:
    said = ("GET", "/api/v1/skills", 200)
    record = logging.LogRecord("guildhall.access", logging.INFO, "", 1, "%s %s %s", said, None)
    record.__dict__.update(method="GET", route="fleet:skills", path="/api/v1/skills", status=200, milliseconds=1.5)
    plain, ours = logging.Formatter("%(asctime)s %(message)s"), logs.JSONLines(secrets=["a-secret-of-the-settings"] * 5)
    print(f"a span, tracing off: {microseconds(span):6.1f} µs")
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(InMemorySpanExporter()))
    tracing.tracer = provider.get_tracer("guildhall")
    print(f"a span, tracing on:  {microseconds(span):6.1f} µs")
    print(f"counting a request:  {microseconds(count):6.1f} µs")
    print(f"a line, Python's:    {microseconds(lambda: plain.format(record)):6.1f} µs")
    with logs.about(request_id="5f0c2a9e-0000-4000-8000-000000000000", client_id="42", user_id="17"):
        print(f"a line, ours:        {microseconds(lambda: ours.format(record)):6.1f} µs")


if __name__ == "__main__":
    main()
