"""Access tokens that were handed out: who has one, until when, and taking them back. Their text is nowhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.decorators import action, display

from accounts.admin.desk import DeskPage, actor_of, run_for_each
from accounts.admin.keys import LiveFilter, revoke_rows
from accounts.models import AccessToken
from accounts.tokens import granted_role, granted_scopes, revoke_token


@admin.register(AccessToken)
class AccessTokenAdmin(DeskPage):
    """Tokens are read by managers and revoked by admins. The API alone hands them out."""

    rights = {"view": "manager", "revoke": "admin"}
    page_template = "admin/accounts/token.html"
    list_display = ("holder", "state_label", "role", "allowed", "bought_with", "created_at", "expires_at")
    list_filter = (LiveFilter, "role")
    list_select_related = ("user", "api_key__user", "client")
    search_fields = ("user__username", "user__display_name", "api_key__name", "api_key__prefix")
    ordering = ("-created_at",)
    actions = ("revoke_selected",)

    @admin.display(description="user", ordering="user__username")
    def holder(self, obj: AccessToken) -> str:
        return str(obj.user) if obj.user else "nobody (development)"

    @display(description="state", label={"live": "success", "revoked": "danger", "expired": "warning"})
    def state_label(self, obj: AccessToken) -> tuple[str, str]:
        return obj.state, obj.state.capitalize()

    @admin.display(description="scopes")
    def allowed(self, obj: AccessToken) -> str:
        return ", ".join(granted_scopes(obj))

    @admin.display(description="bought with")
    def bought_with(self, obj: AccessToken) -> str:
        if obj.api_key:
            return f"key {obj.api_key}"
        return "password" if obj.user else "nothing"

    def has_revoke_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "revoke")

    def page_context(self, request: HttpRequest, obj: AccessToken) -> dict[str, Any]:
        return {
            "holder": self.holder(obj),
            "role": granted_role(obj),
            "scopes": granted_scopes(obj),
            "bought_with": self.bought_with(obj),
            "may_revoke": self.may(request, "revoke") and obj.state == "live",
        }

    def handle(self, request: HttpRequest, obj: AccessToken) -> HttpResponse:
        if not self.may(request, "revoke"):
            raise PermissionDenied
        run_for_each(request, [obj], lambda token: _revoke(request, token), "The token is revoked.")
        return HttpResponseRedirect(request.path)

    @action(description="Revoke selected tokens", permissions=["revoke"])
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> HttpResponse | None:
        lead = "Whoever uses these tokens is refused from now on. Keys and passwords stay good for new ones."
        return revoke_rows(
            self, request, queryset, _revoke, title="Revoke access tokens", lead=lead, done="{} tokens revoked."
        )


def _revoke(request: HttpRequest, token: AccessToken) -> None:
    revoke_token(actor=actor_of(request, token.client_id), token=token)
