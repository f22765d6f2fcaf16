"""Conversations in the admin, to read: one's own, and for operators all."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.actor import Actor
from accounts.admin.desk import DeskPage
from conversations.models import Message, Session
from core.templatetags.desk import age

SHOWN_MESSAGES = 500


@admin.register(Session)
class SessionAdmin(DeskPage):
    """What was said in a session, in its order, with what each answer asked and what a model used for it."""

    rights = {"view": "user"}
    page_template = "admin/conversations/session.html"
    list_display = ("key", "owner", "messages_count", "about", "used")
    list_filter = (("updated_at", admin.DateFieldListFilter),)
    search_fields = ("key", "owner")
    search_help_text = "Search by session or owner"
    list_select_related = ("client", "job")
    ordering = ("-updated_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        rows: QuerySet[Session] = super().get_queryset(request)
        return rows.annotate(message_count=F("next_seq") - 1)

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Session]:
        return rows.visible_to(actor)  # type: ignore[no-any-return]

    @admin.display(description="messages", ordering="message_count")
    def messages_count(self, obj: Any) -> int:
        return int(obj.message_count)

    @admin.display(description="about")
    def about(self, obj: Session) -> SafeString | str:
        text = obj.job.request.get("task_description", "") if obj.job else ""
        return format_html('<span class="gh-clamp">{}</span>', text) if text else "-"

    @admin.display(description="last used", ordering="updated_at")
    def used(self, obj: Session) -> SafeString:
        return format_html('<span class="gh-nowrap">{} ago</span>', age(obj.updated_at))

    def page_context(self, request: HttpRequest, obj: Session) -> dict[str, Any]:
        newest = Message.objects.filter(session=obj).order_by("-seq")[:SHOWN_MESSAGES]
        return {"shown": [(one, _asked(one), _used(one)) for one in reversed(newest)], "limit": SHOWN_MESSAGES}


def _asked(message: Message) -> str:
    action = message.data.get("action") or {}
    return str(action.get("type", "")).replace("_", " ")


def _used(message: Message) -> str:
    """What a model used for the answer, in one line."""
    calls = message.data.get("usage") or []
    if not calls:
        return ""
    tokens = sum(call["input_tokens"] + call["output_tokens"] for call in calls)
    return f"{calls[-1]['model']}, {len(calls)} calls, {tokens} tokens, {sum(call['duration_ms'] for call in calls)} ms"
