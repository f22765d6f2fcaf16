"""What the pages may run and fetch (docs/adr/0017-the-desk.md)."""

from __future__ import annotations

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

DESK = "/admin/"


class PolicyMiddleware(CSPMiddleware):
    """One strict policy for all pages. The desk's may also compile expressions: Alpine, on which unfold stands, does;
    inline scripts and styles stay forbidden there too."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(DESK) and not report_only:
            parts.update = {"script-src": ["'unsafe-eval'"], **(parts.update or {})}
        return parts
