"""What the admin pages of all apps share: whose rows one sees, what one may do with them, pages of our own making."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.actor import Actor, Role
from accounts.admin import lists
from accounts.admin.lists import BoundedPaginator, DeskList
from accounts.models import Client, User
from accounts.services import MAX_REASON
from core.errors import DomainError
from core.templatetags.desk import as_json


def actor_of(request: HttpRequest, client_id: str = "") -> Actor:
    """The signed-in person as the services know them.

    Operators (superusers) act for the tenant `client_id` of the row at hand, with the rights of an admin there;
    everybody else acts for their own tenant, whatever `client_id` says.
    """
    user = request.user
    assert isinstance(user, User)
    if not user.is_superuser:
        return Actor.for_user(user, "admin")
    return replace(Actor.for_user(user, "admin", client_id=client_id), role="admin")


def is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


class TenantFilter(admin.SimpleListFilter):
    """Narrows a list to one tenant; only operators are offered it."""

    title = "tenant"
    parameter_name = "tenant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.path = model_admin.tenant_path
        return [(client.pk, str(client)) for client in Client.objects.order_by("name")[:200]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class DeskAdmin(ModelAdmin):
    """Pages for the staff of tenants: one rule for rows, one for rights.

    Rows: `visible_rows` is the access rule of the model; operators see all tenants. Lists, pages, drop-downs and
    autocompletes all read through it.

    Rights: `rights` names for each thing Django asks about (view, add, change, delete) and for words of our own
    (decide) the lowest role that may do it; what is not named nobody may. Django's permission tables are not used: a
    person has one role in one tenant, the services and APIs go by it, and two sources of truth would disagree.
    """

    rights: ClassVar[Mapping[str, Role]] = {"view": "user"}
    tenant_path: ClassVar[str] = "client_id"
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Any]:
        return rows.filter(**{self.tenant_path: actor.client_id})  # type: ignore[no-any-return]

    def may(self, request: HttpRequest, right: str) -> bool:
        role = self.rights.get(right)
        return role is not None and self.admin_site.has_permission(request) and actor_of(request).has_role(role)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "view")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "view")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "change") and self.is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "delete") and self.is_own(request, obj)

    def is_own(self, request: HttpRequest, obj: Model | None) -> bool:
        """Whether the row, if there is one, is the person's tenant's: shared rows are seen by all, changed by none."""
        client_id = getattr(obj, "client_id", None)
        return is_operator(request) or client_id is None or client_id == actor_of(request).client_id

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows if is_operator(request) else self.visible_rows(rows, actor_of(request))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskList]:
        return DeskList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Nobody does something to more rows than the list has told."""
        if request.POST.get("select_across") == "1" and self.paginator(queryset, 1).is_cut:
            message = f"These are more than {lists.MOST_COUNTED}. Narrow the list, then choose."
            messages.error(request, message)
            return HttpResponseRedirect(request.get_full_path())
        response: HttpResponse | None = super().response_action(request, queryset)
        return response

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        columns = tuple(super().get_list_display(request))
        return (*columns, "tenant") if is_operator(request) and self.tenant_path else columns

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        filters = tuple(super().get_list_filter(request))
        return (*filters, TenantFilter) if is_operator(request) and self.tenant_path else filters

    @admin.display(description="tenant")
    def tenant(self, obj: Any) -> str:
        for name in self.tenant_path.split("__"):
            obj = getattr(obj, name)
        return str(obj)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if related is not None:
            kwargs.setdefault("queryset", related.get_queryset(request))
        if db_field.remote_field.model is Client:
            kwargs.setdefault("label", "Tenant")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def way_back(self) -> dict[str, Any]:
        """The list's name and address, for the heading of a page of our own (templates/admin/page.html)."""
        list_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return {"list_title": self.opts.verbose_name_plural, "list_url": list_url}


class DeskPage(DeskAdmin):
    """Rows that are read on a page of our own (`page_template`) and changed by its buttons, which call services."""

    page_template: ClassVar[str]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        return self.handle(request, obj) if request.method == "POST" else self.page(request, obj)

    def handle(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """What a pressed button does; pages without buttons refuse."""
        return HttpResponseNotAllowed(["GET"])

    def page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What `page_template` shows; `original` is the row."""
        return {}

    def page(self, request: HttpRequest, obj: Any, *, status: int = 200, **extra: Any) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            **self.way_back(),
            "original": obj,
            "title": str(obj),
            "operator": is_operator(request),
            "findings": None,
            **self.page_context(request, obj),
            **extra,
        }
        return TemplateResponse(request, self.page_template, context, status=status)


def shown_json(value: Any) -> SafeString:
    """JSON for a page that only shows it: unfold would colour it by inline styles, which the policy forbids."""
    return format_html('<pre class="gh-wrap">{}</pre>', as_json(value))


class ServiceForm(forms.ModelForm[Any]):
    """A form whose rules are those of a service: `write` calls it, and its refusals show at the fields they name.

    The service validates and writes in one go, so `write` runs where a ModelForm would validate its instance.
    """

    request: HttpRequest

    def write(self) -> Model:
        raise NotImplementedError

    def _post_clean(self) -> None:
        if self.errors:
            return
        try:
            self.instance = self.write()
        except DomainError as problem:
            show_refusal(self, problem)


class ServiceAdmin(DeskAdmin):
    """Rows that Django's own add and change pages edit through a ServiceForm."""

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Nothing: the form's service has written it."""


def show_refusal(form: forms.BaseForm, problem: DomainError) -> None:
    """Puts what a service refused next to the form's fields, or on top where it names none of them."""
    known = {name: texts for name, texts in problem.fields.items() if name in form.fields}
    for name, texts in known.items():
        form.add_error(name, list(texts))
    if not known:
        form.add_error(None, problem.message)


class ReasonForm(forms.Form):
    """Why somebody does what they are about to do; the audit log keeps it."""

    reason = forms.CharField(
        label="Why?",
        max_length=MAX_REASON,
        widget=UnfoldAdminTextInputWidget(),
        help_text="One sentence for colleagues who ask later. The audit log keeps it.",
    )

    @classmethod
    def of(cls, request: HttpRequest) -> ReasonForm:
        """For a page of `confirm`: bound when the person came from there."""
        return cls(request.POST if request.POST.get("confirmed") else None)


def confirm(
    model_admin: DeskAdmin,
    request: HttpRequest,
    rows: Iterable[Model],
    *,
    action: str,
    skipped: int = 0,
    form: forms.Form | None = None,
    **text: str,
) -> TemplateResponse | None:
    """The page between choosing an action for many rows and doing it; None when the person has confirmed.

    `text` is title, lead (what will happen) and button; `skipped` of the chosen rows are none of the action's business;
    `form` is what must be filled in, where something must.
    """
    if request.POST.get("confirmed") and (form is None or form.is_valid()):
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        **model_admin.way_back(),
        "rows": rows,
        "skipped": skipped,
        "action": action,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
        **text,
    }
    return TemplateResponse(request, "admin/confirm.html", context)


def run_for_each(request: HttpRequest, rows: Iterable[Any], change: Callable[[Any], object], done: str) -> None:
    """Calls a service for each row and tells how many went well and why the others did not. `done`: "{} approved"."""
    succeeded, refusals = 0, []
    for row in rows:
        try:
            change(row)
            succeeded += 1
        except DomainError as problem:
            refusals.append(f"{row}: {problem.message}")
    if succeeded:
        messages.success(request, done.format(succeeded))
    for refusal in refusals[:10]:
        messages.error(request, refusal)
    if len(refusals) > 10:
        messages.error(request, f"…and {len(refusals) - 10} more were refused.")
