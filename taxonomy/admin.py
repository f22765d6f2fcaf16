"""The category tree in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.actor import Actor
from accounts.admin.desk import ServiceAdmin, ServiceForm, actor_of, is_operator
from core.errors import DomainError
from taxonomy.models import Category
from taxonomy.services import delete_category, save_category


class ParentField(forms.ModelChoiceField[Category]):
    """Categories by path; operators, who see several tenants' trees, are told whose."""

    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.path} ({obj.client_id})"


class CategoryForm(ServiceForm):
    class Meta:
        model = Category
        fields = ("client", "parent", "slug", "name", "description", "sort_order")
        help_texts = {
            "slug": "The category's part of the path: lower-case letters and digits joined by - or _",
            "parent": "A new parent moves the category with everything below it.",
        }

    def write(self) -> Category:
        values = dict(self.cleaned_data)
        known = None if self.instance._state.adding else Category.objects.get(pk=self.instance.pk)
        client = values.pop("client", None)
        client_id = known.client_id if known else getattr(client, "pk", "")
        return save_category(actor=actor_of(self.request, client_id), category=known, **values)


@admin.register(Category)
class CategoryAdmin(ServiceAdmin):
    """Everybody sees their tenant's branches over the shared ones; managers change their tenant's own."""

    rights = {"view": "user", "add": "manager", "change": "manager", "delete": "manager"}
    form = CategoryForm
    list_display = ("branch", "title", "description", "skill_count", "shared")
    search_fields = ("path", "name", "description")
    ordering = ("path", "client_id")
    list_per_page = 200
    list_select_related = ("client",)

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Category]:
        return rows.visible_to(actor.client_id)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        mine = Q(skills__client_id__in=[actor_of(request).client_id, settings.SYSTEM_CLIENT_ID])
        count = Count("skills") if is_operator(request) else Count("skills", filter=mine)
        rows: QuerySet[Category] = super().get_queryset(request).annotate(skills_here=count)
        return rows

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        fields = CategoryForm.Meta.fields
        return fields if is_operator(request) else fields[1:]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return ("client",) if obj and is_operator(request) else ()

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent" and is_operator(request):
            kwargs["form_class"] = ParentField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="path", ordering="path")
    def branch(self, obj: Category) -> SafeString:
        return format_html('<span class="gh-branch gh-depth-{}">{}</span>', obj.path.count("/"), obj.slug)

    @admin.display(description="name", ordering="name")
    def title(self, obj: Category) -> str:
        return obj.name

    @admin.display(description="skills", ordering="skills_here")
    def skill_count(self, obj: Any) -> int:
        return int(obj.skills_here)

    @admin.display(boolean=True)
    def shared(self, obj: Category) -> bool:
        return obj.client_id == settings.SYSTEM_CLIENT_ID

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting of many at once: each branch is looked at, and must be empty."""
        return {name: found for name, found in super().get_actions(request).items() if name != "delete_selected"}

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        delete_category(actor=actor_of(request, obj.client_id), category=obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            response: HttpResponse = super().delete_view(request, object_id, extra_context)
        except DomainError as problem:
            messages.error(request, problem.message)
            return HttpResponseRedirect(reverse("admin:taxonomy_category_change", args=[object_id]))
        return response
