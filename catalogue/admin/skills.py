"""Skills in the admin: the list, the page that tells all about one, and the changes of it that ask for a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from accounts.actor import Actor
from accounts.admin.desk import actor_of, is_operator
from accounts.admin.lists import WidePaginator
from accounts.models import AuditEvent
from analytics.models import UsageEvent
from catalogue.admin import facts
from catalogue.admin.changes import OF_THE_SKILL, waiting_drafts
from catalogue.admin.changing import STATUS_LABELS, SkillChanges
from catalogue.admin.comparing import CompareForm
from catalogue.admin.downloads import download, skill_md
from core.errors import DomainError
from core.templatetags.desk import age
from skills import document
from skills.models import Skill, SkillAlias
from skills.reviewing import findings_of

SHOWN_VERSIONS = 100


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
class SkillAdmin(SkillChanges):
    """The registry. All staff read; managers publish, deprecate, restore and promote."""

    page_template = "admin/skills/skill.html"
    list_display = ("title", "state", "category", "current_version", "source", "used", "updated")
    list_filter = ("status", "source_type", "created_via", "is_published", CategoryFilter)
    search_fields = ("name", "slug")  # what get_search_results makes of them
    search_help_text = "Search by words of name, keywords and description, or by the beginning of an address"
    list_select_related = ("category", "client")
    ordering = ("-updated_at", "-id")
    sortable_by = ("title", "used", "updated")
    paginator = WidePaginator

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Skill]:
        return rows.visible_to(actor.client_id)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        """Lists never load texts, files or vectors; the page of one skill fetches what it shows."""
        return super().get_queryset(request).light()  # type: ignore[no-any-return,attr-defined]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Skill], bool]:
        return (queryset.worded(search_term) if search_term else queryset), False

    @admin.display(description="skill", ordering=Lower("name"))
    def title(self, obj: Skill) -> SafeString:
        return format_html(
            '<strong>{}</strong> <span class="gh-faint gh-mono">{}</span><span class="gh-clamp gh-faint">{}</span>',
            obj.name,
            obj.slug,
            obj.description or "",
        )

    @display(description="status", label=STATUS_LABELS)
    def state(self, obj: Skill) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @admin.display(description="version")
    def current_version(self, obj: Skill) -> str:
        return obj.semver

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

    # --- The page ----------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/compare/", view(self.compare), name="skills_skill_compare"),
            path("<uuid:pk>/files/<path:path>", view(self.file), name="skills_skill_file"),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, obj: Skill) -> dict[str, Any]:
        obj.refresh_from_db(fields=["content", "supporting_files"])
        client_id = actor_of(request, obj.client_id).client_id
        may_curate = self.may_curate(request, obj)
        checks = findings_of(obj)
        versions = list(obj.versions.defer("content", "document", "files")[: SHOWN_VERSIONS + 1])
        used = UsageEvent.objects.filter(skill=obj)
        return {
            "title": obj.name,
            "document": document.parse(obj.content),
            "source": obj.content,
            "checks": checks,
            "findings": [finding.as_dict() for finding in checks],
            "files": [skill_md(obj.content), *obj.supporting_files],
            "file_view": "admin:skills_skill_file",
            "versions": versions[:SHOWN_VERSIONS],
            "more_versions": len(versions) > SHOWN_VERSIONS,
            "usage": facts.usage_chart(used if is_operator(request) else used.visible_to(client_id)),
            "trigger_rate": facts.trigger_rate(client_id, obj),
            "may_curate": may_curate,
            "changes": [(one, one.called(obj)) for one in OF_THE_SKILL if may_curate and one.fits(obj)],
            "drafts": waiting_drafts(obj) if may_curate else [],
            **self._spread(request, obj),
            "trail": facts.audit_trail(obj, versions) if self._may_audit(request, obj) else None,
            **_described(obj),
        }

    def _spread(self, request: HttpRequest, obj: Skill) -> dict[str, Any]:
        """Who installed it: how many tenants for the publisher, which ones for operators, the source for a copy."""
        if not self.is_own(request, obj):
            return {}
        told: dict[str, Any] = {"tells_installs": True, "origin": facts.origin_of(obj)}
        if is_operator(request):
            return {**told, "installs": facts.installs_of(obj)}
        return {**told, "spread": facts.spread_of(obj)}

    def _may_audit(self, request: HttpRequest, obj: Skill) -> bool:
        log: Any = self.admin_site._registry[AuditEvent]
        return self.is_own(request, obj) and bool(log.has_view_permission(request))

    def handle(self, request: HttpRequest, obj: Skill) -> HttpResponse:
        """The one button that changes nothing: it measures."""
        if not self.may_curate(request, obj):
            raise PermissionDenied
        try:
            facts.measure_trigger_rate(actor_of(request, obj.client_id).client_id, obj)
        except DomainError as problem:
            messages.error(request, problem.message)
        return HttpResponseRedirect(f"{request.path}#triggers")

    # --- Pages below it ----------------------------------------------------------------------------------------------

    def compare(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        skill = self.seen(request, pk)
        form = CompareForm(skill, request.GET)
        context = {"title": "Compare versions", "form": form, "comparison": form.compared()}
        return self.page_below(request, skill, "admin/skills/compare.html", context)

    def file(self, request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
        skill = self.seen(request, pk)
        return download(path, skill.content, skill.supporting_files)


def _described(obj: Skill) -> dict[str, Any]:
    """Its other addresses, and the words by which it is found and sorted."""
    return {
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
