"""What all checkpoints share: ask once a round, then go on, go back with feedback, or call the job off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jobs.states import Action, Phase, PromptKind
from jobs.steps.base import Ask, Cancel, Context, Decision, Done, Outcome, SendBack


class Checkpoint:
    """Subclasses say what to show (`question`, None where nothing is to be asked) and may say what acceptance means."""

    name: str
    phase: Phase
    title: str
    kind: PromptKind
    back_to: str

    def run(self, context: Context) -> Outcome:
        decision = context.decision(self.kind)
        if decision is None:
            data = self.question(context)
            return self.passed(context) if data is None else Ask(self.kind, data)
        match decision.action:
            case Action.CANCEL:
                return Cancel(f"Cancelled at the checkpoint '{self.title}'")
            case Action.REVISE:
                return self.sent_back(context, decision)
            case _:
                return self.accepted(context, decision)

    def question(self, context: Context) -> Mapping[str, Any] | None:
        raise NotImplementedError

    def passed(self, context: Context) -> Outcome:
        """Nothing had to be asked."""
        return Done(self.kept(context) | {"asked": False}, f"{self.title}: nothing to ask")

    def sent_back(self, context: Context, decision: Decision) -> Outcome:
        given = {"action": decision.action, "feedback": decision.feedback, "focus_areas": list(decision.focus_areas)}
        return SendBack(self.back_to, self.kept(context) | given)

    def accepted(self, context: Context, decision: Decision) -> Outcome:
        return Done(
            self.kept(context) | {"action": decision.action, "by": decision.answered_by}, f"{self.title}: accepted"
        )

    def kept(self, context: Context) -> dict[str, Any]:
        """What the step's output carries from round to round."""
        return {}
