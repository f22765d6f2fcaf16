"""Conversations with the assistant."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict

from api.fleet.schema.models.words import JobStatus, QuestionType
from api.schema.operations import Shown, sometimes


class AskedQuestion(Shown):
    """One of a prompt's questions, the one that is next."""

    id: str
    text: str | None
    type: QuestionType | None
    rationale: str | None
    options: list[str]


class ActionData(Shown):
    """What is asked: of a job's prompt its ids, the words that answer it, and the prompt's own data beside them."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    job_id: UUID = sometimes()
    prompt_id: UUID = sometimes()
    options: list[str] = sometimes()
    question: AskedQuestion = sometimes()


class Action(Shown):
    """What the person is asked."""

    type: str
    """The kind of the job's prompt, or what the assistant wants to know before it acts."""
    data: ActionData


class AnswerMetadata(Shown):
    """What an answer is about."""

    job_id: UUID | None
    job_status: JobStatus | None
    skills: list[str]
    """The skills that it names."""


class Answer(Shown):
    """What the assistant said."""

    response: str
    session_id: str
    requires_action: bool
    """Whether the person is asked something."""
    action: Action | None
    reasoning: str
    """Always empty; the original's key."""
    suggested_actions: list[str]
    """Words that make sense to say next."""
    sequence: int
    """The answer's number in its session."""
    metadata: AnswerMetadata


class Session(Shown):
    """A conversation."""

    id: str
    status: str
    created_at: datetime
    updated_at: datetime
    job_id: UUID | None
    """The job that the conversation is about."""


class SessionList(Shown):
    """The caller's conversations, the last used first."""

    sessions: list[Session]
    total: int


class OpenedSession(Shown):
    """The conversation is there."""

    session_id: str
    status: str
    created_at: datetime
    message: str


class SaidMessage(Shown):
    """A line of a conversation."""

    role: Literal["user", "assistant"]
    content: str
    created_at: datetime
    sequence: int
    requires_action: bool = sometimes()
    """Of answers."""
    action: Action | None = sometimes()
    """Of answers."""
    job_id: UUID | None = sometimes()
    """Of answers."""
    skills: list[str] = sometimes()
    """Of answers."""
    client_message_id: str = sometimes()
    """Of what a person said under an id of their own."""


class History(Shown):
    """A conversation, in its order."""

    session_id: str
    messages: list[SaidMessage]
