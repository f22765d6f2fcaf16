"""One round of a conversation with a language model that may call tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from django.conf import settings

from inference import usage
from inference.llm.asking import Answer, Ask, ToolCall, ask
from inference.llm.clock import time_budget
from inference.llm.prompts import prompt
from inference.writer import Emit

__all__ = ["Answer", "Message", "ToolCall", "assistant_message", "converse", "is_configured", "tool_message", "turn"]

Message: TypeAlias = Mapping[str, Any]
# Answers in conversations are short; what a job writes goes another way.
MAX_TOKENS = 2_000


def is_configured() -> bool:
    return bool(settings.LLM_MODEL)


@contextmanager
def turn(seconds: float, sink: Callable[[usage.Call], None]) -> Iterator[None]:
    """The rounds of one turn: together they may take so long, and what each used is told to `sink`."""
    with time_budget(seconds), usage.recording(sink):
        yield


def converse(*, standing: str, talk: Sequence[Message], tools: Sequence[Message], emit: Emit) -> Answer:
    """What the model says next: text, piece by piece also to `emit`, or calls of tools, both unchecked.

    `standing` tells how things stand, `talk` is what was said, the newest last. Raises as `inference.llm.asking.ask`.
    """
    system, now = prompt("chat").messages({"standing": standing})
    messages = [system, now, *talk]

    def hear() -> Callable[[str], None]:
        emit.restart()
        return emit

    version = prompt("chat").version
    return ask(Ask("chat", "chat", version, messages, {"tools": list(tools)}, MAX_TOKENS), hear)


def assistant_message(answer: Answer) -> dict[str, Any]:
    """What the model said, as the API wants to hear it again."""
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in answer.calls
    ]
    return {"role": "assistant", "content": answer.text or None, "tool_calls": calls}


def tool_message(call_id: str, result: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": result}
