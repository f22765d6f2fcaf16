"""What the catalogue's pages show: marked words, sizes, small charts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_WORD = re.compile(r"\w{3,}")
# Endings that the search's stemming takes off.
_ENDING = re.compile(r"(?:ings?|ed|es|s|e)$")
_BAR, _HEIGHT = 10, 40


@register.filter
def marked(text: str | None, query: str) -> SafeString:
    """The text with the words of the query in <mark>; everything of both is escaped."""
    stems = {stem for word in _WORD.findall(query.lower()) if len(stem := _ENDING.sub("", word)) >= 3}
    if not text or not stems:
        return escape(text or "")
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(stems, key=len, reverse=True)))})\w*", re.IGNORECASE)
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts += [escape(text[end : found.start()]), format_html("<mark>{}</mark>", found[0])]
        end = found.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 - all parts are escaped


@register.filter
def bars(days: Sequence[int]) -> SafeString:
    """A small chart of one bar a day, as SVG without styles."""
    most = max([*days, 1])
    heights = [max(1, round(value / most * _HEIGHT)) for value in days]
    rows = ((number * _BAR, _HEIGHT - height, _BAR - 2, height) for number, height in enumerate(heights))
    drawn = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', rows)
    label = f"{sum(days)} uses in {len(days)} days"
    return format_html(
        '<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        len(days) * _BAR,
        _HEIGHT,
        label,
        drawn,
    )


@register.simple_tag
def wish_url(wish: Any, **changes: Any) -> str:
    return str(wish.url(**changes))
