"""The inbox: what waits for people, oldest first, and the page on which one decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, DateTimeField, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from accounts.actor import Actor
from accounts.admin.desk import DeskPage, actor_of, confirm, is_operator, run_for_each, show_refusal
from core.errors import Conflict, DomainError
from core.templatetags.desk import SOON, age
from jobs.admin.briefing import briefing, history_of
from jobs.admin.decisions import APPROVABLE, AssignForm, DecisionForm, answers_given, in_words
from jobs.admin.filters import AssigneeFilter, StateFilter, WaitingSinceFilter
from jobs.admin.words import KIND_LABELS
from jobs.models import JobStep, Prompt, PromptQuerySet
from jobs.services import answer_prompt, cancel_job
from jobs.states import Action, PromptKind
from jobs.supervising import assign_prompt


def waiting_rows(request: HttpRequest) -> PromptQuerySet:
    """The prompts that wait and that this person sees."""
    rows = Prompt.objects.open()
    return rows if is_operator(request) else rows.visible_to(actor_of(request))


@admin.register(Prompt)
class PromptAdmin(DeskPage):
    """The inbox. Managers decide; others of the tenant read along."""

    rights = {"view": "user", "decide": "manager"}
    page_template = "admin/jobs/prompt.html"
    list_display = ("request_text", "kind_label", "skill_name", "owner", "assigned", "waiting", "deadline")
    list_filter = (StateFilter, AssigneeFilter, WaitingSinceFilter, "kind")
    search_fields = ("job__request__task_description", "job__owner")
    search_help_text = "Search by request or owner"
    actions = ("approve_selected", "take_selected", "cancel_selected")

    def visible_rows(self, rows: Any, actor: Actor) -> QuerySet[Prompt]:
        return rows.visible_to(actor)  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prompt]:
        newest_name = JobStep.objects.filter(job=OuterRef("job"), name__in=("plan", "requirements")).order_by("-id")
        rows = super().get_queryset(request).select_related("job", "client").defer("data", "response")
        return rows.annotate(  # type: ignore[no-any-return]
            skill=Coalesce(
                Subquery(newest_name.annotate(skill=KT("output__name")).values("skill")[:1]),
                KT("data__current_skill_name"),
                Value(""),
                output_field=TextField(),
            ),
        )

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Open ones first and of those the oldest; then the decided ones, the newest first."""
        opened = Case(When(answered_at=None, closed_at=None, then="created_at"), output_field=DateTimeField())
        return [opened.asc(nulls_last=True), "-created_at", "id"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        waiting = waiting_rows(request).count()
        title = f"Inbox: {waiting} waiting" if waiting else "Inbox: nothing waits for a decision"
        return super().changelist_view(request, {**(extra_context or {}), "title": title})

    # --- The list ----------------------------------------------------------------------------------------------------

    @admin.display(description="request")
    def request_text(self, obj: Prompt) -> SafeString:
        return format_html(
            '<span class="gh-clamp gh-request">{}</span>', obj.job.request.get("task_description", obj.job)
        )

    @display(description="asks for", ordering="kind", label=KIND_LABELS)
    def kind_label(self, obj: Prompt) -> tuple[str, str]:
        again = f" · round {obj.round}" if obj.round > 1 else ""
        return obj.kind, f"{obj.get_kind_display()}{again}"

    @admin.display(description="skill")
    def skill_name(self, obj: Any) -> str:
        return obj.skill or "-"

    @admin.display(ordering="job__owner")
    def owner(self, obj: Prompt) -> str:
        return obj.job.owner

    @admin.display(description="assigned to", ordering="assignee")
    def assigned(self, obj: Prompt) -> str:
        return obj.assignee or "-"

    @admin.display(description="waiting", ordering="created_at")
    def waiting(self, obj: Prompt) -> str:
        if obj.is_open:
            return age(obj.created_at)
        return f"{obj.answered_by} decided" if obj.answered_at else "closed"

    @admin.display(ordering="deadline_at")
    def deadline(self, obj: Prompt) -> SafeString | str:
        if not obj.is_open:
            return "-"
        left = obj.deadline_at - timezone.now()
        text = f"{age(obj.deadline_at)} ago" if left < timedelta() else age(obj.deadline_at)
        return format_html('<span class="gh-nowrap {}">{}</span>', "gh-alarm" if left < SOON else "", text)

    # --- The page ----------------------------------------------------------------------------------------------------

    def page_context(self, request: HttpRequest, obj: Prompt) -> dict[str, Any]:
        may_decide = self.may(request, "decide") and obj.is_open
        deciding: dict[str, Any] = {}
        if may_decide:
            rows = (
                self.get_queryset(request)
                .filter(answered_at=None, closed_at=None)
                .exclude(pk=obj.pk)
                .order_by("created_at", "id")
            )
            following = rows.filter(created_at__gte=obj.created_at).first() or rows.first()
            deciding = {"form": DecisionForm(obj), "assign_form": AssignForm(obj, request.user), "following": following}
        return {
            "title": f"{obj.get_kind_display()}: {obj.skill or 'new skill'}",  # type: ignore[attr-defined]
            "job": obj.job,
            "data": obj.data,
            "kind_label": KIND_LABELS[PromptKind(obj.kind)],
            "decided": in_words(obj) if obj.answered_at else "",
            "answers": answers_given(obj),
            "history": history_of(obj),
            "overdue": obj.deadline_at < timezone.now(),
            "overdue_soon": obj.deadline_at < timezone.now() + SOON,
            "job_url": reverse("admin:jobs_job_change", args=[obj.job_id]),
            **briefing(obj),
            **deciding,
        }

    def handle(self, request: HttpRequest, obj: Prompt) -> HttpResponse:
        if not self.may(request, "decide"):
            raise PermissionDenied
        if "assignee" in request.POST:
            return self._assign(request, obj)
        form = DecisionForm(obj, request.POST)
        if not form.is_valid():
            return self.page(request, obj, form=form)
        try:
            form.decide(actor_of(request, obj.client_id))
        except Conflict as problem:
            return self._too_late(request, obj, form, problem)
        except DomainError as problem:
            show_refusal(form, problem)
            return self.page(request, obj, form=form)
        obj.refresh_from_db()
        if obj.is_open and form.cleaned_data["decision"] == Action.ANSWER:
            messages.info(request, "Saved. The job goes on when the other questions are answered too.")
            return HttpResponseRedirect(request.path)
        decided = "cancelled the job" if form.cleaned_data["decision"] == Action.CANCEL else in_words(obj)
        messages.success(request, f"You {decided}: {obj.skill or obj.job}.")  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("admin:jobs_prompt_changelist"))

    def _assign(self, request: HttpRequest, obj: Prompt) -> HttpResponse:
        to = request.POST["assignee"]
        said = f"{to} looks at this." if to else "Nobody is named for this now."
        run_for_each(request, [obj], lambda prompt: _assign(request, prompt, to), said)
        return HttpResponseRedirect(request.path)

    def _too_late(self, request: HttpRequest, obj: Prompt, form: DecisionForm, problem: Conflict) -> HttpResponse:
        """Somebody else was first: says who and what, and keeps what this person had typed before their eyes."""
        fresh = self.get_queryset(request).get(pk=obj.pk)
        if fresh.answered_at:
            message = f"{fresh.answered_by} decided {age(fresh.answered_at)} ago: {in_words(fresh)}."
        else:
            message = problem.message
        messages.error(request, f"Your decision came too late. {message}")
        return self.page(request, fresh, status=409, unsent=form.unsent())

    # --- Many at once ------------------------------------------------------------------------------------------------

    def has_decide_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "decide")

    @action(description="Approve selected", permissions=["decide"])
    def approve_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        rows = queryset.open().filter(kind__in=APPROVABLE)
        page = confirm(
            self,
            request,
            rows,
            action="approve_selected",
            skipped=queryset.count() - rows.count(),
            title="Approve without changes",
            lead="These jobs go on as they are. Plans, previews and reviews can be approved here; "
            "questions and names need a look at their own page.",
            button="Approve",
        )
        if page is None:
            run_for_each(request, rows, lambda prompt: _approve(request, prompt), "{} approved.")
        return page

    @action(description="Assign selected to me", permissions=["decide"])
    def take_selected(self, request: HttpRequest, queryset: Any) -> None:
        me = request.user.get_username()
        run_for_each(request, queryset.open(), lambda prompt: _assign(request, prompt, me), "{} assigned to you.")

    @action(description="Cancel the jobs of selected", permissions=["decide"])
    def cancel_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        rows = queryset.open()
        page = confirm(
            self,
            request,
            rows,
            action="cancel_selected",
            skipped=queryset.count() - rows.count(),
            title="Cancel jobs",
            lead="These jobs end here, and what they wrote so far is not promoted. This cannot be undone.",
            button="Cancel the jobs",
        )
        if page is None:
            run_for_each(request, rows, lambda prompt: _cancel(request, prompt), "{} jobs cancelled.")
        return page


def _approve(request: HttpRequest, prompt: Prompt) -> None:
    actor = actor_of(request, prompt.client_id)
    answer_prompt(actor=actor, job_id=prompt.job_id, prompt_id=prompt.pk, action=Action.PROCEED)


def _assign(request: HttpRequest, prompt: Prompt, to: str) -> None:
    assign_prompt(actor=actor_of(request, prompt.client_id), prompt=prompt, to=to)


def _cancel(request: HttpRequest, prompt: Prompt) -> None:
    cancel_job(actor=actor_of(request, prompt.client_id), job_id=prompt.job_id, reason="cancelled in the inbox")
