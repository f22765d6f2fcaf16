"""What a step is: it reads the job so far and says what comes of it. Steps write nothing; the runner commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from inference.writer import Emit
from jobs.models import Job, Prompt
from jobs.states import Action, Phase, PromptKind


@dataclass(frozen=True)
class Decision:
    """What a person answered to one prompt. `answers` maps question ids, `fields` corrected name and description."""

    kind: PromptKind
    round: int
    action: Action
    answers: Mapping[str, Any] = field(default_factory=dict)
    feedback: str = ""
    focus_areas: Sequence[str] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    answered_by: str = ""

    @classmethod
    def of(cls, prompt: Prompt) -> Decision:
        response = prompt.response or {}
        return cls(
            kind=PromptKind(prompt.kind),
            round=prompt.round,
            action=Action(response.get("action", Action.ANSWER)),
            answers=response.get("answers", {}),
            feedback=response.get("feedback", ""),
            focus_areas=response.get("focus_areas", []),
            fields=response.get("fields", {}),
            answered_by=prompt.answered_by,
        )


@dataclass(frozen=True)
class Context:
    """The job as a step sees it: its request, the newest output of each step, every decision so far in order.

    `emit`, where it is there, takes the text a step writes piece by piece; joined they should be its `content`.
    """

    job: Job
    outputs: Mapping[str, Mapping[str, Any]]
    decisions: Sequence[Decision]
    emit: Emit | None = None

    @property
    def request(self) -> Mapping[str, Any]:
        request: Mapping[str, Any] = self.job.request
        return request

    def decision(self, kind: PromptKind) -> Decision | None:
        """What was decided on the prompt of this kind in the present round, if it was asked and answered."""
        return next((one for one in self.decisions if one.kind == kind and one.round == self.job.round), None)

    def decisions_of(self, *kinds: PromptKind) -> list[Decision]:
        return [one for one in self.decisions if one.kind in kinds]


@dataclass(frozen=True)
class Done:
    """The step is finished. `effect` runs in the transaction that records it, so that it happens exactly once."""

    output: Mapping[str, Any]
    message: str = ""
    effect: Callable[[Job], None] | None = None
    # Of a last step: how the job ends, in place of "Completed".
    ending: str = ""


@dataclass(frozen=True)
class Ask:
    """People must decide first: the job waits, no worker is held, and the step runs again when they have."""

    kind: PromptKind
    data: Mapping[str, Any]
    message: str = ""


@dataclass(frozen=True)
class SendBack:
    """A person wants something else: the work goes on at the step `to`, in a new round."""

    to: str
    output: Mapping[str, Any]
    message: str = ""


@dataclass(frozen=True)
class Cancel:
    """A person called the job off."""

    message: str = "Cancelled at a checkpoint"


Outcome: TypeAlias = Done | Ask | SendBack | Cancel


class Step(Protocol):
    """One step of a plan. `run` may take long and call models; it raises DomainError to fail the job with that message,
    and core.errors.Unavailable to be tried again later."""

    name: str
    phase: Phase
    title: str

    def run(self, context: Context) -> Outcome: ...
