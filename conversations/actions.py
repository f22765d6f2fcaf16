"""What the assistant can do: each action calls the services that the APIs and the admin call, and says what came of it.

Rules and models understand differently (rules.py, tools.py); what happens then is here, once. Everything an answer says
was done, was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.actor import Actor
from conversations.models import Session
from conversations.questions import Question, decision_of, open_question, question_of, shown
from core.errors import DomainError
from jobs.models import Draft, Job
from jobs.services import answer_prompt, cancel_job, get_job, promote_draft, start_job
from jobs.states import State
from skills.document import outline, parse
from skills.models import Skill
from skills.search import search_skills
from skills.searches import record_search
from skills.services import resolve_skill

FOUND = 3
_FLAGS = {"confirm": True, "preview": True, "review": False}
_SHOWN_SECTIONS = 12
_CONFIRM = "confirm:"
HELP = (
    "I find skills, explain them and have new ones written. Say what you look for, name a skill, or say"
    " 'Create a skill that ...'. While one is written I pass its questions on to you; ask for its status at any time."
    " When it is done, say 'promote'."
)


@dataclass
class Turn:
    """One message being answered: who says it, in which session, under which number and with which wishes.

    `asked` is the question that was open to the person when they wrote; what is asked during the turn is not theirs to
    have answered yet.
    """

    actor: Actor
    session: Session
    text: str
    context: Mapping[str, Any]
    key: str
    asked: str
    mentions: Callable[[], tuple[str, ...]] = tuple

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The skills that were talked of last: slugs, as they were named."""
        return self.mentions()

    @property
    def job(self) -> Job | None:
        if not self.session.job_id:
            return None
        return Job.objects.visible_to(self.actor).filter(pk=self.session.job_id).first()

    def ask(self, key: str, data: Mapping[str, Any] | None = None) -> None:
        self.session.asked, self.session.asked_data = key, dict(data or {})


@dataclass(frozen=True)
class Reply:
    """`action` is what the person is asked, as {"type", "data"}; `suggestions` are words that make sense to say next.

    `asks` is the question alone, where the text has one. `awaits_job`: the job will soon have more to say, and the
    answer is better with it.
    """

    text: str
    action: Mapping[str, Any] | None = None
    suggestions: tuple[str, ...] = ()
    job: Job | None = None
    skills: tuple[str, ...] = field(default=())
    asks: str = ""
    awaits_job: bool = False

    def data(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "suggested_actions": list(self.suggestions),
            "job_id": str(self.job.pk) if self.job else None,
            "skills": list(self.skills),
        }


# --- Skills -----------------------------------------------------------------------------------------------------------


def find(turn: Turn, query: str) -> Reply:
    hits = search_skills(client_id=turn.actor.client_id, query=query[:1000], limit=FOUND)
    record_search(client_id=turn.actor.client_id, query=query, hits=hits)
    skills = Skill.objects.visible_to(turn.actor.client_id).light().in_bulk([hit.skill_id for hit in hits])
    found = [skills[hit.skill_id] for hit in hits if hit.skill_id in skills]
    if not found:
        text = "I found no skill for this. Say 'Create a skill that ...' to have one written."
        return Reply(text, suggestions=("create a skill",))
    lines = [f"- {skill.slug}: {skill.description or skill.name}" for skill in found]
    slugs = tuple(skill.slug for skill in found)
    return Reply("\n".join(["These skills may help:", *lines]), suggestions=(f"explain {slugs[0]}",), skills=slugs)


def explain(turn: Turn, name: str) -> Reply:
    """What a skill is for and what is in it, from its own text. `name` is an address, or words that find it."""
    skill = _skill_meant(turn, name)
    if skill is None:
        return Reply(f"I know no skill '{name[:100]}'.", suggestions=("find a skill",))
    body = parse(skill.content).body
    sections = [heading.title for heading in outline(body).headings if heading.level == 2][:_SHOWN_SECTIONS]
    files = [str(one.get("path")) for one in skill.supporting_files or []]
    place = f", in {skill.category.path}" if skill.category else ""
    told = [
        f"{skill.slug} {skill.semver} ({skill.status}{place}): {skill.description or skill.name}",
        _when(body),
        f"It has the sections {', '.join(sections)}." if sections else "",
        f"People find it with: {', '.join(skill.trigger_keywords[:5])}." if skill.trigger_keywords else "",
        f"Files beside it: {', '.join(files[:10])}." if files else "",
    ]
    return Reply("\n\n".join(part for part in told if part), skills=(skill.slug,))


