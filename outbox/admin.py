"""Events on their way to Kafka in the admin; operators only, for they are of all tenants."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from core.admin import ReadOnlyAdmin
from outbox.models import OutboxEvent


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Nobody is given Django's permission to view these, so only superusers have it."""

    list_display = ("id", "topic", "key", "state", "attempts", "created_at", "published_at")
    list_filter = (("topic", admin.AllValuesFieldListFilter), ("published_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "event_id", "last_error")
    ordering = ("-id",)
    show_full_result_count = False

    @display(label={"waiting": "info", "published": "success", "set aside": "danger"})
    def state(self, obj: OutboxEvent) -> str:
        if obj.set_aside_at:
            return "set aside"
        return "published" if obj.published_at else "waiting"
