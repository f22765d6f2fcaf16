"""How often one caller may call. Counters live in Redis; settings.RATE_LIMITS names the rates, none means no limit.

Without Redis nothing is counted and calls are answered: limits protect from floods, not from intruders. Signing in with
password is the exception and needs its counter (`spend(..., certain=True)`).
"""

from __future__ import annotations

import math
import time
from functools import cache

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from core.errors import Unavailable

PREFIX = "guildhall-limits"
# A Redis that does not answer is not asked again for so long; otherwise every call would wait for its timeout.
BLIND_SECONDS = 5.0
_TIMEOUT_SECONDS = 0.5


class _Counters:
    """The limiter, and until when it is known not to answer."""

    def __init__(self, url: str) -> None:
        timeouts = {"socket_timeout": _TIMEOUT_SECONDS, "socket_connect_timeout": _TIMEOUT_SECONDS}
        url = f"redis+{url}" if url.startswith("unix://") else url
        self.limiter = SlidingWindowCounterRateLimiter(storage_from_string(url, key_prefix=PREFIX, **timeouts))
        self.blind_until = 0.0

    def wait(self, rate: RateLimitItem, subject: str) -> int:
        """Counts one call; 0, or the seconds after which the next may come. Raises RedisError, OSError."""
        if self.limiter.hit(rate, subject):
            return 0
        return max(1, math.ceil(self.limiter.get_window_stats(rate, subject).reset_time - time.time()))


@cache
def _counters(url: str) -> _Counters:
    return _Counters(url)


def spend(name: str, subject: str, *, certain: bool = False) -> None:
    """Counts one call of `subject` against the rate `name`; raises Throttled with the seconds to wait.

    `certain`: without an answer from Redis the call is refused (Unavailable), whatever it costs to ask.
    """
    rate = settings.RATE_LIMITS.get(name)
    if not rate:
        return
    counters = _counters(settings.RATE_LIMIT_STORAGE)
    if not certain and time.monotonic() < counters.blind_until:
        return
    try:
        wait = counters.wait(parse(rate), f"{name}:{subject}")
    except (RedisError, OSError):
        counters.blind_until = time.monotonic() + BLIND_SECONDS
        if certain:
            raise Unavailable("This cannot be counted now, and may not go uncounted; try later") from None
        return
    if wait:
        raise Throttled(wait=wait)


def address_of(request: Request) -> str:
    """The client's address. Behind our own proxy that is the last one of X-Forwarded-For, which the proxy wrote."""
    behind_proxy = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
    forwarded = request.headers.get("X-Forwarded-For", "") if behind_proxy else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
