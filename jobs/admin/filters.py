"""How the inbox is narrowed: by state, by how long something waits, by who looks at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone


class StateFilter(admin.SimpleListFilter):
    """An inbox shows what waits; what was decided is a choice away."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("decided", "Decided"), ("closed", "Closed undecided"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": "Waiting"}, *others]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "decided":
                return queryset.filter(answered_at__isnull=False)
            case "closed":
                return queryset.filter(answered_at=None, closed_at__isnull=False)
            case "all":
                return queryset
        return queryset.open()


class WaitingSinceFilter(admin.SimpleListFilter):
    title = "waiting since"
    parameter_name = "since"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("15", "15 minutes or more"), ("60", "1 hour or more"), ("1440", "1 day or more")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        minutes = self.value()
        if minutes not in {"15", "60", "1440"}:
            return queryset
        return queryset.filter(created_at__lte=timezone.now() - timedelta(minutes=int(minutes)))


class AssigneeFilter(admin.SimpleListFilter):
    title = "assigned to"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "Me"), ("nobody", "Nobody"), ("others", "Somebody else")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        me = request.user.get_username()
        match self.value():
            case "me":
                return queryset.filter(assignee=me)
            case "nobody":
                return queryset.filter(assignee="")
            case "others":
                return queryset.exclude(assignee__in=["", me])
        return queryset
