"""How a contract tells its operations: words and types only. Imports no contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from django.urls import URLPattern
from pydantic import BaseModel, ConfigDict, Field, RootModel
from rest_framework import serializers

JSON, EVENTS, TEXT = "application/json", "text/event-stream", "text/plain"


class Shown(BaseModel):
    """What an answer holds. Clients of the documents must expect more keys than these in later versions."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class PlainText(RootModel[str]):
    """A text that is no JSON."""


def sometimes() -> Any:
    """The default of a key that is not in every answer."""
    return Field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """A header by its name; `schema` is its JSON schema."""

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Answer:
    """A call that went well. Without `model` the answer has no body. `example` is the name of a golden file."""

    model: type[BaseModel] | None
    status: int = 200
    description: str = "Done."
    media_type: str = JSON
    headers: Sequence[Header] = ()
    example: str = ""


@dataclass(frozen=True)
class Operation:
    """One method of one route.

    `body` and `query` are what the view reads; `examples` names golden files of bodies; `errors` are the statuses
    besides those that follow from what the operation takes (`Contract.statuses`).
    """

    id: str
    tag: str
    summary: str
    description: str
    answers: Sequence[Answer]
    body: type[serializers.Serializer[Any]] | type[BaseModel] | None = None
    is_body_required: bool = True
    query: type[serializers.Serializer[Any]] | None = None
    headers: Sequence[Header] = ()
    examples: Sequence[str] = ()
    errors: Sequence[int] = ()
    is_open: bool = False

    @property
    def is_stream(self) -> bool:
        return any(answer.media_type == EVENTS for answer in self.answers)


@dataclass(frozen=True)
class Route:
    """Where patterns of Django's or of Channels' hang: `prefix` is a regular expression, `namespace` of route names."""

    prefix: str
    namespace: str
    patterns: Sequence[URLPattern]


@dataclass(frozen=True)
class Contract:
    """One document. `operations` are by route name and method; `parameters` describe what stands in paths.

    `errors` tells of each status what it means, `error` is the one shape of them all; `error_examples` are golden files
    by status. `enums` get names of their own wherever a body or a query allows just their words.
    """

    name: str
    title: str
    description: str
    routes: Sequence[Route]
    operations: Mapping[tuple[str, str], Operation]
    parameters: Mapping[str, Mapping[str, Any]]
    tags: Mapping[str, str]
    error: type[BaseModel]
    errors: Mapping[int, str]
    error_examples: Mapping[int, Any]
    enums: Sequence[type[Enum]]
    input_statuses: Sequence[int]
    path_statuses: Sequence[int] = (404,)
    everywhere: Sequence[int] = (429, 500, 503)
    examples: Path | None = None

    def statuses(self, operation: Operation, *, has_path: bool) -> list[int]:
        """The errors an operation can answer."""
        found = {*self.everywhere, *operation.errors}
        found |= set() if operation.is_open else {401, 403}
        found |= set(self.path_statuses) if has_path else set()
        found |= {400, 413, 415} if operation.body else set()
        found |= set(self.input_statuses) if operation.body or operation.query else set()
        return sorted(found)
