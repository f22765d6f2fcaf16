"""The marketplace in the admin: what is on offer, what the tenant shows, and what it installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from accounts.actor import Actor
from accounts.admin.desk import DeskAdmin, ReasonForm, actor_of, confirm, is_operator, run_for_each
from core.templatetags.desk import age
from marketplace.models import Install, InstallQuerySet, Listing
from marketplace.services import install_skill, publish_skill, pull_update, unpublish_skill
from skills.models import Skill, SkillQuerySet
from skills.reviewing import findings_of_many

# So many skills are checked before they are published together.
CHECKED_AT_ONCE = 100


class OriginFilter(admin.SimpleListFilter):
    title = "origin"
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("own", "Own"), ("others", "Other tenants")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Skill]) -> QuerySet[Skill]:
        client_id = actor_of(request).client_id
        if self.value() == "own":
            return queryset.filter(client_id=client_id)
        return queryset.exclude(client_id=client_id) if self.value() else queryset


@admin.register(Listing)
class ListingAdmin(DeskAdmin):
    """The tenant's own active skills and what others offer. Nothing here shows content: that is what one installs."""

    rights = {"view": "user", "trade": "manager"}
    list_display = ("title", "state", "author", "owner", "current_version", "size", "updated")
    fields = (
        "name", "description", "author", "client", "semver", "content_tokens", "trigger_keywords", "domains",
        "task_types", "tools", "updated_at",
    )  # fmt: skip
    list_filter = ("is_published", OriginFilter)
    search_fields = ("name", "slug")  # what get_search_results makes of them
    search_help_text = "Search by words of name, keywords and description, or by the beginning of an address"
    list_select_related = ("client",)
    ordering = ("-is_published", "-updated_at", "-id")
    sortable_by = ("title", "updated")
    actions = ("publish", "unpublish", "install")

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Skill]:
        own = Q(client_id=actor.client_id) & (Q(is_published=True) | Q(status=Skill.Status.ACTIVE))
        return rows.filter(own) | rows.on_offer_to(actor.client_id)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        return super().get_queryset(request).light()  # type: ignore[no-any-return,attr-defined]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Skill], bool]:
        return (queryset.worded(search_term) if search_term else queryset), False

    def has_trade_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "trade")

    @admin.display(description="skill", ordering=Lower("name"))
    def title(self, obj: Skill) -> SafeString:
        return format_html(
            '<strong>{}</strong><span class="gh-clamp gh-faint">{}</span>', obj.name, obj.description or ""
        )

    @display(description="state", ordering="is_published", label={"on offer": "success", "withheld": "warning"})
    def state(self, obj: Skill) -> str:
        if obj.is_published:
            return "on offer" if obj.is_on_offer else "withheld"
        return "private"

    @admin.display(description="tenant", ordering="client__name")
    def owner(self, obj: Skill) -> str:
        return str(obj.client)

    @admin.display(description="version", ordering="semver")
    def current_version(self, obj: Skill) -> str:
        return obj.semver

    @admin.display(description="tokens", ordering="content_tokens")
    def size(self, obj: Skill) -> int | None:
        return obj.content_tokens

    @admin.display(ordering="updated_at")
    def updated(self, obj: Skill) -> SafeString:
        return format_html('<span class="gh-nowrap">{} ago</span>', age(obj.updated_at))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """An operator has no tenant to install into."""
        hidden = {"delete_selected"} | ({"install"} if is_operator(request) else set())
        return {name: found for name, found in super().get_actions(request).items() if name not in hidden}

    @admin.action(description="Publish to the marketplace", permissions=["trade"])
    def publish(self, request: HttpRequest, queryset: SkillQuerySet) -> TemplateResponse | None:
        return self._trade(
            request,
            queryset,
            # The page says what was found, of so many: whoever confirms has seen it.
            partial(publish_skill, acknowledged=queryset.count() <= CHECKED_AT_ONCE),
            action="publish",
            title="Publish to the marketplace",
            lead="All tenants will find these skills and may install copies, in your name." + checks_found(queryset),
            button="Publish",
            done="{} published.",
            form=ReasonForm.of(request),
        )

    @admin.action(description="Take back from the marketplace", permissions=["trade"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Skill]) -> TemplateResponse | None:
        return self._trade(
            request,
            queryset,
            unpublish_skill,
            action="unpublish",
            title="Take back from the marketplace",
            lead="No tenant will find these skills any more. Copies that were installed stay.",
            button="Take back",
            done="{} taken back.",
            form=ReasonForm.of(request),
        )

    @admin.action(description="Install a copy", permissions=["trade"])
    def install(self, request: HttpRequest, queryset: QuerySet[Skill]) -> TemplateResponse | None:
        return self._trade(
            request,
            queryset,
            install_skill,
            action="install",
            title="Install copies",
            lead="Your tenant gets a copy of each; your agents may load it at once.",
            button="Install",
            done="{} installed.",
        )

    def _trade(
        self,
        request: HttpRequest,
        queryset: QuerySet[Skill],
        service: Callable[..., object],
        *,
        done: str,
        form: ReasonForm | None = None,
        **text: Any,
    ) -> TemplateResponse | None:
        page = confirm(self, request, queryset, form=form, **text)
        if page is None:
            said = form.cleaned_data if form else {}
            run_for_each(
                request,
                queryset,
                lambda skill: service(actor=actor_of(request, skill.client_id), skill_id=skill.pk, **said),
                done,
            )
        return page


