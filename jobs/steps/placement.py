"""Step: the category of the taxonomy in which the skill belongs, by meaning or by a person's wish."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import Unavailable
from inference import embedder
from jobs.states import Phase
from jobs.steps.base import Context, Done, Outcome
from jobs.steps.brief import understanding_of
from taxonomy.models import Category

# Below this similarity people are told to look: of 20 requests over the default tree none above it was misplaced.
CONFIDENT = 0.25
_ALTERNATIVES = 3
_WORDS = re.compile(r"[a-z0-9]{3,}")


class Placement:
    name = "placement"
    phase = Phase.UNDERSTANDING
    title = "Taxonomy placement"

    def run(self, context: Context) -> Outcome:
        understanding = understanding_of(context)
        categories = list(Category.objects.visible_to(context.job.client_id).order_by("path", "client_id"))
        ranked = _ranked(understanding.search_text, _leaves(categories))
        wished = wished_category(understanding.wished_category, categories)
        if wished:
            ranked = [(wished, 1.0)] + [(path, score) for path, score in ranked if path != wished]
        path, confidence = ranked[0] if ranked else ("", 0.0)
        output = {
            "path": path,
            "confidence": confidence,
            "confident": confidence >= CONFIDENT,
            "wished": bool(wished),
            "rationale": _rationale(path, confidence, bool(wished), understanding.wished_category),
            "alternatives": [{"path": path, "confidence": score} for path, score in ranked[1 : 1 + _ALTERNATIVES]],
        }
        return Done(output, f"Placed in {path}" if path else "There is no category to place it in")


def wished_category(wish: str, categories: Sequence[Category]) -> str:
    """The path of the category that people named by path, by the end of its path, or by name; '' where none fits."""
    wanted = _normal(wish)
    if not wanted:
        return ""
    by_quality = (
        [one.path for one in categories if _normal(one.path) == wanted],
        [one.path for one in categories if _normal(one.path).endswith(f"/{wanted}")],
        [one.path for one in categories if _normal(one.name) == wanted],
    )
    return next((paths[0] for paths in by_quality if paths), "")


def _normal(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip().strip("/\"'`. ").lower())


def _leaves(categories: Sequence[Category]) -> dict[str, str]:
    """Path -> text to compare with. Branches are left out: their leaves say the same more exactly."""
    names = {one.path: one.name for one in categories}
    parents = {one.path.rpartition("/")[0] for one in categories}
    leaves: dict[str, str] = {}
    for one in categories:
        if one.path not in parents:
            above = [names.get(one.path[:index], "") for index, letter in enumerate(one.path) if letter == "/"]
            leaves.setdefault(one.path, f"{' - '.join([*above, one.name])}. {one.description}")
    return leaves


def _ranked(text: str, leaves: dict[str, str]) -> list[tuple[str, float]]:
    if not leaves:
        return []
    try:
        scores = _by_meaning(text, list(leaves.values()))
    except Unavailable as problem:
        if problem.code != "model_load":
            raise
        # Without a model on this machine another try would end the same way; words must do.
        scores = _by_words(text, list(leaves.values()))
    ranked = sorted(zip(leaves, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return [(path, round(score, 3)) for path, score in ranked]


def _by_meaning(text: str, others: list[str]) -> list[float]:
    query = embedder.embed_query(text)
    vectors = [embedder.embed_query(other) for other in others]
    return [max(0.0, sum(a * b for a, b in zip(query, vector, strict=True))) for vector in vectors]


def _by_words(text: str, others: list[str]) -> list[float]:
    words = set(_WORDS.findall(text.lower()))
    return [len(words & set(_WORDS.findall(other.lower()))) / max(len(words), 1) for other in others]


def _rationale(path: str, confidence: float, wished: bool, wish: str) -> str:
    if not path:
        return "The taxonomy has no categories yet."
    if wished:
        return f"'{path}' was asked for."
    missed = f"There is no category '{wish}'. " if wish else ""
    return f"{missed}'{path}' is nearest in meaning (similarity {confidence:.2f})."
