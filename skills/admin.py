"""Skills and their versions in the admin: read-only; they change through the APIs, imports and promoted drafts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from accounts.actor import Actor
from accounts.admin.desk import DeskPage
from core.templatetags.desk import age
from skills import document
from skills.models import Skill, SkillAlias, SkillVersion

SHOWN_VERSIONS = 100
UNSEEN = ("content", "document", "files", "skill__content", "skill__supporting_files", "skill__trigger_embedding")
STATUS_LABELS = {"active": "success", "deprecated": "warning"}


class CategoryFilter(admin.SimpleListFilter):
    """By branch: a category and all below it, of those that the person sees."""

    title = "category"
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        admin_of_categories = model_admin.admin_site._registry[Skill._meta.get_field("category").related_model]
        paths = admin_of_categories.get_queryset(request).order_by("path").values_list("path", flat=True).distinct()
        return [("-", "Without a category"), *((path, path) for path in paths[:300])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Skill]) -> QuerySet[Skill]:
        value = self.value()
        if value is None:
            return queryset
        if value == "-":
            return queryset.filter(category=None)
        return queryset.filter(category__path=value) | queryset.filter(category__path__startswith=f"{value}/")


@admin.register(Skill)
class SkillAdmin(DeskPage):
    """The registry as a list to search and pages to read."""

    page_template = "admin/skills/skill.html"
    list_display = ("title", "state", "category", "current_version", "source", "used", "updated")
    list_filter = ("status", "source_type", "created_via", "is_published", CategoryFilter)
    search_fields = ("name__icontains", "slug__icontains", "description__icontains")
    search_help_text = "Search by name, address or description"
    list_select_related = ("category", "client")
    ordering = ("-updated_at", "-id")

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Skill]:
        return rows.visible_to(actor.client_id)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        """Lists never load texts, files or vectors; the page of one skill fetches what it shows."""
        return super().get_queryset(request).light()  # type: ignore[no-any-return,attr-defined]

    @admin.display(description="skill", ordering="name")
    def title(self, obj: Skill) -> SafeString:
        return format_html(
            '<strong>{}</strong> <span class="gh-faint gh-mono">{}</span><span class="gh-clamp gh-faint">{}</span>',
            obj.name,
            obj.slug,
            obj.description or "",
        )

    @display(description="status", ordering="status", label=STATUS_LABELS)
    def state(self, obj: Skill) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @admin.display(description="version", ordering="semver")
    def current_version(self, obj: Skill) -> str:
        return obj.semver

    @admin.display(ordering="source_type")
    def source(self, obj: Skill) -> SafeString:
        published = ", published" if obj.is_published else ""
        via = obj.get_created_via_display()
        return format_html(
            '{}<span class="gh-sub gh-nowrap">via {}{}</span>', obj.get_source_type_display(), via, published
        )

    @admin.display(ordering="usage_count")
    def used(self, obj: Skill) -> int:
        return obj.usage_count

    @admin.display(ordering="updated_at")
    def updated(self, obj: Skill) -> SafeString:
        return format_html('<span class="gh-nowrap">{} ago</span>', age(obj.updated_at))

    def page_context(self, request: HttpRequest, obj: Skill) -> dict[str, Any]:
        versions = obj.versions.defer("content", "document", "files")[: SHOWN_VERSIONS + 1]
        return {
            "title": obj.name,
            "document": document.parse(obj.content),
            "source": obj.content,
            "files": obj.supporting_files,
            "versions": list(versions)[:SHOWN_VERSIONS],
            "more_versions": len(versions) > SHOWN_VERSIONS,
            "aliases": SkillAlias.objects.filter(client_id=obj.client_id, slug=obj.slug)[:50],
            "siblings": Skill.objects.filter(client_id=obj.client_id, slug=obj.slug)
            .exclude(pk=obj.pk)
            .light()
            .order_by("-version")[:20],
            "status_label": STATUS_LABELS.get(obj.status, ""),
            "lists": [
                ("Trigger keywords", obj.trigger_keywords),
                ("Domains", obj.domains),
                ("Task types", obj.task_types),
                ("Tools", obj.tools),
                ("Tags", obj.tags),
                ("Capabilities", obj.capabilities),
            ],
        }


@admin.register(SkillVersion)
class SkillVersionAdmin(DeskPage):
    """Every snapshot ever cut, tombstones included."""

    page_template = "admin/skills/version.html"
    tenant_path = "skill__client_id"
    list_display = ("title", "version", "state", "description", "created_by", "created")
    list_filter = (("deleted_at", admin.EmptyFieldListFilter),)
    search_fields = ("skill_name__icontains", "version", "content_sha256__startswith")
    list_select_related = ("skill",)
    ordering = ("-created_at", "-sort_key")

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[SkillVersion]:
        visible = Skill.objects.visible_to(actor.client_id)
        return rows.filter(skill__in=visible)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SkillVersion]:
        return super().get_queryset(request).select_related("skill").defer(*UNSEEN)

    @admin.display(description="skill", ordering="skill_name")
    def title(self, obj: SkillVersion) -> SafeString:
        return format_html('<strong>{}</strong><span class="gh-sub">{}</span>', obj.skill_name, obj.skill.slug)

    @display(label={"current": "success", "deleted": "danger", "earlier": ""})
    def state(self, obj: SkillVersion) -> str:
        if obj.deleted_at:
            return "deleted"
        return "current" if obj.version == obj.skill.semver else "earlier"

    @admin.display(ordering="created_at")
    def created(self, obj: SkillVersion) -> str:
        return f"{age(obj.created_at)} ago"

    def page_context(self, request: HttpRequest, obj: SkillVersion) -> dict[str, Any]:
        return {
            "document": document.parse(obj.content),
            "source": obj.content,
            "files": obj.files,
            "skill": obj.skill,
            "current": obj.version == obj.skill.semver,
        }
