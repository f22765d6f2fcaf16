"""API keys: issued, with their text shown once, given an end, and revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.actor import SCOPES
from accounts.admin.desk import DeskPage, actor_of, confirm, run_for_each, show_refusal
from accounts.models import ROLES, SCOPE_LABELS, ApiKey, User, all_scopes
from accounts.services import expire_api_key, issue_api_key, revoke_api_key
from core.errors import DomainError
from core.templatetags.desk import age


class ExpiryForm(forms.Form):
    """How long a key lives."""

    expires_at = forms.SplitDateTimeField(
        required=False, widget=UnfoldAdminSplitDateTimeWidget(), help_text="Empty: until it is revoked."
    )

    def clean_expires_at(self) -> Any:
        moment = self.cleaned_data["expires_at"]
        if moment and moment <= timezone.now():
            raise forms.ValidationError("This moment has passed.")
        return moment


class KeyForm(ExpiryForm):
    """For whom the key is, what it is called, what it may do and how long it lives."""

    field_order = ["user", "name", "role", "scopes", "expires_at"]

    user = forms.ModelChoiceField(User.objects.none(), widget=UnfoldAdminSelectWidget())
    name = forms.CharField(
        max_length=100, widget=UnfoldAdminTextInputWidget(), help_text="What it is for: 'build server'."
    )
    role = forms.ChoiceField(
        choices=[("", "The user's own role"), *ROLES], required=False, widget=UnfoldAdminSelectWidget()
    )
    scopes = forms.MultipleChoiceField(
        choices=SCOPE_LABELS,
        initial=all_scopes,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text="As few as it can do its work with.",
    )

    def __init__(self, users: QuerySet[User], data: Any = None) -> None:
        super().__init__(data)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]


class LiveFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("live", "Live"), ("revoked", "Revoked"), ("expired", "Expired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        match self.value():
            case "live":
                return queryset.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
            case "revoked":
                return queryset.filter(revoked_at__isnull=False)
            case "expired":
                return queryset.filter(revoked_at=None, expires_at__lte=now)
        return queryset


class ScopeFilter(admin.SimpleListFilter):
    title = "scope"
    parameter_name = "scope"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(scope, scope) for scope in SCOPES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        return queryset.filter(scopes__contains=[self.value()]) if self.value() else queryset


@admin.register(ApiKey)
class ApiKeyAdmin(DeskPage):
    """Keys are read by managers; issued, given an end and revoked by admins."""

    rights = {"view": "manager", "issue": "admin"}
    page_template = "admin/accounts/key.html"
    list_display = ("name", "shown_prefix", "user", "state", "role", "allowed", "used", "ends", "issued")
    list_filter = (LiveFilter, "role", ScopeFilter)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username", "user__display_name")
    search_help_text = "Search by name, prefix or user"
    ordering = ("-created_at",)
    actions_list = ("issue",)
    actions = ("revoke_selected",)

    @admin.display(description="prefix")
    def shown_prefix(self, obj: ApiKey) -> str:
        return f"{obj.prefix}…"

    @admin.display(description="last used", ordering="last_used_at")
    def used(self, obj: ApiKey) -> str:
        return f"{age(obj.last_used_at)} ago" if obj.last_used_at else "never"

    @admin.display(description="ends", ordering="expires_at")
    def ends(self, obj: ApiKey) -> str:
        return date_format(obj.expires_at, "j M Y H:i") if obj.expires_at else "never"

    @admin.display(description="issued", ordering="created_at")
    def issued(self, obj: ApiKey) -> str:
        return date_format(obj.created_at, "j M Y H:i")

    @display(label={"live": "success", "revoked": "danger", "expired": "warning"})
    def state(self, obj: ApiKey) -> tuple[str, str]:
        return obj.state, obj.state.capitalize()

    @admin.display(description="scopes")
    def allowed(self, obj: ApiKey) -> str:
        return ", ".join(obj.scopes)

    def has_issue_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "issue")

    def page_context(self, request: HttpRequest, obj: ApiKey) -> dict[str, Any]:
        may_end = self.may(request, "issue") and obj.revoked_at is None
        form = ExpiryForm(initial={"expires_at": obj.expires_at}) if may_end and obj.state == "live" else None
        return {"state": obj.state, "may_revoke": may_end, "form": form}

    def handle(self, request: HttpRequest, obj: ApiKey) -> HttpResponse:
        """The button pressed: `do` is expire; without it the key is revoked."""
        if not self.may(request, "issue"):
            raise PermissionDenied
        if request.POST.get("do") == "expire":
            return self._expire(request, obj)
        run_for_each(request, [obj], lambda key: _revoke(request, key), f"The key {obj.prefix}… is revoked.")
        return HttpResponseRedirect(request.path)

    def _expire(self, request: HttpRequest, obj: ApiKey) -> HttpResponse:
        form = ExpiryForm(request.POST)
        if not form.is_valid():
            return self.page(request, obj, form=form)
        moment = form.cleaned_data["expires_at"]
        run_for_each(
            request,
            [obj],
            lambda key: expire_api_key(actor=actor_of(request, key.client_id), key=key, expires_at=moment),
            f"The key {obj.prefix}… has a new end." if moment else f"The key {obj.prefix}… has no end.",
        )
        return HttpResponseRedirect(request.path)

    @action(description="Issue a key", icon="add", url_path="issue", permissions=["issue"])
    def issue(self, request: HttpRequest) -> HttpResponse:
        """The form, and after it the one page that ever shows the key: no redirect, session or cache holds it."""
        users = self.admin_site._registry[User].get_queryset(request).filter(is_active=True, client__isnull=False)
        form = KeyForm(users.order_by("username"), request.POST or None)
        raw = self._issue(request, form) if request.method == "POST" and form.is_valid() else ""
        context = {
            **self.admin_site.each_context(request),
            **self.way_back(),
            "title": "Issue an API key",
            "form": form,
            "raw": raw,
        }
        return TemplateResponse(request, "admin/accounts/issue_key.html", context)

    def _issue(self, request: HttpRequest, form: KeyForm) -> str:
        values = form.cleaned_data
        user: User = values["user"]
        try:
            _, raw = issue_api_key(
                actor=actor_of(request, user.client_id or ""),
                user=user,
                name=values["name"],
                role=values["role"] or None,
                scopes=values["scopes"],
                expires_at=values["expires_at"],
            )
        except DomainError as problem:
            show_refusal(form, problem)
            return ""
        messages.success(request, f"A key for {user} is issued.")
        return raw

    @action(description="Revoke selected keys", permissions=["issue"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        lead = "Whoever uses these keys is refused from now on. This cannot be undone."
        return revoke_rows(
            self, request, queryset, _revoke, title="Revoke API keys", lead=lead, done="{} keys revoked."
        )


def _revoke(request: HttpRequest, key: ApiKey) -> None:
    revoke_api_key(actor=actor_of(request, key.client_id), key=key)


def revoke_rows(
    model_admin: DeskPage,
    request: HttpRequest,
    rows: QuerySet[Any],
    revoke: Callable[[HttpRequest, Any], None],
    *,
    title: str,
    lead: str,
    done: str,
) -> HttpResponse | None:
    """The action `revoke_selected` of keys and tokens: asks first, then ends those of the rows that still live."""
    live = rows.filter(revoked_at=None)
    skipped = rows.count() - live.count()
    page = confirm(
        model_admin, request, live, action="revoke_selected", skipped=skipped, title=title, lead=lead, button="Revoke"
    )
    if page is None:
        run_for_each(request, live, lambda row: revoke(request, row), done)
    return page
