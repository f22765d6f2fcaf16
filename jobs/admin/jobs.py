"""Jobs: the list, and the page of one job with its timeline, its steps and its draft."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
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
from accounts.admin.desk import DeskPage, actor_of, show_refusal
from core.errors import DomainError
from core.templatetags.desk import age, duration
from jobs.admin.decisions import in_words
from jobs.admin.words import KIND_LABELS, STATE_LABELS, STATE_WORDS
from jobs.models import Draft, Job, JobEvent, JobStep
from jobs.services import cancel_job, promote_draft
from jobs.states import EventKind, Phase, PromptKind, State
from jobs.steps.quality import Quality
from jobs.usage import calls_of, totals_of
from skills import document
from skills.reviewing import findings_in
from taxonomy.models import Category

EVENT_ICONS = {
    EventKind.QUEUED: "schedule",
    EventKind.PHASE_STARTED: "flag",
    EventKind.PHASE_FINISHED: "sports_score",
    EventKind.STEP_FINISHED: "check",
    EventKind.PROMPT_OPENED: "help",
    EventKind.PROMPT_ANSWERED: "how_to_reg",
    EventKind.RETRIED: "replay",
    EventKind.RECOVERED: "healing",
    EventKind.COMPLETED: "task_alt",
    EventKind.FAILED: "error",
    EventKind.CANCELLED: "cancel",
    EventKind.PROMOTED: "publish",
}
SHOWN_EVENTS = 500


class PromoteForm(forms.Form):
    """Where the draft goes. Paths are those the job's tenant sees."""

    taxonomy_path = forms.ChoiceField(label="Category", widget=UnfoldAdminSelectWidget())
    make_active = forms.BooleanField(
        required=False, initial=True, label="Agents may load it at once", widget=UnfoldBooleanWidget()
    )
    force = forms.BooleanField(required=False, label="Promote although validation failed", widget=UnfoldBooleanWidget())
    acknowledged = forms.BooleanField(
        required=False, label="I saw what the content checks found", widget=UnfoldBooleanWidget()
    )

    def __init__(self, draft: Draft, data: Any = None) -> None:
        super().__init__(data, initial={"taxonomy_path": draft.taxonomy_path})
        paths = Category.objects.visible_to(draft.client_id).order_by("path").values_list("path", flat=True).distinct()
        choices = [(path, path) for path in paths]
        if draft.taxonomy_path not in dict(choices):
            choices.insert(0, ("", f"{draft.taxonomy_path or 'none'} (no such category; choose one)"))
        self.fields["taxonomy_path"].choices = choices  # type: ignore[attr-defined]
        if draft.passed:
            del self.fields["force"]
        if not findings_in(draft.client_id, draft.content, draft.files):
            del self.fields["acknowledged"]


class CancelForm(forms.Form):
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
        may_decide = self.may(request, "decide")
        draft = Draft.objects.select_related("skill", "skill_version").filter(job=obj).first()
        promotable = draft is not None and draft.promoted_at is None and obj.state == State.COMPLETED
        prompts = list(obj.prompts.defer("data").order_by("created_at")[:100])
        calls = calls_of(obj)
        events = list(obj.events.order_by("-seq")[:SHOWN_EVENTS])[::-1]
        return {
            "title": obj.request.get("task_description", str(obj)),
            "state_label": STATE_LABELS[State(obj.state)],
            "state_words": state_words(obj),
            "took": (obj.finished_at or timezone.now()) - obj.created_at,
            "options": [(name, _as_word(value)) for name, value in obj.request.items() if name != "task_description"],
            "timeline": _timeline(obj, events),
            "phases": _phases(events),
            "calls": calls,
            "used": totals_of(calls),
            "quality": _quality_rounds(obj),
            "rounds": _rounds(obj.steps.order_by("id")[:200]),
            "prompts": [
                (one, KIND_LABELS[PromptKind(one.kind)], in_words(one) if one.answered_at else "") for one in prompts
            ],
            "open_prompt": next((one for one in prompts if one.is_open), None),
            "draft": draft,
            "document": document.parse(draft.content) if draft else None,
            "source": draft.content if draft else None,
            "findings": draft.report.get("findings") if draft else None,
            "promote_form": PromoteForm(draft) if draft and promotable and may_decide else None,
            "cancel_form": CancelForm() if may_decide and not obj.is_finished else None,
        }

    def handle(self, request: HttpRequest, obj: Job) -> HttpResponse:
        if not self.may(request, "decide"):
            raise PermissionDenied
        draft = Draft.objects.filter(job=obj).first()
        promoting = request.POST.get("do") == "promote" and draft is not None
        form = PromoteForm(draft, request.POST) if promoting and draft else CancelForm(request.POST)
        change: Callable[..., object] = promote_draft if promoting else cancel_job
        if form.is_valid():
            try:
                change(actor=actor_of(request, obj.client_id), job_id=obj.pk, **form.cleaned_data)
            except DomainError as problem:
                show_refusal(form, problem)
        if form.errors:
            shown: dict[str, Any] = {"promote_form" if promoting else "cancel_form": form}
            return self.page(request, obj, **shown)
        messages.success(request, "Promoted." if promoting else "Cancelled.")
        return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[obj.pk]))


def state_words(job: Job) -> str:
    if job.cancel_requested_at and not job.is_finished:
        return "Being cancelled"
    return STATE_WORDS.get(State(job.state), job.get_state_display())


def _as_word(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _timeline(job: Job, events: Sequence[JobEvent]) -> list[dict[str, Any]]:
    """Events with the time since the job began and since the event before."""
    before, rows = job.created_at, []
    for event in events:
        rows.append(
            {
                "event": event,
                "icon": EVENT_ICONS.get(EventKind(event.kind), "circle"),
                "at": max(event.at - job.created_at, timedelta()),
                "gap": event.at - before,
                "worked": event.data.get("duration_ms"),
            }
        )
        before = event.at
    return rows


def _phases(events: Sequence[JobEvent]) -> list[dict[str, Any]]:
    """For each phase the milliseconds worked in it and the time from its first event to its last, waiting included."""
    by_phase: dict[str, list[JobEvent]] = defaultdict(list)
    for event in events:
        by_phase[event.phase].append(event)
    return [
        {
            "name": phase.label,
            "worked": sum(event.data.get("duration_ms", 0) for event in by_phase[phase]),
            "span": by_phase[phase][-1].at - by_phase[phase][0].at,
        }
        for phase in Phase
        if by_phase[phase]
    ]


def _quality_rounds(job: Job) -> list[dict[str, Any]]:
    """Score, errors and words of each text since people last spoke; none where the first was good."""
    newest = job.steps.filter(name=Quality.name).order_by("-round").first()
    rounds = newest.output.get("rounds", []) if newest else []
    chosen = newest.output.get("chosen") if newest else None
    return [{**one, "is_chosen": one["round"] == chosen} for one in rounds] if len(rounds) > 1 else []


def _rounds(steps: QuerySet[JobStep]) -> list[tuple[int, list[JobStep]]]:
    rounds: dict[int, list[JobStep]] = defaultdict(list)
    for step in steps:
        rounds[step.round].append(step)
    return sorted(rounds.items())
