"""Conditional requests: If-None-Match on reads, If-Match on changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from api.code.contract import success
from api.code.documents import skill_etag
from skills.models import Skill


def answer(request: Request, etag: str, data: Callable[[], Any]) -> Response:
    """The document under its ETag, or 304 without one where the client has it."""
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    known = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
    if etag in known or "*" in known:
        return Response(status=304, headers=headers)
    return Response(success(data()), headers=headers)


def matches(request: Request) -> Callable[[Skill], bool]:
    """What If-Match demands of the skill as it is when it is changed; nothing without that header.

    A header that holds no ETag is met by no skill: a change meant to be conditional never becomes unconditional.
    """
    header = request.headers.get("If-Match")
    if header is None:
        return lambda skill: True
    wanted = parse_etags(header)
    return lambda skill: "*" in wanted or skill_etag(skill) in wanted