def _skill_meant(turn: Turn, name: str) -> Skill | None:
    try:
        return resolve_skill(turn.actor.client_id, name.strip())
    except DomainError:
        hits = search_skills(client_id=turn.actor.client_id, query=name[:1000] or "skill", limit=1)
        return Skill.objects.visible_to(turn.actor.client_id).filter(pk=hits[0].skill_id).first() if hits else None


def _when(body: str) -> str:
    """The section that says when to use the skill, on one line."""
    found = re.search(r"^##\s+When to Use\b[^\n]*\n+(.+?)(?=^#|\Z)", body, re.M | re.S | re.I)
    text = " ".join(found[1].split()) if found else ""
    return f"When to use it: {text[:600]}" if text else ""


# --- Jobs -------------------------------------------------------------------------------------------------------------


def create(turn: Turn, description: str) -> Reply:
    """Starts a job; the same turn again finds the one it made. Plan and text are shown unless the context says no."""
    flags = {name: _wished(turn.context.get(f"enable_hitl_{name}"), wanted) for name, wanted in _FLAGS.items()}
    request = {"task_description": description, **flags, "token_streaming": True}
    job = start_job(actor=turn.actor, request=request, idempotency_key=turn.key)
    turn.session.job = job
    turn.ask("")
    text = "I'll help you create this skill. First I read what you ask for; if something is open, I will ask."
    return Reply(f"{text} Its job is {job.pk}.", None, ("status", "cancel"), job, awaits_job=True)


def _wished(value: Any, default: bool) -> bool:
    return value if isinstance(value, bool) else default


def answer(turn: Turn, job: Job, question: Question, decision: Mapping[str, Any] | None = None) -> Reply:
    """Takes the message, or what a model read in it, for the answer to the job's question, if the person was asked."""
    if turn.asked != question.key:
        return standing(turn, job)
    given = decision_of(question, turn.text) if decision is None else decision
    try:
        answer_prompt(actor=turn.actor, job_id=job.pk, prompt_id=question.prompt.pk, **given)
    except DomainError as refusal:
        turn.ask(question.key)
        return Reply(
            f"{refusal.message}\n\n{question.text}", shown(question), question.options, job, asks=question.text
        )
    job = get_job(turn.actor, job.pk)
    following = standing(turn, job, "Thank you.")
    return following if following.action else Reply("Thank you.", None, ("status", "cancel"), job, awaits_job=True)


def standing(turn: Turn, job: Job, before: str = "") -> Reply:
    """How the job stands; what it waits for is asked."""
    question = question_of(open_question(job))
    turn.ask(question.key if question else "")
    if question:
        return Reply(f"{before}\n\n{question.text}".strip(), shown(question), question.options, job, asks=question.text)
    text, suggestions = _told(job)
    return Reply(f"{before} {text}".strip(), None, suggestions, job)


def _told(job: Job) -> tuple[str, tuple[str, ...]]:
    draft = Draft.objects.filter(job=job).first()
    if job.state == State.COMPLETED and draft and draft.promoted_at:
        return f"{draft.slug} is in the registry, at {draft.taxonomy_path}.", ()
    if job.state == State.COMPLETED and draft:
        text = f"The draft of {draft.slug} is ready: it {_verdict(draft)}, with a score of {draft.score:.2f}."
        return f"{text} Say 'promote' to put it into the registry at {draft.taxonomy_path}.", ("promote",)
    if job.is_finished:
        return f"The job is {job.state}: {job.error or job.message}", ()
    return f"I am working on it: {job.message or 'waiting for a worker'} ({job.progress}%).", ("status", "cancel")


def _verdict(draft: Draft) -> str:
    return "passed all checks" if draft.passed else "did not pass all checks"


def status(turn: Turn) -> Reply:
    job = turn.job
    return standing(turn, job) if job else Reply(f"Nothing is being written here. {HELP}")


def cancel(turn: Turn) -> Reply:
    job = turn.job
    if job is None:
        return Reply(f"There is nothing to cancel. {HELP}")
    job = cancel_job(actor=turn.actor, job_id=job.pk, reason="in a conversation")
    turn.ask("")
    return Reply("It is cancelled." if job.is_finished else "It will stop at its next step.", job=job)


