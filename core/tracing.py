"""Spans of OpenTelemetry: a request, the steps of the job it set going, the calls of a model. While no collector is
named (config/tracing.py) they are nothing, and cost microseconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

__all__ = ["TRACEPARENT_LENGTH", "SpanKind", "span", "traceparent"]

# Of the header of W3C Trace Context: version, trace, span, flags.
TRACEPARENT_LENGTH: Final = 55
tracer = trace.get_tracer("guildhall")
_FORMAT = TraceContextTextMapPropagator()


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str = "",
    attributes: Mapping[str, str | int] | None = None,
) -> Iterator[Span]:
    """A span around the block. It continues the trace of `parent` (a `traceparent`), or that of the block around it.

    Of an error only its kind is told: messages quote texts that people wrote.
    """
    context = _FORMAT.extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=dict(attributes or {}),
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield made
        except Exception as problem:
            made.set_status(StatusCode.ERROR, type(problem).__name__)
            raise


def traceparent() -> str:
    """Where the present trace can be continued later, by another process; '' where there is none."""
    carrier: dict[str, str] = {}
    _FORMAT.inject(carrier)
    return carrier.get("traceparent", "")
