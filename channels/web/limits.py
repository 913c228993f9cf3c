"""How often one conversation, or one address, may write."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict

from aiohttp import web

MAX_KEYS = 50_000  # the quietest are forgotten first


class RateLimit:
    """Token buckets: `burst` messages at once, then `rate` messages a second, for each key."""

    def __init__(self, burst: float, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, at

    def spent(self, key: str) -> bool:
        """Whether the next message would not pass."""
        return self._tokens(key, time.monotonic()) < 1

    def allow(self, key: str) -> bool:
        """Count one message, and say whether it may pass."""
        now = time.monotonic()
        tokens = self._tokens(key, now)
        self._buckets.pop(key, None)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
        return allowed

    def _tokens(self, key: str, now: float) -> float:
        tokens, at = self._buckets.get(key, (self._burst, now))
        return min(self._burst, tokens + (now - at) * self._rate)


def address(request: web.Request, proxies: int) -> str:
    """Where a request comes from, to count it; never logged.

    Args:
        proxies: how many reverse proxies stand before us. Each adds the address it saw at the end
            of X-Forwarded-For; what stands further left was written by the person.
    """
    seen = request.remote or ""
    if proxies:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
        if len(forwarded) >= proxies:
            seen = forwarded[-proxies].strip()
    return _household(seen)


def _household(seen: str) -> str:
    """One IPv4 address, or the /64 that one IPv6 subscriber has."""
    try:
        ip = ipaddress.ip_address(seen)
    except ValueError:
        return ""
    if ip.version == 6 and not ip.ipv4_mapped:
        return str(ipaddress.ip_network((ip.packed, 64), strict=False).network_address)
    return str(ip)
