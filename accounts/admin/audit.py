"""The audit log: read, narrowed and exported; nothing in it can be changed, the database refuses too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Final, get_args

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from accounts.actor import Surface
from accounts.admin.desk import DeskAdmin, shown_json
from accounts.models import AuditEvent
from core.spreadsheets import as_csv

COLUMNS: Final = (
    "at", "client_id", "actor", "surface", "action", "subject_type", "subject_id", "subject", "detail"
)  # fmt: skip
# The words offered in filters are those of so many of the newest lines: the log grows for ever.
_RECENT: Final = 5_000


class RecentFilter(admin.SimpleListFilter):
    """One column, by the words that are in use."""

    parameter_name: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        recent = model_admin.get_queryset(request).order_by("-id").values("pk")[:_RECENT]
        words = AuditEvent.objects.filter(pk__in=recent).order_by(self.parameter_name).distinct()
        return [(word, word.replace("_", " ")) for word in words.values_list(self.parameter_name, flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class ActionFilter(RecentFilter):
    title = parameter_name = "action"


class SubjectFilter(RecentFilter):
    title, parameter_name = "kind of subject", "subject_type"


class SurfaceFilter(RecentFilter):
    title = parameter_name = "surface"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(word, word) for word in get_args(Surface)]


class FieldsFilter(admin.ListFilter):
    """A filter with fields to fill in instead of words to choose: (parameter, label, type of input)."""

    template = "admin/accounts/fields_filter.html"
    fields: ClassVar[tuple[tuple[str, str, str], ...]]

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                given = params.pop(name)
                self.used_parameters[name] = given[-1] if isinstance(given, list) else given

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [name for name, _, _ in self.fields]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for name, label, kind in self.fields:
            yield {"name": name, "label": label, "type": kind, "value": self.given(name)}

    def given(self, name: str) -> str:
        return str(self.used_parameters.get(name, ""))


class ActorFilter(FieldsFilter):
    title = "actor"
    fields = (("by", "User name", "text"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        name = self.given("by").strip()
        return queryset.filter(actor=name) if name else queryset


class DaysFilter(FieldsFilter):
    """From a day to a day, both included (UTC); what is no day narrows nothing."""

    title = "day"
    fields = (("from", "From", "date"), ("to", "To", "date"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        if first := self._day("from"):
            queryset = queryset.filter(at__gte=_midnight(first))
        if last := self._day("to"):
            queryset = queryset.filter(at__lt=_midnight(last) + timedelta(days=1))
        return queryset

    def _day(self, name: str) -> date | None:
        try:
            return parse_date(self.given(name))
        except ValueError:
            return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


@admin.register(AuditEvent)
class AuditEventAdmin(DeskAdmin):
    """Who did what. The staff of a tenant see their own tenant's lines."""

    rights = {"view": "manager"}
    list_display = ("when", "actor", "action_label", "what", "subject", "surface")
    list_filter = (ActorFilter, DaysFilter, ActionFilter, SubjectFilter, SurfaceFilter)
    list_filter_submit = True
    list_before_template = "admin/accounts/export_audit.html"
    search_fields = ("actor__startswith", "subject__startswith", "subject_id__exact")
    search_help_text = "Search by the beginning of a person's or a subject's name, or by a subject's id"
    sortable_by = ("when",)
    fields = ("at", "client_id", "actor", "surface", "action", "subject_type", "subject_id", "subject", "details")
    readonly_fields = ("details",)

    @admin.display(description="at", ordering="id")
    def when(self, obj: AuditEvent) -> SafeString:
        return format_html('<span class="gh-nowrap">{}</span>', date_format(obj.at, "j M Y H:i:s"))

    @display(description="action", ordering="action", label=True)
    def action_label(self, obj: AuditEvent) -> str:
        return obj.action.replace("_", " ")

    @admin.display(ordering="subject_type")
    def what(self, obj: AuditEvent) -> str:
        return obj.subject_type

    @admin.display
    def details(self, obj: AuditEvent) -> SafeString:
        return shown_json(obj.detail)

    # --- Export ------------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.export)
        return [path("export/", view, name="accounts_auditevent_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The lines that the list shows under the same filters, all of them, the newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            lines = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:accounts_auditevent_changelist"))
        response = StreamingHttpResponse(as_csv(COLUMNS, _cells(lines)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y-%m-%d}.csv"'
        return response


def _cells(lines: QuerySet[AuditEvent]) -> Iterator[list[object]]:
    """Read through a cursor of the server: a log of any length takes the same memory."""
    for at, *texts, detail in lines.order_by("-id").values_list(*COLUMNS).iterator(2_000):
        yield [at.isoformat(), *texts, json.dumps(detail, ensure_ascii=False) if detail else ""]
