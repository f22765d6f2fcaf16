"""Tenants and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.actor import Actor
from accounts.admin.desk import DeskAdmin, ServiceAdmin, ServiceForm, actor_of, is_operator
from accounts.models import Client, User
from accounts.services import change_client, create_client, record_audit, set_review_policy

admin.site.unregister(Group)


class ClientForm(ServiceForm):
    class Meta:
        model = Client
        fields = ("id", "name", "monthly_tokens", "review_required", "ignored_checks")

    def write(self) -> Client:
        """Tenants' admins have the last two fields alone."""
        actor, values = actor_of(self.request), self.cleaned_data
        client: Client = self.instance
        if client._state.adding:
            budget = values["monthly_tokens"]
            client = create_client(actor=actor, client_id=values["id"], name=values["name"], monthly_tokens=budget)
        elif {"name", "monthly_tokens"} & set(self.changed_data):
            client = change_client(
                actor=actor, client=client, name=values["name"], monthly_tokens=values["monthly_tokens"]
            )
        if {"review_required", "ignored_checks"} & set(self.changed_data):
            client = set_review_policy(
                actor=actor_of(self.request, client.pk),
                client=client,
                required=values["review_required"],
                ignored=values["ignored_checks"] or (),
            )
        return client


@admin.register(Client)
class ClientAdmin(ServiceAdmin):
    """Tenants belong to operators; the staff of a tenant see their own, and its admins say how it reviews."""

    form = ClientForm
    tenant_path = ""
    list_display = ("name", "id", "people", "is_system", "created_at")
    search_fields = ("id", "name")
    ordering = ("name",)

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Client]:
        return rows.filter(pk=actor.client_id)  # type: ignore[no-any-return]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if is_operator(request):
            return True
        actor = actor_of(request)
        return actor.role == "admin" and (obj is None or obj.pk == actor.client_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        if not is_operator(request):
            return ("id", "name", "monthly_tokens")
        return ("id",) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        rows: QuerySet[Client] = super().get_queryset(request).annotate(people=Count("users"))
        return rows

    @admin.display(ordering="people")
    def people(self, obj: Any) -> int:
        return int(obj.people)


@admin.register(User)
class UserAdmin(DeskAdmin, DjangoUserAdmin[User]):  # type: ignore[misc]
    """People. A tenant's admins keep their own people; only operators move somebody to another tenant or make an
    operator, and only they may touch one."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    rights = {"view": "manager", "add": "admin", "change": "admin"}
    list_display = ("username", "display_name", "role_label", "is_active", "is_staff", "last_login")
    list_filter = ("role", "is_active", "is_staff")
    search_fields = ("username", "display_name", "email")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("display_name", "email")}),
        ("Rights", {"fields": ("client", "role", "is_active", "is_staff", "is_superuser")}),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username", "display_name", "client", "role", "is_staff",
                    "usable_password", "password1", "password2",
                ),
            },
        ),
    )  # fmt: skip
    filter_horizontal = ()
    _operators_only = {"client", "is_superuser"}

    @display(description="role", ordering="role", label={"user": "", "manager": "info", "admin": "primary"})
    def role_label(self, obj: User) -> tuple[str, str]:
        return obj.role, obj.get_role_display()

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if is_operator(request):
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in self._operators_only]})
            for title, options in fieldsets
        ]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Whoever is added belongs to a tenant; operators without one come from `createsuperuser`."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None and "client" in form.base_fields:
            form.base_fields["client"].required = True
        return form

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if getattr(obj, "is_superuser", False) and not is_operator(request):
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not is_operator(request):
            obj.client_id = actor_of(request).client_id
        super().save_model(request, obj, form, change)
        fields = [name for name in form.changed_data if not name.startswith("password")]
        action = "update" if change else "create"
        record_audit(
            actor=actor_of(request, obj.client_id or ""), action=action, subject=obj, detail={"fields": fields}
        )

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Django reports a changed password here and nowhere else; the audit log must have it too."""
        if "password" in str(message).lower():
            record_audit(actor=actor_of(request, obj.client_id or ""), action="set_password", subject=obj)
        return super().log_change(request, obj, message)
