"""The form of a decision: what may be decided about each kind of prompt, its questions as fields, the call it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.actor import Actor
from jobs.answers import FREE_TEXT, MAX_TEXT
from jobs.models import Prompt
from jobs.services import MAX_FOCUS_AREA, MAX_FOCUS_AREAS, answer_prompt, cancel_job
from jobs.states import Action, PromptKind
from jobs.supervising import reviewers
from skills import document

_A_DRAFT: Final = (Action.PROCEED, Action.REVISE, Action.CANCEL)
ACTIONS: Final[Mapping[str, tuple[Action, ...]]] = {
    PromptKind.CLARIFYING_QUESTIONS: (Action.ANSWER, Action.PROCEED, Action.CANCEL),
    PromptKind.STRUCTURE_FIX: (Action.ANSWER, Action.PROCEED, Action.CANCEL),
    PromptKind.CONFIRM: _A_DRAFT,
    PromptKind.PREVIEW: _A_DRAFT,
    PromptKind.REVIEW: _A_DRAFT,
}
# What may be approved without a look at the page: questions and names need somebody to think.
APPROVABLE: Final = tuple(kind for kind, actions in ACTIONS.items() if actions == _A_DRAFT)
_WORDS: Final[Mapping[str, str]] = {
    Action.ANSWER: "answered",
    Action.PROCEED: "approved",
    Action.REVISE: "asked for changes",
    Action.CANCEL: "cancelled the job",
}
_SKIPPED: Final = {
    PromptKind.CLARIFYING_QUESTIONS: "skipped the questions",
    PromptKind.STRUCTURE_FIX: "accepted the proposals",
}


def in_words(prompt: Prompt) -> str:
    """What was decided, as a verb in the past: `approved`, `asked for changes`."""
    action = (prompt.response or {}).get("action", "")
    if action == Action.PROCEED and prompt.kind in _SKIPPED:
        return _SKIPPED[PromptKind(prompt.kind)]
    return _WORDS.get(action, str(action))


class DecisionForm(forms.Form):
    """One form for the whole page: what is typed under one button survives an error under another."""

    decision = forms.ChoiceField(widget=forms.HiddenInput)
    feedback = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        label="What should change?",
        widget=UnfoldAdminTextareaWidget(
            {"rows": 4, "placeholder": "Add a section on error handling; drop the second example."}
        ),
    )
    focus_areas = forms.MultipleChoiceField(
        required=False, label="Which parts?", widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    reason = forms.CharField(
        required=False, max_length=200, label="Why?", widget=UnfoldAdminTextInputWidget({"placeholder": "Optional"})
    )

    def __init__(self, prompt: Prompt, data: Any = None) -> None:
        super().__init__(data)
        self.prompt = prompt
        self.fields["decision"].choices = [(action, action) for action in ACTIONS[prompt.kind]]  # type: ignore[attr-defined]
        self.fields["focus_areas"].choices = [(name, name) for name in _parts_of(prompt)]  # type: ignore[attr-defined]
        self.questions: list[tuple[str, dict[str, Any]]] = []
        if prompt.kind == PromptKind.CLARIFYING_QUESTIONS:
            self._add_questions()
        elif prompt.kind == PromptKind.STRUCTURE_FIX:
            self._add_names()

    def _add_questions(self) -> None:
        kept = (self.prompt.response or {}).get("answers", {})
        for number, question in enumerate(self.prompt.data.get("questions", [])):
            name = f"question_{number}"
            self.questions.append((name, question))
            self.fields[name] = _question_field(question, kept.get(question["id"]))
            if question.get("allows_other") and isinstance(self.fields[name], forms.ChoiceField):
                label = f"Another answer to: {question['text']}"
                self.fields[f"{name}_other"] = forms.CharField(
                    required=False,
                    max_length=MAX_TEXT,
                    label=label,
                    widget=UnfoldAdminTextInputWidget({"placeholder": "Something else…", "aria-label": label}),
                )

    def _add_names(self) -> None:
        data = self.prompt.data
        wished = {"skill_name": data.get("current_skill_name", ""), "description": data.get("current_description", "")}
        wished |= {fix["field"]: fix["suggested"] for fix in data.get("suggested_fixes", []) if fix["field"] in wished}
        self.fields["skill_name"] = forms.CharField(
            required=False, max_length=255, initial=wished["skill_name"], widget=UnfoldAdminTextInputWidget()
        )
        self.fields["description"] = forms.CharField(
            required=False,
            max_length=MAX_TEXT,
            initial=wished["description"],
            widget=UnfoldAdminTextareaWidget({"rows": 3}),
        )

    def question_fields(self) -> list[dict[str, Any]]:
        """For the template: each question with its bound field and, if one may say something else, the field for it."""
        return [
            {
                "question": question,
                "field": self[name],
                "other": self[f"{name}_other"] if f"{name}_other" in self.fields else None,
                "is_choice": isinstance(self.fields[name], forms.ChoiceField),
            }
            for name, question in self.questions
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        decision = values.get("decision")
        if decision == Action.REVISE and not values.get("feedback", "").strip() and not values.get("focus_areas"):
            self.add_error("feedback", "Say what should change.")
        if decision == Action.ANSWER and self.questions and not self.answers():
            self.add_error(None, "Answer at least one question, or let the writer use its own judgement.")
        return values

    def answers(self) -> dict[str, Any]:
        """By question id, those that were given; one's own words count before a chosen option."""
        given: dict[str, Any] = {}
        for name, question in self.questions:
            value = self.cleaned_data.get(name)
            other = (self.cleaned_data.get(f"{name}_other") or "").strip()
            if isinstance(value, list):
                value = [*value, *([other] if other else [])]
            if value or other:
                given[question["id"]] = value if isinstance(value, list) else other or value
        return given

    def decide(self, actor: Actor) -> None:
        """Gives the decision to the service, whose refusals (DomainError) are the caller's to show."""
        values, prompt = self.cleaned_data, self.prompt
        action = Action(values["decision"])
        if action == Action.CANCEL:
            cancel_job(actor=actor, job_id=prompt.job_id, reason=values["reason"])
            return
        if prompt.kind == PromptKind.STRUCTURE_FIX and not {"skill_name", "description"} & set(self.changed_data):
            action = Action.PROCEED  # what was proposed, as it was proposed
        fields = {name: values[name] for name in ("skill_name", "description") if values.get(name)}
        answer_prompt(
            actor=actor,
            job_id=prompt.job_id,
            prompt_id=prompt.pk,
            action=action,
            answers=self.answers() if action == Action.ANSWER else {},
            feedback=values["feedback"] if action == Action.REVISE else "",
            focus_areas=values["focus_areas"] if action == Action.REVISE else [],
            fields=fields if action == Action.ANSWER else {},
        )

    def unsent(self) -> str:
        """What the person typed, for the page that says that somebody else was first."""
        return "\n".join(str(value) for value in (self.data.get("feedback"), self.data.get("reason")) if value)


