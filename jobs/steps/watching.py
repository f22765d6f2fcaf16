"""Shows a body that is being written as the SKILL.md that it becomes part of."""

from __future__ import annotations

from collections.abc import Callable

from inference.writer import Emit, Text
from jobs.streaming import cut


class Showing:
    """Keeps inference.writer.Watcher over a job's `emit`. `above` says what stands above the body of a text."""

    def __init__(self, emit: Emit, above: Callable[[Text], str]) -> None:
        self._emit = emit
        self._above = above
        self.has_begun = False

    def begin(self, head: Text) -> None:
        self._emit.restart()
        self.has_begun = True
        self._emit(self._above(head))

    def piece(self, body: str) -> None:
        self._emit(body)


def showing(emit: Emit | None, above: Callable[[Text], str]) -> Showing | None:
    """None where nobody watches."""
    return Showing(emit, above) if emit else None


def show_whole(emit: Emit | None, content: str) -> None:
    """A text that was there at once, in pieces."""
    if emit:
        emit.restart()
        for piece in cut(content):
            emit(piece)
