"""What writers used: one Call for each thing asked of a writer or a model, told to whoever records them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

OK = "ok"


@dataclass(frozen=True)
class Call:
    """One call, also one that failed. `purpose` is the method of the writer or another word for what was asked;
    `outcome` is "ok" or the code of what went wrong; `cost` is in USD, None where no price is known.

    Tokens are the provider's own figures, or `is_estimated` at four characters each where it gave none.
    """

    purpose: str
    writer: str
    model: str = ""
    prompt: str = ""
    prompt_version: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    is_estimated: bool = False
    cost: Decimal | None = None
    duration_ms: int = 0
    outcome: str = OK


Sink: TypeAlias = Callable[[Call], None]
_sink: ContextVar[Sink | None] = ContextVar("sink", default=None)


@contextmanager
def recording(sink: Sink) -> Iterator[None]:
    """Within the block `sink` gets each call the moment it has ended."""
    token = _sink.set(sink)
    try:
        yield
    finally:
        _sink.reset(token)


def record(call: Call) -> None:
    if sink := _sink.get():
        sink(call)