@admin.register(Install)
class InstallAdmin(DeskAdmin):
    """What the tenant installed, from whom, and whether the source is ahead."""

    rights = {"view": "user", "pull": "manager"}
    list_display = ("copy", "source_client_id", "version", "update", "installed_by", "installed")
    list_display_links = None
    list_filter = (("ended_at", admin.EmptyFieldListFilter), ("installed_at", admin.DateFieldListFilter))
    search_fields = ("skill__name__icontains", "=source_id")
    search_help_text = "Search by name or source id"
    ordering = ("-installed_at", "-id")
    actions = ("pull",)

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Install]:
        return rows.visible_to(actor.client_id)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Install]:
        """Of copies that are still there."""
        return super().get_queryset(request).filter(skill__name__isnull=False).with_offer()  # type: ignore[no-any-return,attr-defined]

    def has_pull_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "pull")

    @admin.display(description="skill", ordering="skill__name")
    def copy(self, obj: Install) -> SafeString:
        return format_html(
            '<a class="gh-link" href="{}">{}</a><span class="gh-sub gh-mono">{}</span>',
            reverse("admin:skills_skill_change", args=[obj.skill_id]),
            obj.skill.name,
            obj.skill.slug,
        )

    @admin.display(description="taken version", ordering="source_semver")
    def version(self, obj: Install) -> str:
        return obj.source_semver

    @display(label={"up to date": "success", "changed here": "warning", "not followed": "", "not on offer": "danger"})
    def update(self, obj: Install) -> str:
        if obj.ended_at or obj.skill.status != Skill.Status.ACTIVE:
            return "not followed"
        if obj.offered_semver is None:
            return "not on offer"
        if obj.is_behind:
            return f"{obj.offered_semver} available"
        return "changed here" if obj.is_changed_here else "up to date"

    @admin.display(ordering="installed_at")
    def installed(self, obj: Install) -> SafeString:
        return format_html('<span class="gh-nowrap">{} ago</span>', age(obj.installed_at))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: found for name, found in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description="Pull what the source says now", permissions=["pull"])
    def pull(self, request: HttpRequest, queryset: QuerySet[Install]) -> TemplateResponse | None:
        page = confirm(
            self,
            request,
            queryset,
            action="pull",
            title="Pull updates",
            lead="Content, files and description become those of the source. Skills that you changed are left out.",
            button="Pull",
        )
        if page is None:
            run_for_each(request, queryset, lambda install: _pull(request, install), "{} up to date.")
        return page


def checks_found(skills: SkillQuerySet) -> str:
    """What whoever confirms says to have seen; nothing where the content checks found nothing."""
    each = (
        (skill.slug, sorted({one.rule for one in found})) for skill, found in findings_of_many(skills[:CHECKED_AT_ONCE])
    )
    found = [f"{slug} ({', '.join(rules)})" for slug, rules in each if rules]
    return f" The content checks found something to look at in {'; '.join(found)}." if found else ""


def _pull(request: HttpRequest, install: Install) -> None:
    pull_update(actor=actor_of(request, install.client_id), skill_id=install.skill_id)


def behind_rows(request: HttpRequest) -> InstallQuerySet:
    """The tenant's installed skills that have something newer to pull; operators have installed nothing."""
    return Install.objects.none() if is_operator(request) else Install.objects.behind(actor_of(request).client_id)
