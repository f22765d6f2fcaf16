"""What a message wants, by its meaning: the intent of the committed examples it is nearest to.

Only for messages about which rules are not sure. docs/adr/0016-conversations.md tells what was measured.
"""

from __future__ import annotations

import logging
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from core.errors import Unavailable
from inference import embedder

logger = logging.getLogger(__name__)

Intent: TypeAlias = Literal["create", "find", "explain", "status", "promote", "cancel", "help"]
INTENTS: tuple[str, ...] = get_args(Intent)
# Below this nearness a message is like none of the examples.
UNSURE = 0.3
# The model reads the beginning of a message; what a person wants stands there.
_READ = 300


@dataclass(frozen=True)
class Guess:
    """`nearness` is the cosine to the nearest example."""

    intent: Intent
    nearness: float


def examples() -> dict[str, list[str]]:
    """The committed examples, by intent."""
    given: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "intents.toml").read_text())
    return {intent: given[intent] for intent in INTENTS}


@cache
def _vectors(model: str) -> list[tuple[Intent, list[float]]]:
    """The examples' vectors of one embedding model, made once a process."""
    pairs = [(intent, text) for intent, texts in examples().items() for text in texts]
    vectors = embedder.embed_documents([text for _, text in pairs])
    return [(intent, vector) for (intent, _), vector in zip(pairs, vectors, strict=True)]  # type: ignore[misc]


def guess(text: str) -> Guess | None:
    """The intent nearest in meaning; None where the model does not run or nothing is near."""
    try:
        vectors = _vectors(embedder.model_name())
        own = embedder.embed_query(text[:_READ])
    except Unavailable as problem:
        logger.warning("a message is understood by rules alone: %s", problem.message)
        return None
    near = [Guess(intent, sum(x * y for x, y in zip(own, vector, strict=True))) for intent, vector in vectors]
    best = max(near, key=lambda one: one.nearness)
    return best if best.nearness >= UNSURE else None
