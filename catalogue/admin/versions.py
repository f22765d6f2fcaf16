"""Versions in the admin: every snapshot ever cut, and what each changed."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from accounts.actor import Actor
from accounts.admin.desk import DeskPage
from catalogue.admin.comparing import compare_versions, version_before
from catalogue.admin.downloads import download, skill_md
from core.templatetags.desk import age
from skills import document
from skills.models import Skill, SkillVersion

DIGEST = re.compile(r"[0-9a-f]{8,64}")
UNSEEN = ("content", "document", "files", "skill__content", "skill__supporting_files", "skill__trigger_embedding")


@admin.register(SkillVersion)
class SkillVersionAdmin(DeskPage):
    """Every snapshot ever cut, tombstones included."""

    page_template = "admin/skills/version.html"
    tenant_path = "skill__client_id"
    list_display = ("title", "version", "state", "description", "created_by", "created")
    list_filter = (("deleted_at", admin.EmptyFieldListFilter),)
    search_fields = ("skill_name", "content_sha256")  # what get_search_results makes of them
    search_help_text = "Search by words of the skill's name, keywords and description, or by the beginning of a digest"
    list_select_related = ("skill",)
    ordering = ("-created_at", "-sort_key")
    sortable_by = ("created",)

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[SkillVersion]:
        visible = Skill.objects.visible_to(actor.client_id)
        return rows.filter(skill__in=visible)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SkillVersion]:
        return super().get_queryset(request).select_related("skill").defer(*UNSEEN)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[SkillVersion], bool]:
        term = search_term.strip().lower()
        if DIGEST.fullmatch(term):
            queryset = queryset.filter(content_sha256__startswith=term)
        elif term:
            queryset = queryset.filter(skill__in=Skill.objects.worded(term).order_by())
        return queryset, False

    @admin.display(description="skill")
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

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.file)
        return [path("<uuid:pk>/files/<path:path>", view, name="skills_skillversion_file"), *super().get_urls()]

    def page_context(self, request: HttpRequest, obj: SkillVersion) -> dict[str, Any]:
        obj.refresh_from_db(fields=["content", "files"])
        current = obj.skill.versions.filter(version=obj.skill.semver).first()
        before = version_before(obj)
        return {
            "document": document.parse(obj.content),
            "source": obj.content,
            "files": [skill_md(obj.content), *obj.files],
            "file_view": "admin:skills_skillversion_file",
            "skill": obj.skill,
            "current": obj == current,
            "since": compare_versions(before, obj) if before else None,
            "until": compare_versions(obj, current) if current and current != obj else None,
            "may_restore": obj != current and not obj.deleted_at and self._may_curate(request, obj.skill),
        }

    def _may_curate(self, request: HttpRequest, skill: Skill) -> bool:
        skills: Any = self.admin_site._registry[Skill]
        return bool(skills.may_curate(request, skill))

    def file(self, request: HttpRequest, pk: UUID, path: str) -> HttpResponse:
        version = self.get_queryset(request).filter(pk=pk).first()
        if version is None:
            raise Http404("No such version")
        if not self.has_view_permission(request, version):
            raise PermissionDenied
        return download(path, version.content, version.files)
