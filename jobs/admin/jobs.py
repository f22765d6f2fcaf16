"""Jobs: the list, and the page of one job with its timeline, its steps and its draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from accounts.actor import Actor
from accounts.admin.desk import DeskPage, ReasonForm, actor_of, is_operator, show_refusal
from core.errors import DomainError
from core.templatetags.desk import age, duration
from jobs.admin.decisions import in_words
from jobs.admin.timeline import by_round, phases, quality_rounds, timeline
from jobs.admin.words import KIND_LABELS, STATE_LABELS, STATE_WORDS
from jobs.models import Draft, Job, JobQuerySet
from jobs.services import cancel_job, promote_draft
from jobs.states import PromptKind, State
from jobs.supervising import retry_job
from jobs.usage import calls_of, totals_of
from skills import document
from skills.reviewing import findings_in
from taxonomy.models import Category

SHOWN_EVENTS = 500


def working_rows(request: HttpRequest) -> JobQuerySet:
    """The jobs at work, or soon, that this person sees."""
    rows = Job.objects.filter(state__in=[State.PENDING, State.RUNNING])
    return rows if is_operator(request) else rows.visible_to(actor_of(request))


class PromoteForm(ReasonForm):
    """Where the draft goes, and why. Paths are those the job's tenant sees."""

    field_order = ("taxonomy_path", "make_active", "force", "acknowledged", "reason")

    taxonomy_path = forms.ChoiceField(label="Category", widget=UnfoldAdminSelectWidget())
    make_active = forms.BooleanField(
        required=False, initial=True, label="Agents may load it at once", widget=UnfoldBooleanWidget()
    )
    force = forms.BooleanField(required=False, label="Promote although validation failed", widget=UnfoldBooleanWidget())
    acknowledged = forms.BooleanField(
        required=False, label="I saw what the content checks found", widget=UnfoldBooleanWidget()
    )

    def __init__(self, draft: Draft, has_findings: bool, data: Any = None) -> None:
        super().__init__(data, initial={"taxonomy_path": draft.taxonomy_path})
        paths = Category.objects.visible_to(draft.client_id).order_by("path").values_list("path", flat=True).distinct()
        choices = [(path, path) for path in paths]
        if draft.taxonomy_path not in dict(choices):
            choices.insert(0, ("", f"{draft.taxonomy_path or 'none'} (no such category; choose one)"))
        self.fields["taxonomy_path"].choices = choices  # type: ignore[attr-defined]
        if draft.passed:
            del self.fields["force"]
        if not has_findings:
            del self.fields["acknowledged"]


class WhyForm(forms.Form):
    """Why a job is called off or tried again."""

    reason = forms.CharField(
        required=False, max_length=200, label="Why?", widget=UnfoldAdminTextInputWidget({"placeholder": "Optional"})
    )


