"""Step 1: what the request asks for."""

from __future__ import annotations

from inference.writer import get_writer
from jobs.models import Job
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import request_of


class Requirements:
    name = "requirements"
    phase = Phase.UNDERSTANDING
    title = "Requirements"

    def run(self, context: Context) -> Outcome:
        writer = get_writer()
        understanding = writer.understand(request_of(context))

        def sign(job: Job) -> None:
            Job.objects.filter(pk=job.pk).update(writer=writer.name)

        return Done(understanding.as_json(), f"Understood: {understanding.title}", effect=sign)
