"""Markdown from strangers as HTML that is safe to show."""

from __future__ import annotations

from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

MAX_RENDERED: Final = 200_000
# No images (they call home), no forms, no ids or classes of the author's choosing.
_TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def render_markdown(text: str) -> SafeString:
    """HTML of the text's first 200,000 characters. Raw HTML in the text, comments too, shows as the text it is."""
    html = _markdown.render(text[:MAX_RENDERED])
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has cleaned it


def reachable(html: SafeString) -> SafeString:
    """The same with what scrolls sideways reachable by keyboard."""
    for tag in ("pre", "table"):
        html = mark_safe(html.replace(f"<{tag}>", f'<{tag} tabindex="0">'))  # noqa: S308 - only a tag of ours changes
    return html
