"""What each process counts of its own work, for Prometheus. docs/reference/metrics.md names everything; what is counted
from the database is in operations/figures.py."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

# A second series for each, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]
REQUESTS: Final = Counter(
    "guildhall_requests", "Requests that were answered.", ("contract", "route", "method", "status")
)
REQUEST_SECONDS: Final = Histogram(
    "guildhall_request_seconds",
    "How long requests took, streams up to their first byte.",
    ("contract", "route", "method"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
)
SEARCHES: Final = Counter("guildhall_searches", "Searches, by whether they found anything.", ("found",))
SEARCH_SECONDS: Final = Histogram(
    "guildhall_search_seconds",
    "How long searches took.",
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
VIEWERS: Final = Gauge("guildhall_stream_viewers", "Streams of live events that are open.")
# Who searches can tell at once that there is something to see, and a rate over "no" begins at zero.
for _found in ("yes", "no"):
    SEARCHES.labels(_found)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def count_request(*, contract: str, route: str, method: str | None, status: int, seconds: float) -> None:
    """`route` is the name of a route, never a path; a method is anything that a client may send."""
    known = method if method in _METHODS else "other"
    REQUESTS.labels(contract, route, known, status).inc()
    REQUEST_SECONDS.labels(contract, route, known).observe(seconds)


def count_refusal(contract: str, status: int) -> None:
    """A request that met no route and took no time: its body was too large, or Django broke over it."""
    REQUESTS.labels(contract, "unmatched", "other", status).inc()
