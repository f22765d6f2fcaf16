"""The tree of categories and the page of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from accounts.actor import Actor
from accounts.admin.desk import ServiceAdmin, ServiceForm, actor_of, is_operator
from accounts.models import Client
from core.errors import DomainError
from taxonomy.admin.moving import (
    CategoryField,
    MergeForm,
    MoveForm,
    ReasonForm,
    Shown,
    TargetForm,
    data_of,
    done,
    planned,
)
from taxonomy.models import Category
from taxonomy.outline import outline
from taxonomy.services import delete_category, describe_category, save_category


class ParentField(CategoryField):
    """For operators, who see several tenants' trees: whose each category is."""

    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.path} ({obj.client_id})"


class CategoryForm(ServiceForm):
    """A new category; of an old one what it says of itself, for it moves on a page of its own."""

    class Meta:
        model = Category
        fields = ("client", "parent", "slug", "name", "description", "sort_order")
        help_texts = {"slug": "The category's part of the path: lower-case letters and digits joined by - or _"}

    def write(self) -> Category:
        values = dict(self.cleaned_data)
        if not self.instance._state.adding:
            known = Category.objects.get(pk=self.instance.pk)
            return describe_category(actor=actor_of(self.request, known.client_id), category=known, **values)
        client = values.pop("client", None)
        return save_category(actor=actor_of(self.request, getattr(client, "pk", "")), **values)


@admin.register(Category)
class CategoryAdmin(ServiceAdmin):
    """Everybody sees their tenant's branches over the shared ones; managers change their tenant's own."""

    rights = {"view": "user", "add": "manager", "change": "manager", "delete": "manager"}
    form = CategoryForm
    search_fields = ("path", "name", "description")
    ordering = ("path", "client_id")
    list_select_related = ("client",)
    actions_detail = ("move", "merge")

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Category]:
        return rows.visible_to(actor.client_id)  # type: ignore[no-any-return]

    # --- The tree --------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        tenant, words = self._tenant(request), request.GET.get("q", "").strip()
        everybodys = is_operator(request) and tenant == settings.SYSTEM_CLIENT_ID
        places = outline(tenant, all_skills=everybodys, words=words)
        context = {
            **self.admin_site.each_context(request),
            "title": "Taxonomy",
            "opts": self.opts,
            "places": places,
            "skills": sum(place.in_branch for place in places if place.level == 1),
            "words": words,
            "tenant": tenant,
            "tenants": Client.objects.order_by("-is_system", "name") if is_operator(request) else (),
            "may_add": self.has_add_permission(request),
            "may_change": self.may(request, "change"),
            "changeable": self._changeable(request, tenant),
        }
        return TemplateResponse(request, "admin/taxonomy/tree.html", context)

    def _changeable(self, request: HttpRequest, tenant: str) -> set[str]:
        """Whose categories in the tree the person may change."""
        if not self.may(request, "change"):
            return set()
        return {tenant, settings.SYSTEM_CLIENT_ID} if is_operator(request) else {tenant}

    def _tenant(self, request: HttpRequest) -> str:
        """Whose tree is shown: one's own; operators choose, and see the shared one before they do."""
        if not is_operator(request):
            return actor_of(request).client_id
        chosen = request.GET.get("tenant", "")
        return chosen if Client.objects.filter(pk=chosen).exists() else settings.SYSTEM_CLIENT_ID

    # --- A category ------------------------------------------------------------------------------------------------

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        fields = CategoryForm.Meta.fields if is_operator(request) else CategoryForm.Meta.fields[1:]
        if obj is None:
            return fields
        return (*(("client",) if is_operator(request) else ()), "place", "name", "description", "sort_order", "once_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return ("client", "place", "once_at") if obj else ()

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["form_class"] = ParentField if is_operator(request) else CategoryField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="path")
    def place(self, obj: Category) -> str:
        return obj.path

    @admin.display(description="old paths that lead here")
    def once_at(self, obj: Category) -> str:
        return ", ".join(obj.aliases.order_by("path").values_list("path", flat=True)[:50])

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        delete_category(actor=actor_of(request, obj.client_id), category=obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except DomainError as problem:
            messages.error(request, problem.message)
            return HttpResponseRedirect(reverse("admin:taxonomy_category_change", args=[object_id]))
        return response

    # --- Moving and merging ----------------------------------------------------------------------------------------

    def has_move_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_change_permission(request, self.get_object(request, unquote(object_id)) if object_id else None)

    @action(description="Move or rename", icon="drive_file_move", url_path="move", permissions=["move"])
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._rearrange(request, object_id, MoveForm, "parent", "Move or rename")

    @action(description="Merge", icon="merge", url_path="merge", permissions=["move"])
    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._rearrange(request, object_id, MergeForm, "into", "Merge")

    def _rearrange(
        self, request: HttpRequest, object_id: str, form_class: type[TargetForm], field: str, title: str
    ) -> HttpResponse:
        """The form (GET), what would happen (GET with the form's fields), and the deed (POST with a reason)."""
        category = self.get_object(request, unquote(object_id))
        if category is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        actor = actor_of(request, category.client_id)
        form = form_class(category, actor, data_of(request, field))
        reason = ReasonForm(request.POST if request.method == "POST" else None)
        changed = done(form, reason, seen=request.POST.get("seen") or "none") if reason.is_bound else None
        if changed is not None:
            messages.success(request, f"'{category.path}' is now '{changed.path}'; its old path goes on working.")
            return HttpResponseRedirect(self._tree_of(request, changed, category.client_id))
        plan = planned(form)
        context = {
            **self.admin_site.each_context(request),
            **self.way_back(),
            "title": f"{title}: {category.path}",
            "heading": title,
            "original": category,
            "operator": is_operator(request),
            "form": form,
            "field": field,
            "shown": Shown.to(plan, actor, operator=is_operator(request)) if plan else None,
            "reason": reason,
        }
        return TemplateResponse(request, "admin/taxonomy/move.html", context)

    def _tree_of(self, request: HttpRequest, category: Category, client_id: str) -> str:
        tenant = f"?tenant={client_id}" if is_operator(request) else ""
        return f"{reverse('admin:taxonomy_category_changelist')}{tenant}#category-{category.pk}"
