"""Where spans go, as OpenTelemetry's own environment variables say (OTEL_EXPORTER_OTLP_ENDPOINT and its neighbours)."""

from __future__ import annotations

import os

from django.conf import settings
from opentelemetry import trace


def start_tracing() -> None:
    """For each process that makes spans, after its fork: sends them in batches from a thread of its own."""
    if not settings.TRACING:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME", "guildhall")
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name, SERVICE_VERSION: settings.VERSION}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def stop_tracing() -> None:
    """Sends what is left. Processes that end as Python does need not call it; forked ones do not end so."""
    if settings.TRACING:
        trace.get_tracer_provider().shutdown()  # type: ignore[attr-defined]