class AssignForm(forms.Form):
    """Who looks at the prompt."""

    assignee = forms.ChoiceField(label="Assigned to", required=False, widget=UnfoldAdminSelectWidget())

    def __init__(self, prompt: Prompt, me: Any) -> None:
        super().__init__(initial={"assignee": prompt.assignee})
        names = {user.username: str(user) for user in reviewers(prompt.client_id)}
        others = {name: name for name in (prompt.assignee,) if name}
        mine = {me.get_username(): f"{me} (me)"}
        choices = {"": "Nobody", **others, **names, **mine}
        self.fields["assignee"].choices = list(choices.items())  # type: ignore[attr-defined]


def _parts_of(prompt: Prompt) -> list[str]:
    """The sections of the draft at hand, for people to say which of them should change."""
    headings = document.outline(document.parse(prompt.data.get("content") or "").body).headings
    titles = dict.fromkeys(heading.title for heading in headings if heading.level > 1 and heading.title)
    return [title for title in titles if len(title) <= MAX_FOCUS_AREA][:MAX_FOCUS_AREAS]


def _question_field(question: Mapping[str, Any], kept: Any) -> forms.Field:
    options = [(str(option), str(option)) for option in question.get("options") or []]
    common: dict[str, Any] = {"required": False, "label": question["text"], "initial": kept}
    match question["type"]:
        case "single_choice" if options:
            return forms.ChoiceField(choices=options, widget=UnfoldAdminRadioSelectWidget(), **common)
        case "multiple_choice" if options:
            return forms.MultipleChoiceField(
                choices=options, widget=UnfoldAdminCheckboxSelectMultipleWidget(), **common
            )
        case "boolean":
            yes_no = [("yes", "Yes"), ("no", "No")]
            return forms.ChoiceField(choices=yes_no, widget=UnfoldAdminRadioSelectWidget(), **common)
    widget = UnfoldAdminTextareaWidget({"rows": 2, "aria-label": question["text"]})
    return forms.CharField(max_length=MAX_TEXT, widget=widget, **common)


def answers_given(prompt: Prompt) -> list[tuple[str, str]]:
    """The answers of an answered prompt as pairs of question and answer."""
    answers = (prompt.response or {}).get("answers", {})
    asked = {question["id"]: question["text"] for question in prompt.data.get("questions", [])}
    shown = [(text, answers[name]) for name, text in asked.items() if name in answers]
    shown += [("All questions", text) for name, text in answers.items() if name == FREE_TEXT and name not in asked]
    return [(text, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for text, value in shown]
