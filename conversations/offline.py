"""The assistant without a language model (rules.py), as it answers a message."""

from __future__ import annotations

from django.conf import settings

from conversations import actions, rules
from conversations.models import Message
from conversations.turns import Claim, await_job, finish, keep, opened
from inference.writer import Emit
from jobs.streaming import cut


def by_rules(claim: Claim, emit: Emit, note: str = "") -> None:
    """Answers, and where a job was set going waits a little for what the job says next. `note` is said last."""
    with opened(claim) as (turn, answer):
        if not answer.content:
            say(answer, rules.reply_to(turn), note)
        if not answer.data.get("awaits_job"):
            finish(answer)
            return
    with_what_the_job_says(claim, emit)


def say(answer: Message, reply: actions.Reply, note: str = "") -> None:
    keep(answer, reply, after=note)
    answer.data["awaits_job"] = reply.awaits_job and settings.ASSISTANT_PATIENCE_SECONDS > 0


def with_what_the_job_says(claim: Claim, emit: Emit) -> None:
    """Finishes an answer that set a job going: first it shows what there is, then it adds how the job stands."""
    with opened(claim) as (_, answer):
        content, job_id = answer.content, answer.data["job_id"]
    for piece in cut(content):
        emit(piece)
    await_job(job_id)
    with opened(claim) as (turn, answer):
        if job := turn.job:
            keep(answer, actions.standing(turn, job), before=content)
        finish(answer)
