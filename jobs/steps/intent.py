"""Step: why the skill is wanted, for whom, and how one will see that it works."""

from __future__ import annotations

from inference.writer import get_writer
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import request_of, understanding_of


class FindIntent:
    name = "intent"
    phase = Phase.UNDERSTANDING
    title = "Intent"

    def run(self, context: Context) -> Outcome:
        intent = get_writer().find_intent(request_of(context), understanding_of(context))
        return Done(intent.as_json(), intent.purpose)
