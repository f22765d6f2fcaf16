"""What the assistant answers, by rules: it finds skills, has new ones written, passes questions on, promotes.

Everything it says it did, the services of jobs and skills did. It guesses nothing: what no rule knows is a search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.actor import Actor
from conversations.models import Session
from conversations.questions import Question, decision_of, question_of
from core.errors import DomainError
from jobs.models import Draft, Job, Prompt
from jobs.services import answer_prompt, cancel_job, get_job, promote_draft, start_job
from jobs.states import State
from skills.models import Skill
from skills.search import search_skills
from skills.searches import record_search

_FOUND = 3
_FLAGS = ("confirm", "preview", "review")
_HELP = (
    "I find skills and have new ones written. Say what you look for, or 'Create a skill that ...'."
    " While one is written, ask for its status; when it is done, say 'promote'."
)


@dataclass(frozen=True)
class Reply:
    """`requires_action`: a job waits for the person's answer. `actions` are words that make sense to say next."""

    text: str
    requires_action: bool = False
    actions: tuple[str, ...] = ()
    job: Job | None = None
    skills: tuple[str, ...] = field(default=())

    def data(self) -> dict[str, Any]:
        return {
            "requires_action": self.requires_action,
            "suggested_actions": list(self.actions),
            "job_id": str(self.job.pk) if self.job else None,
            "skills": list(self.skills),
        }


