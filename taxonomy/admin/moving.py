"""The pages on which a category moves or becomes part of another: what would happen first, then a reason, then one
call of a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.actor import Actor
from accounts.admin.desk import show_refusal
from core.errors import DomainError
from taxonomy.models import Category
from taxonomy.moving import Plan, Step
from taxonomy.services import merge_category, move_category, preview_merge, preview_move

SHOWN_STEPS = 100


class CategoryField(forms.ModelChoiceField[Category]):
    """Categories by path; of those at one path the shared one says so."""

    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.path} (shared)" if obj.client.is_system else obj.path


class ReasonForm(forms.Form):
    """What whoever looks at the audit log later wants to know."""

    reason = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Kept in the audit log.",
    )


class TargetForm(forms.Form):
    """Where a category shall be. `preview` makes the plan, `carry_out` lets it happen."""

    def __init__(self, category: Category, actor: Actor, data: Mapping[str, Any] | None) -> None:
        """What `data` does not say is as it is now: whoever drops a category says no more than where."""
        now = {"slug": category.slug, "name": category.name}
        super().__init__({**now, **data} if data is not None else None, initial=now | {"parent": category.parent_id})
        self.category, self.actor = category, actor

    @property
    def is_filled(self) -> bool:
        return self.is_bound and self.is_valid()

    def preview(self) -> Plan:
        raise NotImplementedError

    def carry_out(self, *, reason: str, seen: str) -> Category:
        raise NotImplementedError


class MoveForm(TargetForm):
    parent = CategoryField(
        Category.objects.none(),
        required=False,
        empty_label="At the top",
        label="Below",
        widget=UnfoldAdminSelectWidget(),
    )
    slug = forms.CharField(
        max_length=128,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Its part of the path: lower-case letters and digits joined by - or _",
    )
    name = forms.CharField(max_length=128, required=False, label="Title", widget=UnfoldAdminTextInputWidget())

    def __init__(self, category: Category, actor: Actor, data: Mapping[str, Any] | None) -> None:
        super().__init__(category, actor, data)
        self.fields["parent"].queryset = _targets(actor)  # type: ignore[attr-defined]

    def preview(self) -> Plan:
        values = self.cleaned_data
        return preview_move(actor=self.actor, category=self.category, parent=values["parent"], slug=values["slug"])

    def carry_out(self, *, reason: str, seen: str) -> Category:
        return move_category(actor=self.actor, category=self.category, reason=reason, seen=seen, **self.cleaned_data)


class MergeForm(TargetForm):
    into = CategoryField(
        Category.objects.none(),
        empty_label="Choose a category",
        label="Into",
        widget=UnfoldAdminSelectWidget(),
        help_text="It takes in the skills and everything below; the merged category is no more.",
    )

    def __init__(self, category: Category, actor: Actor, data: Mapping[str, Any] | None) -> None:
        super().__init__(category, actor, data)
        self.fields["into"].queryset = _targets(actor).exclude(pk=category.pk)  # type: ignore[attr-defined]

    def preview(self) -> Plan:
        return preview_merge(actor=self.actor, category=self.category, into=self.cleaned_data["into"])

    def carry_out(self, *, reason: str, seen: str) -> Category:
        return merge_category(actor=self.actor, category=self.category, reason=reason, seen=seen, **self.cleaned_data)


def _targets(actor: Actor) -> QuerySet[Category]:
    return Category.objects.visible_to(actor.client_id).select_related("client").order_by("path", "client_id")


@dataclass(frozen=True)
class Shown:
    """A plan as a page shows it: other tenants are named to operators, and counted for everybody else. Of a plan that
    cannot be, the steps whose new path is taken."""

    plan: Plan
    steps: list[Step]
    more: int
    tenants: list[str]
    skills: int

    @classmethod
    def to(cls, plan: Plan, actor: Actor, *, operator: bool) -> Shown:
        known = [step for step in plan.steps if operator or step.category.client_id == actor.client_id]
        if plan.obstacle:
            known = [step for step in known if step.taken_by]
        steps = known[:SHOWN_STEPS]
        more = 0 if plan.obstacle else len(plan.steps) - len(steps)
        return cls(plan, steps, more, plan.tenants if operator else [], plan.skills.total())


def planned(form: TargetForm) -> Plan | None:
    """The plan for what the form says; None, and the refusal in the form, where there can be none."""
    if not form.is_filled:
        return None
    try:
        return form.preview()
    except DomainError as problem:
        show_refusal(form, problem)
        return None


def done(form: TargetForm, reason: ReasonForm, *, seen: str) -> Category | None:
    """The category after the change that somebody saw; None, and the refusal in the reason's form, where it was not
    made."""
    if not (form.is_valid() and reason.is_valid()):
        return None
    try:
        return form.carry_out(reason=reason.cleaned_data["reason"], seen=seen)
    except DomainError as problem:
        show_refusal(reason, problem)
        return None


def data_of(request: HttpRequest, name: str) -> dict[str, Any] | None:
    """What was sent for the form whose first field is `name`; None before anything was."""
    if request.method == "POST":
        return request.POST.dict()
    return request.GET.dict() if name in request.GET else None
