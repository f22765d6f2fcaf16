"""Answers the messages of a session, one after the other, whoever asks for it: the web process that took a message, or
the sweeper where that died."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias

from django.db import DatabaseError

from conversations import turns
from conversations.offline import by_rules
from conversations.turns import Claim, Lost
from conversations.with_model import by_model
from inference import assistant as models
from inference.writer import Emit
from jobs.streaming import TextWriter

logger = logging.getLogger(__name__)

# How an answer is made: it may take long, opens the turn whenever it acts, and shows what it writes.
Assistant: TypeAlias = Callable[[Claim, Emit], None]


def assistant() -> Assistant:
    return by_model if models.is_configured() else by_rules


def answer_waiting(session_id: int) -> None:
    """Answers the messages of the session that wait, in their order, unless somebody else is at it."""
    while claim := turns.claim(session_id):
        writer = TextWriter(turns.group_of(session_id), (claim.seq, claim.attempt))
        try:
            assistant()(claim, writer)
        except Lost:
            logger.warning("conversation %s: message %s is answered by somebody else", session_id, claim.seq)
            return
        except DatabaseError:
            raise  # the lease runs out, and the sweeper goes on
        except Exception:
            logger.exception("conversation %s: message %s could not be answered", session_id, claim.seq)
            turns.fail(claim)
        finally:
            writer.close()
