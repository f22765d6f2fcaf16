"""Bodies that Fleet reads in more than one form, or by more than a serializer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, RootModel

from analytics.events import MAX_ADDRESS, MAX_EVENTS, MAX_REF
from api.fleet.serializers import MAX_UPDATES
from api.schema.operations import Shown, sometimes

_Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
_Id = Annotated[_Text, Field(max_length=512)]
_Words = Annotated[list[str], Field(max_length=100)]


class NewMetadata(Shown):
    """Metadata to merge into what is stored; what is not named stays."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    version: _Text = sometimes()
    """A new version is cut under this number; the present one says nothing."""
    author: str | None = sometimes()
    dependencies: _Words | None = sometimes()
    capabilities: _Words | None = sometimes()


class UpdateSkillBody(Shown):
    """What changes."""

    content: _Text = sometimes()
    """The new text of SKILL.md; the description of its front matter is taken over."""
    metadata: NewMetadata = sometimes()


class PromptAnswer(Shown):
    """An answer to a job's prompt, in one of these forms:

    `question_id` with `response`; `answers` by question id, or all in one text; `action` with `feedback`;
    `skill_name`, `description` and `accept_suggestions`; or the question ids themselves as keys.
    """

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    question_id: _Text = sometimes()
    response: str | bool | float | list[str] = sometimes()
    """The answer to the question, or a word that decides."""
    prompt_id: UUID = sometimes()
    """Makes sure that no other prompt is answered."""
    action: str = sometimes()
    """`proceed`, `revise` or `cancel`, or a word like it (`GET /api/v1/hitl/config`)."""
    feedback: str | None = sometimes()
    """What should be otherwise."""
    focus_areas: _Words | None = sometimes()
    answers: dict[str, str | bool | float | list[str]] | str = sometimes()
    """By question id, or one text: `Q1: … A1: …`."""
    skill_name: str | None = sometimes()
    description: str | None = sometimes()
    accept_suggestions: bool = sometimes()


class CategoryInput(Shown):
    """A category to make or change."""

    id: _Id
    name: str | None = sometimes()
    parent: str | None = sometimes()
    """An id or a path."""
    description: str | None = sometimes()


class CategoryChange(Shown):
    """What changes of one category."""

    name: str | None = sometimes()
    description: str | None = sometimes()


class CategoryUpdates(Shown):
    """Several categories, each by its path."""

    updates: Annotated[dict[str, CategoryChange], Field(min_length=1, max_length=MAX_UPDATES)]


class TaxonomyChange(RootModel[CategoryInput | CategoryUpdates]):
    """One category as the document sends it, or several by path as the original does."""


class UsageEvent(Shown):
    """A skill was used."""

    skill_id: Annotated[_Text, Field(max_length=MAX_ADDRESS)]
    """Its id or an address of it."""
    event_id: Annotated[str, Field(max_length=MAX_REF)] | None = sometimes()
    """The sender's own for this use: sent again it counts no second time."""
    user_id: Annotated[str, Field(max_length=MAX_REF)] | None = sometimes()
    session_id: Annotated[str, Field(max_length=MAX_REF)] | None = sometimes()
    task_id: Annotated[str, Field(max_length=MAX_REF)] | None = sometimes()
    """Skills used under one task were used together."""
    success: bool | None = sometimes()
    timestamp: datetime | None = sometimes()
    """When; not before the year 2000 and not in the future."""
    metadata: dict[str, Any] | None = Field(default_factory=dict, description="Whatever the sender wants to keep.")


class UsageEvents(Shown):
    """Several uses."""

    events: Annotated[list[UsageEvent], Field(min_length=1, max_length=MAX_EVENTS)]


class UsageReport(RootModel[UsageEvent | UsageEvents | list[UsageEvent]]):
    """One event, an array of events, or an object with them: all are recorded or none."""


class Issue(Shown):
    """An issue as an object: the first of these names that it has counts."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    issue: str = sometimes()
    type: str = sometimes()
    rule: str = sometimes()
    name: str = sometimes()
    code: str = sometimes()
    message: str = sometimes()


class FixBody(Shown):
    """A text, or a stored skill whose text is meant, and what to mend."""

    content: Annotated[str, Field(max_length=1024 * 1024)] | None = sometimes()
    skill_id: Annotated[str, Field(max_length=1024)] | None = sometimes()
    issues: Annotated[list[Annotated[_Text, Field(max_length=200)] | Issue], Field(max_length=100)]
