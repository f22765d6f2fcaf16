"""The pages on which a skill is changed: each asks for the reason, for one skill or for many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.decorators import action

from accounts.admin.desk import DeskPage, ReasonForm, actor_of, confirm, run_for_each, show_refusal
from catalogue.admin.changes import CHANGES, Change, Deprecate, Publish, Unpublish
from core.errors import Conflict, DomainError, NotFound
from marketplace.admin import CHECKED_AT_ONCE, checks_found
from skills.models import Skill, SkillQuerySet

STATUS_LABELS = {"active": "success", "deprecated": "warning"}


class SkillChanges(DeskPage):
    """All staff read; managers change what is their tenant's own."""

    rights = {"view": "user", "curate": "manager"}
    actions = ("publish_selected", "unpublish_selected", "deprecate_selected")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.confirm_change)
        return [path("<uuid:pk>/<slug:name>/confirm/", view, name="skills_skill_confirm"), *super().get_urls()]

    def may_curate(self, request: HttpRequest, obj: Skill) -> bool:
        return self.may(request, "curate") and self.is_own(request, obj)

    def confirm_change(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        """Asks for the reason of a change, then makes it; what the service refuses is said above the form."""
        skill = self.seen(request, pk)
        if not self.may_curate(request, skill):
            raise PermissionDenied
        if name not in CHANGES:
            raise Http404("No such change")
        change = CHANGES[name]
        try:
            form = change(skill, request.GET, request.POST if request.method == "POST" else None)
        except NotFound as problem:
            raise Http404(problem.message) from None
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                form.apply(actor_of(request, skill.client_id))
            except DomainError as problem:
                show_refusal(form, problem)
                status = 409 if isinstance(problem, Conflict) else 200
            else:
                messages.success(request, change.done.format(skill.name))
                return HttpResponseRedirect(self.url_of(skill))
        elif request.method != "POST" and not change.fits(skill):
            messages.warning(request, f"{skill.name}: {change.unfit}")
            return HttpResponseRedirect(self.url_of(skill))
        context = {"title": form.heading, "form": form, "status_label": STATUS_LABELS.get(skill.status, "")}
        return self.page_below(request, skill, "admin/skills/confirm.html", {**context, **form.shown()}, status)

    def seen(self, request: HttpRequest, pk: UUID) -> Skill:
        """The skill, with its text and files, if the person may see it; 404 else."""
        skill: Skill | None = self.get_queryset(request).defer(None).defer("trigger_embedding").filter(pk=pk).first()
        if skill is None:
            raise Http404("No such skill")
        if not self.has_view_permission(request, skill):
            raise PermissionDenied
        return skill

    def url_of(self, skill: Skill) -> str:
        return reverse("admin:skills_skill_change", args=[skill.pk])

    def page_below(
        self, request: HttpRequest, skill: Skill, template: str, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        """A page whose way back leads to the skill."""
        way = {"list_title": skill.name, "list_url": self.url_of(skill), "original": skill}
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), **way, **context}, status=status
        )

    # --- Many at once ------------------------------------------------------------------------------------------------

    def has_curate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "curate")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: found for name, found in super().get_actions(request).items() if name != "delete_selected"}

    @action(description="Publish selected", permissions=["curate"])
    def publish_selected(self, request: HttpRequest, queryset: SkillQuerySet) -> HttpResponse | None:
        return self._change_many(request, queryset, Publish)

    @action(description="Take selected back", permissions=["curate"])
    def unpublish_selected(self, request: HttpRequest, queryset: SkillQuerySet) -> HttpResponse | None:
        return self._change_many(request, queryset, Unpublish)

    @action(description="Deprecate selected", permissions=["curate"])
    def deprecate_selected(self, request: HttpRequest, queryset: SkillQuerySet) -> HttpResponse | None:
        return self._change_many(request, queryset, Deprecate)

    def _change_many(self, request: HttpRequest, queryset: SkillQuerySet, change: type[Change]) -> HttpResponse | None:
        chosen = list(queryset)
        rows = [skill for skill in chosen if self.is_own(request, skill) and change.fits(skill)]
        form, lead, values = ReasonForm.of(request), change.many_lead, {}
        if change is Publish:
            lead += checks_found(Skill.objects.filter(pk__in=[skill.pk for skill in rows]))
            # The page says what was found, of so many: whoever confirms has seen it.
            values["acknowledged"] = len(rows) <= CHECKED_AT_ONCE
        page = confirm(
            self, request, rows, action=f"{change.name}_selected", skipped=len(chosen) - len(rows), form=form,
            title=change.title, lead=lead, button=change.button,
        )  # fmt: skip
        if page is None:
            values |= form.cleaned_data
            run_for_each(
                request,
                rows,
                lambda skill: change.run(actor_of(request, skill.client_id), skill, **values),
                change.many_done,
            )
        return page
