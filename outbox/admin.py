"""Events on their way to Kafka in the admin; operators only, for they are of all tenants."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from accounts.admin.desk import DeskAdmin, actor_of, confirm, is_operator, run_for_each, shown_json
from core.templatetags.desk import duration
from outbox.models import OutboxEvent, OutboxQuerySet
from outbox.services import backlog, requeue


def set_aside_rows(request: HttpRequest) -> OutboxQuerySet:
    """The events that Kafka refuses; somebody has to look."""
    return OutboxEvent.objects.set_aside()


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("set_aside", "Set aside"), ("published", "Published")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "waiting":
                return queryset.filter(published_at=None, set_aside_at=None)
            case "set_aside":
                return queryset.set_aside()
            case "published":
                return queryset.filter(published_at__isnull=False)
        return queryset


class TopicFilter(admin.SimpleListFilter):
    title = parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(topic, topic) for topic in settings.KAFKA_TOPICS.values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(topic=self.value()) if self.value() else queryset


@admin.register(OutboxEvent)
class OutboxEventAdmin(DeskAdmin):
    """Read-only, but for the way back of what was set aside."""

    tenant_path = ""
    list_display = ("id", "topic", "key", "state", "attempts", "created_at", "published_at")
    list_filter = (StateFilter, TopicFilter)
    search_fields = ("key", "event_id", "last_error")  # what get_search_results makes of them
    search_help_text = "Search by the id of a subject or an event, or by a part of the error of what is not sent"
    sortable_by = ("id",)
    ordering = ("-id",)
    actions = ("requeue_selected",)
    fields = (
        "event_id", "topic", "key", "told", "with_headers", "created_at", "published_at", "attempts", "last_error",
        "set_aside_at",
    )  # fmt: skip
    readonly_fields = ("event_id", "told", "with_headers")

    def may(self, request: HttpRequest, right: str) -> bool:
        return right in {"view", "requeue"} and self.admin_site.has_permission(request) and is_operator(request)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        failed = Q(last_error__icontains=search_term)
        # As two conditions: each has an index, without what was sent.
        found = (
            Q(key=search_term)
            | failed & Q(set_aside_at__isnull=False)
            | failed & Q(published_at=None, set_aside_at=None)
        )
        with suppress(ValueError):
            found |= Q(event_id=UUID(search_term))
        return queryset.filter(found), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "title": _title()})

    @admin.display(description="payload")
    def told(self, obj: OutboxEvent) -> SafeString:
        return shown_json(obj.payload)

    @admin.display(description="headers")
    def with_headers(self, obj: OutboxEvent) -> SafeString:
        return shown_json(obj.headers)

    @display(label={"waiting": "info", "published": "success", "set aside": "danger"})
    def state(self, obj: OutboxEvent) -> str:
        if obj.set_aside_at:
            return "set aside"
        return "published" if obj.published_at else "waiting"

    def has_requeue_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "requeue")

    @action(description="Send once more what was set aside", permissions=["requeue"])
    def requeue_selected(self, request: HttpRequest, queryset: Any) -> TemplateResponse | None:
        rows = list(queryset.set_aside().order_by("id"))
        page = confirm(
            self,
            request,
            rows,
            action="requeue_selected",
            skipped=queryset.count() - len(rows),
            title="Send these events once more?",
            lead="They go in their old place. An event whose subject has had a later one sent stays where it is.",
            button="Send once more",
        )
        if page is None:
            actor = actor_of(request, settings.SYSTEM_CLIENT_ID)
            run_for_each(request, rows, lambda row: requeue(actor=actor, event_pk=row.pk), "{} wait to be sent.")
        return page


def _title() -> str:
    now = backlog()
    parts = [f"{now.waiting} waiting" if now.waiting else "nothing waits"]
    if now.waiting:
        parts.append(f"the oldest for {duration(now.oldest_seconds * 1000)}")
    if now.set_aside:
        parts.append(f"{now.set_aside} set aside")
    if not settings.KAFKA_BOOTSTRAP_SERVERS:
        parts.append("Kafka is off")
    return f"Outbox: {', '.join(parts)}"
