"""A text while it is being written: pieces for those who watch, joined by each of them to exactly the finished text.

Pieces are ephemeral. They travel with their offset (in characters) and the attempt they belong to; the text so far
waits in the cache for viewers that come late, and the finished text in the step's output makes up for what was lost.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, Timer
from typing import TypeAlias

from django.core.cache import cache

from inference.writer import Emit
from jobs import bell
from jobs.models import Job

logger = logging.getLogger(__name__)

# (round, fence): grows with every claim, so that what an older worker sends is known for old.
Attempt: TypeAlias = tuple[int, int]
# An attempt, and how often its writer began the text anew.
Take: TypeAlias = tuple[int, int, int]

# A full bucket of this many pieces, filled at this many a second: never more than 20 in any second, and in a steady
# stream none waits longer than a tenth of one.
BURST = 10
PIECES_PER_SECOND = 10
KEPT_SECONDS = 3600
# What a text has beyond this many characters comes with the finished text alone.
MAX_STREAMED = 200_000
_WORDS = re.compile(r"\S+\s*|\s+")


def attempt_of(job: Job) -> Attempt:
    return job.round, job.fence


def cut(text: str) -> list[str]:
    """A finished text in at most ten pieces that end where words end; joined they are the text."""
    size = -(-len(text) // BURST)
    pieces, piece = [], ""
    for word in _WORDS.findall(text):
        piece += word
        if len(piece) >= size:
            pieces.append(piece)
            piece = ""
    return [*pieces, piece] if piece else pieces


@contextmanager
def emitting(job: Job) -> Iterator[Emit | None]:
    """What a step calls with each piece it has written, or None where nobody asked for pieces."""
    if not job.request.get("token_streaming"):
        yield None
        return
    writer = TextWriter(bell.group_of(job.pk), attempt_of(job))
    try:
        yield writer
    finally:
        writer.close()


class TextWriter:
    """Sends what is written to those who listen to a Channels group, in batches. Without Redis it falls silent and the
    work goes on. Keeps the protocol inference.writer.Emit."""

    def __init__(self, group: str, attempt: Attempt) -> None:
        self.group = group
        self.attempt = attempt
        self._take = 0
        self._text = ""
        self._sent = 0
        self._bucket = float(BURST)
        self._filled_at = time.monotonic()
        self._timer: Timer | None = None
        self._lock = Lock()
        self._silent = False

    def __call__(self, piece: str) -> None:
        with self._lock:
            self._text += piece[: MAX_STREAMED - len(self._text)]
            self._fill()
            if self._bucket >= 1:
                self._send()
            elif self._timer is None:
                self._timer = Timer(1 / PIECES_PER_SECOND, self._send_late)
                self._timer.daemon = True
                self._timer.start()

    def restart(self) -> None:
        with self._lock:
            if self._text:
                self._take += 1
                self._text, self._sent = "", 0

    def close(self) -> None:
        """Sends what is left."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._send()
            self._silent = True

    def _fill(self) -> None:
        now = time.monotonic()
        self._bucket = min(BURST, self._bucket + (now - self._filled_at) * PIECES_PER_SECOND)
        self._filled_at = now

    def _send_late(self) -> None:
        """For pieces after which no other came."""
        with self._lock:
            self._timer = None
            self._fill()
            self._send()

    def _send(self) -> None:
        """Keeps the text first: a viewer that comes between the two finds it there."""
        if self._silent or self._sent == len(self._text):
            return
        piece = {"take": [*self.attempt, self._take], "offset": self._sent, "text": self._text[self._sent :]}
        self._sent = len(self._text)
        self._bucket -= 1
        try:
            cache.set(_key(self.group, self.attempt), (self._take, self._text), KEPT_SECONDS)
        except Exception as problem:
            logger.warning("%s: the text is not streamed any more: %s", self.group, problem)
            self._silent = True
        else:
            self._silent = not bell.publish(self.group, piece)


def _key(group: str, attempt: Attempt) -> str:
    return "text:{}:{}:{}".format(group, *attempt)


def _text_so_far(group: str, attempt: Attempt) -> tuple[int, str]:
    """The number of the take, and what it has so far."""
    try:
        kept: tuple[int, str] = cache.get(_key(group, attempt), (0, ""))
    except Exception as problem:
        logger.warning("%s: its text so far cannot be read: %s", group, problem)
        return 0, ""
    return kept


@dataclass(frozen=True)
class Piece:
    """Part of a text; `offset` 0 starts it anew."""

    offset: int
    text: str


class TextReader:
    """How much of a group's text one viewer has, kept as length and digest; says what it must get next."""

    def __init__(self, group: str) -> None:
        self.group = group
        self._finished_round = 0
        self._start((0, 0, 0))

    def _start(self, take: Take) -> None:
        self._take = take
        self._length = 0
        self._digest = hashlib.sha256()

    def hear(self, take: Take, offset: int, text: str) -> Piece | None:
        """What is new in a piece that came. Raises LookupError where something before it is missing: catch up."""
        if self._is_past(take):
            return None
        if take != self._take or offset > self._length:
            raise LookupError(offset)
        return self._add(text[self._length - offset :])

    def catch_up(self, attempt: Attempt) -> Piece | None:
        """What is missing of the text so far."""
        number, text = _text_so_far(self.group, attempt)
        take = (*attempt, number)
        if self._is_past(take):
            return None
        if take != self._take:
            self._start(take)
        return self._add(text[self._length :])

    def finish(self, round: int, text: str) -> Piece | None:
        """What is missing of the finished text of this round; all of it where the viewer has something else."""
        head = text[: self._length].encode()
        if self._take[0] != round or hashlib.sha256(head).digest() != self._digest.digest():
            self._start((round, 0, 0))
        self._finished_round = round
        return self._add(text[self._length :])

    def _is_past(self, take: Take) -> bool:
        return take[0] <= self._finished_round or take < self._take

    def _add(self, text: str) -> Piece | None:
        if not text:
            return None
        piece = Piece(self._length, text)
        self._length += len(text)
        self._digest.update(text.encode())
        return piece
