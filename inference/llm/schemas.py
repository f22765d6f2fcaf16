"""The forms that a model's answers must have. Text in them is cleaned like a stranger's: no markup, no controls, cut to
size; vocabularies are closed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator

from inference.offline.text import MAX_DESCRIPTION, inline
from inference.writer import QuestionType, SkillCategory

MAX_QUESTIONS = 5
_MAX_OPTIONS = 8


def _line(limit: int) -> AfterValidator:
    return AfterValidator(lambda text: inline(text, limit))


def _said(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _few(limit: int) -> AfterValidator:
    """The first of them, without the empty and the repeated."""
    return AfterValidator(lambda lines: list({line.lower(): line for line in lines if line}.values())[:limit])


def _lower(value: object) -> object:
    return value.strip().lower().replace("-", "_") if isinstance(value, str) else value


Short = Annotated[str, _line(120)]
Line = Annotated[str, _line(400)]
Needed = Annotated[str, _line(400), AfterValidator(_said)]
Description = Annotated[str, _line(MAX_DESCRIPTION), AfterValidator(_said)]
Phrases = Annotated[list[Annotated[str, _line(60)]], _few(10)]
Shorts = Annotated[list[Short], _few(12)]
Lines = Annotated[list[Line], _few(12)]
_Word = BeforeValidator(_lower)
Level = Literal["beginner", "intermediate", "advanced", "expert"]
SkillType = Literal["how_to", "reference", "concept", "workflow", "checklist", "troubleshooting"]
Length = Literal["short", "medium", "long"]


class AskedQuestion(BaseModel):
    topic: Short
    text: Needed
    type: Annotated[QuestionType, _Word]
    options: Annotated[list[Short], _few(_MAX_OPTIONS)]
    allows_other: bool
    rationale: Line


def _askable(questions: list[AskedQuestion]) -> list[AskedQuestion]:
    """Of each topic one; a choice needs something to choose from."""
    by_topic = {one.topic or one.text: one for one in questions}
    return [one for one in by_topic.values() if "choice" not in one.type or len(one.options) > 1][:MAX_QUESTIONS]


class Understood(BaseModel):
    task: Needed
    name: Short
    title: Short
    description: Description
    requested_name: Short
    requested_description: Annotated[str, _line(MAX_DESCRIPTION)]
    language: Short
    domain: Short
    skill_category: Annotated[SkillCategory, _Word]
    target_level: Annotated[Level, _Word]
    topics: Shorts
    tools: Shorts
    constraints: Lines
    ambiguities: Lines
    questions: Annotated[list[AskedQuestion], AfterValidator(_askable)]
    wished_category: Short


class Purpose(BaseModel):
    purpose: Needed
    problem_statement: Line
    target_audience: Line
    value_proposition: Line
    skill_type: Annotated[SkillType, _Word]
    scope: Line
    success_criteria: Lines


class Planned(BaseModel):
    title: Short
    description: Description
    outline: Shorts
    success_criteria: Lines
    trigger_keywords: Phrases
    tags: Annotated[list[Annotated[str, _line(40)]], _few(8)]
    assumptions: Lines
    estimated_length: Annotated[Length, _Word]
