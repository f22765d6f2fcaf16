"""Answers held to a schema: by the provider where it can, by us always; what does not fit is asked for again."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import openai
from django.conf import settings
from pydantic import BaseModel, ValidationError

from core.errors import Failed
from inference.llm.asking import Ask, Message, ask
from inference.llm.failures import RequestRefused
from inference.llm.prompts import Prompt
from inference.llm.provider import Step

Schema = TypeVar("Schema", bound=BaseModel)

# How the provider is asked to keep the schema, the strictest first; the last is by words alone.
MODES: Final = ("json_schema", "json_object", "text")
MAX_ANSWERS: Final = 3
_MAX_REPEATED = 4_000
# (base URL, model) -> the strictest mode that it took.
_mode: dict[tuple[str, str], str] = {}
_mode_lock = threading.Lock()


def answer(
    step: Step, prompt: Prompt, values: Mapping[str, str], schema: type[Schema], *, max_tokens: int = 0
) -> tuple[Schema, str]:
    """What the model says, as the schema has it, and the mode that was used. Raises as `ask`, and Failed
    `model_answer_invalid` where several answers in a row do not fit."""
    talk: list[Message] = list(prompt.messages(values))
    for _ in range(MAX_ANSWERS):
        text, mode = _asked(step, prompt, talk, schema, max_tokens)
        try:
            return schema.model_validate(parsed(text)), mode
        except ValueError as problem:
            said = {"role": "assistant", "content": text[:_MAX_REPEATED]}
            talk = [*talk[:2], said, {"role": "user", "content": _correction(problem)}]
    raise Failed("The model's answers do not have the form that was asked for.", code="model_answer_invalid")


def parsed(text: str) -> Any:
    """The first JSON object of an answer, also where it stands in a code block or between words. Raises ValueError."""
    start = text.find("{")
    if start < 0:
        raise ValueError("there is no JSON object in it")
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return found


def schema_of(schema: type[BaseModel]) -> dict[str, Any]:
    """In the strict form that providers ask for: all fields required, no others allowed."""
    made: Any = openai.pydantic_function_tool(schema)["function"]["parameters"]
    return dict(made)


def _asked(
    step: Step, prompt: Prompt, talk: Sequence[Message], schema: type[BaseModel], max_tokens: int
) -> tuple[str, str]:
    for mode in _modes(step):
        question = Ask(step, prompt.name, prompt.version, *_formed(mode, prompt.name, talk, schema), max_tokens)
        try:
            text = ask(question).text
        except RequestRefused:
            if mode == MODES[-1]:
                raise
            continue
        with _mode_lock:
            _mode[settings.LLM_BASE_URL, question.model] = mode
        return text, mode
    raise AssertionError("unreachable")


def _modes(step: Step) -> Sequence[str]:
    """Those that are left to try: all below the one that settings or the server's earlier answers allow."""
    if settings.LLM_STRUCTURED != "auto":
        return MODES[MODES.index(settings.LLM_STRUCTURED) :]
    model = Ask(step, "", 0, ()).model
    return MODES[MODES.index(_mode.get((settings.LLM_BASE_URL, model), MODES[0])) :]


def _formed(
    mode: str, name: str, talk: Sequence[Message], schema: type[BaseModel]
) -> tuple[Sequence[Message], dict[str, Any]]:
    """The messages and wishes for a mode. Where the provider does not get the schema, the model does."""
    form = schema_of(schema)
    if mode == "json_schema":
        described = {"name": name, "schema": form, "strict": True}
        return talk, {"response_format": {"type": "json_schema", "json_schema": described}}
    words = f"Answer with one JSON object that fits this JSON schema, and with nothing else:\n{json.dumps(form)}"
    first = {**talk[0], "content": f"{talk[0]['content']}\n\n{words}"}
    return [first, *talk[1:]], {"response_format": {"type": "json_object"}} if mode == "json_object" else {}


def _correction(problem: ValueError) -> str:
    if isinstance(problem, ValidationError):
        faults = [f"- {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors(include_url=False)[:20]]
        told = "\n".join(faults)
    else:
        told = f"- It is no JSON: {str(problem)[:200]}"
    return f"Your answer does not have the form that was asked for:\n{told}\nAnswer again, with the JSON object alone."