def reply_to(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    """Does what the message asks for and says so; sets what the session is about and what it asked last."""
    job = _job_of(actor, session)
    question = question_of(_open_prompt(job)) if job else None
    try:
        for pattern, rule in _COMMANDS:
            if pattern.search(text) and (question is None or rule in _ALWAYS):
                return rule(actor, session, text, context)
        if job and question:
            return _answer(actor, session, job, question, text)
        return _find(actor, session, text, context)
    except DomainError as refusal:
        return Reply(refusal.message, requires_action=question is not None, job=job)


def _job_of(actor: Actor, session: Session) -> Job | None:
    return Job.objects.visible_to(actor).filter(pk=session.job_id).first() if session.job_id else None


def _open_prompt(job: Job) -> Prompt | None:
    return Prompt.objects.open().filter(job=job).first()


def _answer(actor: Actor, session: Session, job: Job, question: Question, text: str) -> Reply:
    """The message is the answer, if the person was asked already; else the question comes first."""
    if session.asked != question.key:
        return _standing(actor, session, job)
    try:
        answer_prompt(actor=actor, job_id=job.pk, prompt_id=question.prompt.pk, **decision_of(question, text))
    except DomainError as refusal:
        return Reply(f"{refusal.message}\n\n{question.text}", True, question.actions, job)
    return _standing(actor, session, get_job(actor, job.pk), "Thank you.")


def _standing(actor: Actor, session: Session, job: Job, before: str = "") -> Reply:
    """How the job stands; what it waits for is asked."""
    question = question_of(_open_prompt(job))
    session.asked = question.key if question else ""
    if question:
        return Reply(f"{before}\n\n{question.text}".strip(), True, question.actions, job)
    text, actions = _told(job)
    return Reply(f"{before} {text}".strip(), False, actions, job)


def _told(job: Job) -> tuple[str, tuple[str, ...]]:
    draft = Draft.objects.filter(job=job).first()
    if job.state == State.COMPLETED and draft and draft.promoted_at:
        return f"{draft.slug} is in the registry, at {draft.taxonomy_path}.", ()
    if job.state == State.COMPLETED and draft:
        verdict = "passed all checks" if draft.passed else "did not pass all checks"
        text = f"The draft of {draft.slug} is ready: it {verdict}, with a score of {draft.score:.2f}."
        return f"{text} Say 'promote' to put it into the registry at {draft.taxonomy_path}.", ("promote",)
    if job.is_finished:
        return f"The job is {job.state}: {job.error or job.message}", ()
    return f"I am working on it: {job.message or 'waiting for a worker'} ({job.progress}%).", ("status", "cancel")


# --- Rules: (actor, session, text, context) -> Reply ------------------------------------------------------------------


def _create(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    flags = {name: context.get(f"enable_hitl_{name}") is True for name in _FLAGS}
    job = start_job(actor=actor, request={"task_description": text, **flags, "token_streaming": False})
    session.job, session.asked = job, ""
    text = "I'll help you create this skill. First I read what you ask for; if something is open, I will ask."
    return Reply(f"{text} Its job is {job.pk}.", False, ("status", "cancel"), job)


def _status(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    job = _job_of(actor, session)
    return _standing(actor, session, job) if job else Reply(f"Nothing is being written here. {_HELP}")


def _continue(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    """As a status; but at a checkpoint the word is a decision, so that this rule waits for none to be open."""
    return _status(actor, session, text, context)


def _cancel(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    job = _job_of(actor, session)
    if job is None:
        return Reply(f"There is nothing to cancel. {_HELP}")
    job = cancel_job(actor=actor, job_id=job.pk, reason="in a conversation")
    session.asked = ""
    told = "It is cancelled." if job.is_finished else "It will stop at its next step."
    return Reply(told, job=job)


def _promote(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    """`promote to a/category` chooses the place, `promote anyway` takes a draft that failed its checks."""
    job = _job_of(actor, session)
    if job is None:
        return Reply(f"There is no draft to promote. {_HELP}")
    place = re.search(r"\bto (?P<path>[a-z0-9_-]+(?:/[a-z0-9_-]+)*)", text)
    anyway = re.search(r"\b(anyway|force)\b", text, re.I) is not None
    draft = promote_draft(
        actor=actor,
        job_id=job.pk,
        taxonomy_path=place["path"] if place else None,
        force=anyway,
        acknowledged=anyway,
    )
    version = draft.skill.semver if draft.skill else ""
    return Reply(f"{draft.slug} {version} is in the registry, at {draft.taxonomy_path}.", job=job, skills=(draft.slug,))


def _help(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    return Reply(_HELP, actions=("find a skill", "create a skill"))


def _find(actor: Actor, session: Session, text: str, context: Mapping[str, Any]) -> Reply:
    query = _ASKING.sub("", text).strip(" ?.!:") or text
    hits = search_skills(client_id=actor.client_id, query=query[:1000], limit=_FOUND)
    record_search(client_id=actor.client_id, query=query, hits=hits)
    skills = Skill.objects.visible_to(actor.client_id).light().in_bulk([hit.skill_id for hit in hits])
    found = [skills[hit.skill_id] for hit in hits if hit.skill_id in skills]
    if not found:
        return Reply(
            "I found no skill for this. Say 'Create a skill that ...' to have one written.", actions=("create",)
        )
    lines = [f"- {skill.slug}: {skill.description or skill.name}" for skill in found]
    told = "\n".join(["These skills may help:", *lines])
    return Reply(told, skills=tuple(skill.slug for skill in found))


_ASKING = re.compile(
    r"^\W*(please )?(find|search|look|is there|do you have|show)\b( me)?( for)?( an?| the)?"
    r"( skills?)?( for| that| to)?\b",
    re.I,
)
Rule = Callable[[Actor, Session, str, Mapping[str, Any]], Reply]
# The first that fits counts. While a job waits for an answer only those in _ALWAYS do: the rest is the answer.
_COMMANDS: tuple[tuple[re.Pattern[str], Rule], ...] = (
    (re.compile(r"^\W*(please )?(show )?(the )?(status|progress)\W*$|^\W*how far\b", re.I), _status),
    (re.compile(r"^\W*(please )?(cancel|abort|stop)( it| this| that| the job)?\W*$", re.I), _cancel),
    (
        re.compile(
            r"^\W*(please |can you |could you |i want (you )?to |i'd like (you )?to |let's )*"
            r"(create|write|build|make|author)\b.*\bskills?\b",
            re.I | re.S,
        ),
        _create,
    ),
    (re.compile(r"^\W*(please )?(promote|publish)\b", re.I), _promote),
    (re.compile(r"^\W*(please )?(continue|go on)\b", re.I), _continue),
    (re.compile(r"^\W*(help|hello|hi|hey|thanks|thank you)\W*$", re.I), _help),
)
_ALWAYS: tuple[Rule, ...] = (_status, _cancel)
