"""How often one caller may call. Counters live in Redis; settings.RATE_LIMITS names the rates, none means no limit.

Without Redis nothing is counted and calls are answered: limits protect from floods, not from intruders. Signing in with
a password is the exception and needs its counter (`spend(..., certain=True)`).
"""

from __future__ import annotations

import ipaddress
import math
import time
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import RedisError

from core.errors import LimitReached, Unavailable

PREFIX = "guildhall-limits"
# A Redis that does not answer is not asked again for so long; otherwise every call would wait for its timeout.
BLIND_SECONDS = 5.0
_TIMEOUT_SECONDS = 0.5
# Whoever has one address of IPv6 has a network of so many bits.
_IPV6_NETWORK = 64


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
    """Counts one call of `subject` against the rate `name`; raises LimitReached with the seconds to wait.

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
        raise LimitReached(f"Too many requests ({rate}); try again in {wait} s.", retry_after=wait, code="throttled")


def address_of(request: HttpRequest) -> str:
    """The client's address, of IPv6 its network. Behind our own proxies it is what the outermost of them saw.

    Each proxy adds the address that called it to the end of X-Forwarded-For; what is before is the client's word.
    """
    address, proxies = str(request.META.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXIES
    if proxies:
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        address = seen[-min(proxies, len(seen))] or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address) and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
