"""The writer: what authors a skill. The protocol, the plain data it takes and gives, and the choice by setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, Literal, Protocol, Self, cast, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string

QuestionType = Literal["single_choice", "multiple_choice", "text", "boolean"]
SkillCategory = Literal["document_creation", "workflow_automation", "mcp_enhancement", "analysis", "other"]


@dataclass(frozen=True)
class Record:
    """Data that survives JSON: `from_json(as_json())` is equal. Unknown keys are ignored."""

    def as_json(self) -> dict[str, Any]:
        return cast("dict[str, Any]", _plain(asdict(self)))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{one.name: _frozen(data[one.name]) for one in fields(cls) if one.name in data})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Answer(Record):
    """What a person said to a question of the writer. `topic` is the question's; '' for words about no one question."""

    topic: str
    question: str
    text: str


@dataclass(frozen=True)
class Feedback(Record):
    """What a person wants otherwise. `name` and `description` are corrections to take as they are."""

    text: str = ""
    focus_areas: tuple[str, ...] = ()
    name: str = ""
    description: str = ""


@dataclass(frozen=True)
class Request:
    """All that people have said of the skill so far, in the order they said it."""

    text: str
    answers: tuple[Answer, ...] = ()
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True)
class Question(Record):
    """A question the request leaves open. `topic` is the writer's own word for what it is about."""

    topic: str
    text: str
    type: QuestionType
    options: tuple[str, ...] = ()
    allows_other: bool = True
    rationale: str = ""


@dataclass(frozen=True)
class Understanding(Record):
    """What the request asks for. `name` is proposed and clean; `requested_name` and
    `requested_description` are what people asked for, as written.

    `questions` are asked only while something essential is open; `warnings` are for people to see.
    `wished_category` is the place people asked for, in their words; `search_text` is what to compare the skill with
    categories and other skills by.
    """

    task: str
    name: str
    title: str
    description: str
    requested_name: str = ""
    requested_description: str = ""
    language: str = "en"
    domain: str = ""
    skill_category: SkillCategory = "other"
    target_level: str = "intermediate"
    topics: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    ambiguities: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    wished_category: str = ""
    search_text: str = ""
    warnings: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        questions = [Question.from_json(one) for one in data.get("questions", [])]
        return super().from_json({**data, "questions": questions})


@dataclass(frozen=True)
class Intent(Record):
    """Why and for whom: `skill_type` is how_to, reference, concept, workflow, checklist or troubleshooting."""

    purpose: str
    problem_statement: str
    target_audience: str
    value_proposition: str
    skill_type: str
    scope: str
    success_criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Related(Record):
    """A skill of the registry near the one being written; `similarity` is 0..1."""

    slug: str
    description: str
    similarity: float


@dataclass(frozen=True)
class Surroundings:
    """Where the skill will live: its category's path and its nearest neighbours, nearest first."""

    category: str = ""
    related: tuple[Related, ...] = ()


@dataclass(frozen=True)
class Plan(Record):
    """What will be written. `trigger_keywords` are five to ten short phrases that people type."""

    name: str
    title: str
    description: str
    outline: tuple[str, ...]
    success_criteria: tuple[str, ...]
    trigger_keywords: tuple[str, ...]
    tags: tuple[str, ...]
    assumptions: tuple[str, ...]
    estimated_length: Literal["short", "medium", "long"] = "medium"


@dataclass(frozen=True)
class Text(Record):
    """A written skill: the Markdown body, and what belongs in its front matter (`metadata` maps text to text).

    `wished_category` is as in Understanding, with all feedback;
    `notes` tell people what was, or could not be, done about it.
    """

    name: str
    description: str
    body: str
    metadata: dict[str, str]
    trigger_keywords: tuple[str, ...]
    tags: tuple[str, ...]
    wished_category: str = ""
    notes: tuple[str, ...] = ()


class Emit(Protocol):
    """Takes a text piece by piece while it is written; since the last `restart` the pieces joined should be it."""

    def __call__(self, piece: str) -> None: ...

    def restart(self) -> None:
        """What came so far no longer counts: the text begins anew."""
        ...


class Watcher(Protocol):
    """Sees a text while it is written: first all but its body, then the body piece by piece."""

    def begin(self, head: Text) -> None:
        """The body of this text is going to be written, or written anew: pieces that came before no longer count."""
        ...

    def piece(self, body: str) -> None: ...


@runtime_checkable
class Writer(Protocol):
    """Writes skills. Every method may take long and raises core.errors.Unavailable when it could work later, and
    core.errors.Failed when it could not.

    The request is given whole each time, feedback included; nothing is kept between calls. What a call used is told to
    inference.usage. A writer that has its text at once need not call the `watcher`.
    """

    @property
    def name(self) -> str: ...

    @property
    def spends_tokens(self) -> bool: ...

    def understand(self, request: Request) -> Understanding: ...

    def find_intent(self, request: Request, understanding: Understanding) -> Intent: ...

    def plan(
        self, request: Request, understanding: Understanding, intent: Intent, surroundings: Surroundings
    ) -> Plan: ...

    def write(
        self,
        request: Request,
        understanding: Understanding,
        intent: Intent,
        plan: Plan,
        surroundings: Surroundings,
        previous: str,
        watcher: Watcher | None = None,
    ) -> Text:
        """The skill's text; `previous` is the one that the newest feedback is about, or ''."""
        ...

    def revise(self, current: Text, feedback: tuple[Feedback, ...], watcher: Watcher | None = None) -> Text:
        """`current`, by whomever, with the feedback worked in. Its name, and what nobody spoke of, stay as they are."""
        ...


@cache
def _writer(path: str) -> Writer:
    return cast(Writer, import_string(path)())


def get_writer() -> Writer:
    """The writer that settings.WRITER names."""
    return _writer(settings.WRITER)
