"""A job under way: its events, what it asks, its draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from guildhall.events import JobEvent, job_events
from guildhall.fleet import AuthenticatedClient
from guildhall.fleet.api.jobs import answer_prompt, cancel_job, get_job, get_prompt, promote_draft
from guildhall.fleet.models import (
    CancelBody,
    CancelledJob,
    JobStatus,
    PromoteBody,
    PromotedDraft,
    Prompt,
    PromptAnswer,
    PromptOpened,
    PromptOutcome,
)
from guildhall.fleet.models import Job as JobState
from guildhall.problems import GuildhallError, expect

# What `Job.run` asks of its caller: words that decide ("proceed", "revise: shorter", "cancel") or answers by question.
Answerer: TypeAlias = Callable[[Prompt], str | Mapping[str, Any]]
_FINISHED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)


class Job:
    """One job of the server. Nothing is kept here but its id: every call asks anew."""

    def __init__(self, fleet: AuthenticatedClient, job_id: UUID) -> None:
        self._fleet = fleet
        self.id = job_id

    def __repr__(self) -> str:
        return f"Job({self.id})"

    def state(self) -> JobState:
        """How it stands: `status`, `progress`, `error`, and `result` when it is finished."""
        return expect(JobState, get_job.sync_detailed(self.id, client=self._fleet))

    @property
    def is_finished(self) -> bool:
        return self.state().status in _FINISHED

    def events(self, *, after: int = 0, patience: float = 60.0) -> Iterator[JobEvent]:
        """All that happened after event number `after`, and then what happens, until the job is finished.

        A connection that breaks is made again and nothing is missed; after `patience` seconds without a word it is
        given up (httpx.TransportError).
        """
        return job_events(self._fleet.get_httpx_client(), self.id, after=after, patience=patience)

    def prompt(self) -> Prompt | None:
        """What the job asks at present."""
        prompt = expect(Prompt, get_prompt.sync_detailed(self.id, client=self._fleet))
        return prompt if prompt.has_prompt else None

    def answer(self, answer: str | Mapping[str, Any], *, prompt: Prompt | None = None) -> PromptOutcome:
        """Answers what it asks: a text (`proceed`, `cancel`, `revise: what should be otherwise`), or answers by
        question id, or any body of `POST /api/v1/hitl/{job_id}/response`.

        With `prompt` no other question is answered by mistake. `status` is `ignored` where nobody asked any more.
        """
        body = answer_body(answer)
        if prompt is not None and prompt.prompt_id:
            body["prompt_id"] = str(prompt.prompt_id)
        sent = PromptAnswer.from_dict(body)
        return expect(PromptOutcome, answer_prompt.sync_detailed(self.id, client=self._fleet, body=sent))

    def run(self, answerer: Answerer, *, on_event: Callable[[JobEvent], None] | None = None) -> JobState:
        """Follows the job to its end and has `answerer` answer what it asks. Raises GuildhallError where it fails.

        Answers that are refused (an option that is none) are asked for again, three times for each prompt.
        """
        for event in self.events():
            if on_event is not None:
                on_event(event)
            if isinstance(event, PromptOpened):
                self._have_answered(answerer)
        state = self.state()
        if state.status == JobStatus.FAILED:
            raise GuildhallError(200, state.error or "The job failed")
        return state

    def _have_answered(self, answerer: Answerer) -> None:
        for remaining in (2, 1, 0):
            prompt = self.prompt()
            if prompt is None:
                return
            try:
                self.answer(answerer(prompt), prompt=prompt)
                return
            except GuildhallError as refusal:
                if refusal.status not in (400, 422) or not remaining:
                    raise

    def cancel(self, reason: str = "") -> CancelledJob:
        body = CancelBody(reason=reason)
        return expect(CancelledJob, cancel_job.sync_detailed(self.id, client=self._fleet, body=body))

    def promote(self, **options: Any) -> PromotedDraft:
        """Makes the draft a skill. `options` are PromoteBody's: taxonomy_path, overwrite, force…"""
        body = PromoteBody(**options)
        return expect(PromotedDraft, promote_draft.sync_detailed(self.id, client=self._fleet, body=body))


def answer_body(answer: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body that an answer is: a word with feedback behind a colon, answers by question id, or a body as it is."""
    if isinstance(answer, str):
        action, _, feedback = answer.partition(":")
        return {"action": action.strip(), **({"feedback": feedback.strip()} if feedback.strip() else {})}
    known = {"question_id", "response", "action", "answers", "skill_name", "description", "accept_suggestions"}
    return dict(answer) if known & answer.keys() else {"answers": dict(answer)}