def promote(turn: Turn, path: str = "") -> Reply:
    """Asks whether the draft shall go into the registry."""
    job = turn.job
    if job is None:
        return Reply(f"There is no draft to promote. {HELP}")
    turn.actor.require_role("manager")
    draft = Draft.objects.filter(job=job).first()
    if draft is None or draft.promoted_at or job.state != State.COMPLETED:
        return standing(turn, job)
    place = path or draft.taxonomy_path
    told = f"{draft.slug} {_verdict(draft)}, with a score of {draft.score:.2f}."
    if not draft.passed:
        told += f" Open: {'; '.join(map(str, draft.report.get('errors', [])[:3])) or 'its quality'}."
    anyway = "" if draft.passed else " anyway"
    return _confirm(
        turn,
        "promotion",
        f"{told} Shall I put it into the registry at {place or 'its old place'}{anyway}?",
        {"skill": draft.slug, "taxonomy_path": place, "passed": draft.passed, "score": draft.score},
        {"job_id": str(job.pk), "taxonomy_path": place, "force": not draft.passed},
    )


# --- What needs a yes -------------------------------------------------------------------------------------------------


def offer_creation(turn: Turn, description: str) -> Reply:
    """For words that may or may not mean that a new skill is wanted."""
    text = "Shall I have a new skill written from this?"
    return _confirm(turn, "creation", text, {"description": description}, {"description": description})


def offer_cancelling(turn: Turn) -> Reply:
    """For words that may or may not mean that the job is to be called off."""
    job = turn.job
    if job is None or job.is_finished:
        return status(turn)
    return _confirm(turn, "cancelling", "Shall I call the job off?", {}, {"job_id": str(job.pk)})


def _confirm(turn: Turn, what: str, text: str, data: Mapping[str, Any], kept: Mapping[str, Any]) -> Reply:
    """Puts a question that only the person's own yes, in their next message, turns into a deed."""
    turn.ask(f"{_CONFIRM}{what}:{turn.key}", kept)
    job = turn.job
    shown = {**data, "job_id": str(job.pk) if job else None, "options": ["yes", "no"]}
    asked = f"{text} Say 'yes' or 'no'."
    return Reply(asked, {"type": f"confirm_{what}", "data": shown}, ("yes", "no"), job, asks=asked)


def is_confirmation_asked(turn: Turn) -> bool:
    return turn.asked.startswith(_CONFIRM) and turn.asked == turn.session.asked


def confirmed(turn: Turn) -> Reply:
    """The person said yes to what was asked."""
    given, what = turn.session.asked_data, turn.asked.split(":")[1]
    turn.ask("")
    match what:
        case "creation":
            return create(turn, given["description"])
        case "cancelling":
            return cancel(turn)
        case _:
            return _promoted(turn, **given)


def _promoted(turn: Turn, job_id: str, taxonomy_path: str, force: bool) -> Reply:
    draft = promote_draft(
        actor=turn.actor, job_id=job_id, taxonomy_path=taxonomy_path or None, force=force, acknowledged=force
    )
    version = draft.skill.semver if draft.skill else ""
    text = f"{draft.slug} {version} is in the registry, at {draft.taxonomy_path}."
    return Reply(text, suggestions=(f"explain {draft.slug}",), job=turn.job, skills=(draft.slug,))


def denied(turn: Turn) -> Reply:
    """The person said no to what was asked."""
    turn.ask("")
    return Reply("I leave it as it is.", job=turn.job)


def asked_now(turn: Turn) -> str:
    """What the person was asked last and has not answered, in the words they saw; or ''."""
    if is_confirmation_asked(turn):
        return "to confirm: " + turn.asked.split(":")[1]
    job = turn.job
    question = question_of(open_question(job)) if job else None
    return question.text[:2000] if question and question.key == turn.asked else ""


def help(turn: Turn) -> Reply:
    return Reply(HELP, suggestions=("find a skill", "create a skill"), job=turn.job)


def refused(turn: Turn, refusal: DomainError) -> Reply:
    """A service said no; what is asked stays asked."""
    job = turn.job
    question = question_of(open_question(job)) if job else None
    is_asked = question is not None and question.key == turn.session.asked
    return Reply(refusal.message, shown(question) if question and is_asked else None, job=job)