@admin.register(Job)
class JobAdmin(DeskPage):
    """Jobs as they run. One's own for users, the tenant's for managers, who also cancel and promote."""

    rights = {"view": "user", "decide": "manager"}
    page_template = "admin/jobs/job.html"
    list_display = ("request_text", "state_label", "progress_bar", "phase_label", "owner", "started", "took")
    list_filter = ("state", "type", "phase", ("created_at", admin.DateFieldListFilter))
    search_fields = ("request__task_description", "owner", "id")
    search_help_text = "Search by request, owner or job id"
    list_select_related = ("client",)
    ordering = ("-created_at", "-id")

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Job]:
        return rows.visible_to(actor)  # type: ignore[no-any-return]

    @admin.display(description="request")
    def request_text(self, obj: Job) -> SafeString:
        text = obj.request.get("task_description", obj.pk)
        return format_html(
            '<span class="gh-clamp gh-request">{}</span><span class="gh-sub">{}</span>', text, obj.get_type_display()
        )

    @display(description="state", ordering="state", label=STATE_LABELS)
    def state_label(self, obj: Job) -> tuple[str, str]:
        return obj.state, state_words(obj)

    @admin.display(description="progress", ordering="progress")
    def progress_bar(self, obj: Job) -> SafeString:
        bar = '<progress class="gh-progress" max="100" value="{0}" title="{1}">{0}%</progress>'
        return format_html(bar, obj.progress, obj.message)

    @admin.display(description="phase", ordering="phase")
    def phase_label(self, obj: Job) -> str:
        return obj.phase.capitalize() or "-"

    @admin.display(ordering="created_at")
    def started(self, obj: Job) -> SafeString:
        return format_html('<span class="gh-nowrap">{} ago</span>', age(obj.created_at))

    @admin.display(description="duration")
    def took(self, obj: Job) -> SafeString:
        return format_html(
            '<span class="gh-nowrap">{}</span>', duration((obj.finished_at or timezone.now()) - obj.created_at)
        )

    # --- The page ----------------------------------------------------------------------------------------------------

    def page_context(self, request: HttpRequest, obj: Job) -> dict[str, Any]:
        calls = calls_of(obj)
        events = list(obj.events.order_by("-seq")[:SHOWN_EVENTS])[::-1]
        prompts = list(obj.prompts.defer("data").order_by("created_at")[:100])
        return {
            "title": obj.request.get("task_description", str(obj)),
            "state_label": STATE_LABELS[State(obj.state)],
            "state_words": state_words(obj),
            "took": (obj.finished_at or timezone.now()) - obj.created_at,
            "options": [(name, _as_word(value)) for name, value in obj.request.items() if name != "task_description"],
            "timeline": timeline(obj, events, calls),
            "phases": phases(events),
            "calls": calls,
            "used": totals_of(calls),
            "quality": quality_rounds(obj),
            "rounds": by_round(obj.steps.order_by("id")[:200]),
            "prompts": [
                (one, KIND_LABELS[PromptKind(one.kind)], in_words(one) if one.answered_at else "") for one in prompts
            ],
            "open_prompt": next((one for one in prompts if one.is_open), None),
            **self._forms(request, obj),
            **self._draft(request, obj),
        }

    def _forms(self, request: HttpRequest, obj: Job) -> dict[str, Any]:
        if not self.may(request, "decide"):
            return {}
        return {
            "cancel_form": None if obj.is_finished or obj.cancel_requested_at else ReasonForm(),
            "retry_form": WhyForm() if obj.state == State.FAILED else None,
        }

    def _draft(self, request: HttpRequest, obj: Job) -> dict[str, Any]:
        draft = Draft.objects.select_related("skill", "skill_version").filter(job=obj).first()
        if draft is None:
            return {"draft": None}
        checks = [finding.as_dict() for finding in findings_in(draft.client_id, draft.content, draft.files)]
        promotable = draft.promoted_at is None and obj.state == State.COMPLETED and self.may(request, "decide")
        found = list(draft.report.get("findings") or [])
        return {
            "draft": draft,
            "document": document.parse(draft.content),
            "source": draft.content,
            "findings": [*found, *checks],
            "validation": found,
            "checks": checks,
            "promote_form": PromoteForm(draft, bool(checks)) if promotable else None,
        }

    def handle(self, request: HttpRequest, obj: Job) -> HttpResponse:
        if not self.may(request, "decide"):
            raise PermissionDenied
        name, form, change, done = self._pressed(request, obj)
        if form.is_valid():
            try:
                change(actor=actor_of(request, obj.client_id), job_id=obj.pk, **form.cleaned_data)
            except DomainError as problem:
                return self._refused(request, obj, name, form, problem)
            messages.success(request, done)
            return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[obj.pk]))
        return self._page_with(request, obj, name, form)

    def _pressed(self, request: HttpRequest, obj: Job) -> tuple[str, forms.Form, Callable[..., object], str]:
        """The button: its form's name on the page, the form, the service it calls, what to say when that is done."""
        match request.POST.get("do"):
            case "promote" if draft := Draft.objects.filter(job=obj).first():
                has_findings = bool(findings_in(draft.client_id, draft.content, draft.files))
                return "promote_form", PromoteForm(draft, has_findings, request.POST), promote_draft, "Promoted."
            case "retry":
                return "retry_form", WhyForm(request.POST), retry_job, "The job goes on."
        done = "The job ends after the step it works on." if obj.state == State.RUNNING else "Cancelled."
        return "cancel_form", WhyForm(request.POST), cancel_job, done

    def _refused(
        self, request: HttpRequest, obj: Job, name: str, form: forms.Form, problem: DomainError
    ) -> HttpResponse:
        """The page as things are now; where the button has gone with them, a message says why it did nothing."""
        obj.refresh_from_db()
        offered = {**self._forms(request, obj), **self._draft(request, obj)}
        if offered.get(name) is None:
            messages.error(request, f"Nothing was done: {problem.message}")
            return self.page(request, obj, status=409)
        show_refusal(form, problem)
        return self._page_with(request, obj, name, form)

    def _page_with(self, request: HttpRequest, obj: Job, name: str, form: forms.Form) -> HttpResponse:
        shown: dict[str, Any] = {name: form}
        return self.page(request, obj, **shown)


def state_words(job: Job) -> str:
    if job.cancel_requested_at and not job.is_finished:
        return "Being cancelled"
    return STATE_WORDS.get(State(job.state), job.get_state_display())


def _as_word(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
