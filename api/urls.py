"""A route that answers with and without a slash at its end; a redirect would lose the body of a POST."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, re_path


def route(pattern: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """`pattern` is a regular expression without anchors, relative to where it is included."""
    return re_path(rf"^{pattern}/?\Z", view, name=name)
