"""Finding skills by meaning, words, trigger keywords and exact name; and the vectors this needs.

docs/adr/0004-search.md tells what was measured and rejected.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import metrics
from core.errors import Invalid, Unavailable
from core.text import clean_text
from inference import embedder
from skills import document, lexicon
from skills.models import Skill, SkillQuerySet
from skills.ranking import Rank, Scope, rank

logger = logging.getLogger(__name__)

OWN_CUT_OFF = 0.3
MARKETPLACE_CUT_OFF = 0.15
MAX_QUERY_LENGTH = 8192

# Up to here every candidate is compared exactly; above, the vector index proposes.
EXACT_ROWS = 20_000
# Another reading is not the query itself: its spelling corrected, or one of its sentences.
_READING_WEIGHT = 0.9
_MAX_SENTENCES = 5
_MIN_SENTENCE_WORDS = 4
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
# More than the model reads.
_EMBEDDED_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `similarity` is 0..1 and never rises along the list; `reasons` are of name, keyword, text, meaning.

    `corrected_query` is set where another spelling of the query found the skill: "did you mean".
    """

    skill_id: UUID
    similarity: float
    reasons: tuple[str, ...]
    corrected_query: str | None = None


def search_skills(
    *,
    client_id: str,
    query: str,
    limit: int = 10,
    domains: Sequence[str] | None = None,
    min_similarity: float = OWN_CUT_OFF,
) -> list[Hit]:
    """The active skills a tenant may see that answer `query`, best first; with `domains`, those sharing one of them.

    A skill that waits for its vector, and every skill while the model cannot run, is found by its name, keywords and
    words. Raises Invalid for an empty query or one above 8,192 characters.
    """
    visible = Skill.objects.visible_to(client_id).active()
    return search_among(visible, query=query, limit=limit, domains=domains, min_similarity=min_similarity)


def search_among(
    visible: SkillQuerySet,
    *,
    query: str,
    limit: int = 10,
    domains: Sequence[str] | None = None,
    min_similarity: float = OWN_CUT_OFF,
    needs_meaning: bool = False,
) -> list[Hit]:
    """As `search_skills`, among the rows of a queryset that carries the access rule (filters only, not sliced).

    How rare a word is counts over `visible`, so neither `domains` nor rows of other tenants change a similarity.
    With `needs_meaning` it raises Unavailable where the model cannot run, for those who measure search itself.
    """
    query = _checked(query)
    if limit < 1:
        return []
    with metrics.SEARCH_SECONDS.time():
        hits = _best(visible, query, limit, domains, min_similarity, needs_meaning)
    metrics.SEARCHES.labels("yes" if hits else "no").inc()
    return hits


def _best(
    visible: SkillQuerySet,
    query: str,
    limit: int,
    domains: Sequence[str] | None,
    min_similarity: float,
    needs_meaning: bool,
) -> list[Hit]:
    visible = visible.order_by()
    candidates = visible.filter(domains__overlap=list(domains)) if domains else visible
    total = visible.count()
    exact = total <= EXACT_ROWS or (bool(domains) and candidates.count() <= EXACT_ROWS)
    scope = Scope(visible, candidates, total, exact, embedder.model_name())
    vectors, correction = _understood(visible, query, needs_meaning)
    best: dict[UUID, tuple[Rank, str]] = {}
    for text, vector in vectors.items():
        weight = 1.0 if text == query else _READING_WEIGHT
        for found in rank(scope, text, vector, weight=weight, cut_off=min_similarity, limit=limit):
            if found.skill_id not in best or best[found.skill_id][0].similarity < found.similarity:
                best[found.skill_id] = (found, text)
    ordered = sorted(best.values(), key=lambda item: item[0].order)[:limit]
    return [_hit(found, correction if text == correction else None) for found, text in ordered]


def _checked(query: str) -> str:
    query = str(clean_text(query, "query")).strip()
    if not query:
        raise Invalid("query is required", code="query_required", fields={"query": ["This field is required."]})
    if len(query) > MAX_QUERY_LENGTH:
        message = f"A query has at most {MAX_QUERY_LENGTH:,} characters."
        raise Invalid(message, code="query_too_long", fields={"query": [message]})
    return query


def _understood(
    visible: SkillQuerySet, query: str, needs_meaning: bool
) -> tuple[dict[str, list[float] | None], str | None]:
    """The readings of a query with their vectors, and its corrected spelling; without a model as it stands."""
    try:
        correction = lexicon.corrected(visible, query)
        return {text: embedder.embed_query(text) for text in _readings(query, correction)}, correction
    except Unavailable as error:
        if needs_meaning:
            raise
        logger.warning("searching by words alone: %s", error.message)
        return {query: None}, None


def _readings(query: str, correction: str | None) -> list[str]:
    """The query, its corrected spelling, and its sentences: one of many may say what is wanted."""
    sentences = [part for part in _SENTENCE_END.split(query) if len(part.split()) >= _MIN_SENTENCE_WORDS]
    more = sentences[:_MAX_SENTENCES] if len(sentences) > 1 else []
    return list(dict.fromkeys([query, *([correction] if correction else []), *more]))


def _hit(found: Rank, correction: str | None) -> Hit:
    reasons = {
        "name": found.by_name,
        "keyword": found.by_keyword,
        "text": found.by_words,
        "meaning": found.cos >= OWN_CUT_OFF,
    }
    named = tuple(reason for reason, applies in reasons.items() if applies)
    return Hit(found.skill_id, found.similarity, named or ("meaning",), correction)


def embedding_text(name: str, description: str | None, content: str) -> str:
    """What a skill's vector stands for; front matter is left out, as it repeats the name and the description."""
    return "\n".join([name, description or "", document.parse(content).body])[:_EMBEDDED_CHARACTERS]


# --- The vectors ------------------------------------------------------------------------------------------------------


def embed_skill(skill: Skill) -> bool:
    """Stores the vector of a skill just saved; False when there is none, and the skill waits for `embed_pending`."""
    return embed_skills([skill]) == 1


def embed_skills(skills: Sequence[Skill]) -> int:
    """Stores the vectors of skills just saved and returns how many.

    Without a model they keep none, not even an old one, and are found by their words until `embed_pending` succeeds.
    """
    try:
        return store_vectors(skills)
    except Unavailable as error:
        logger.warning("%d skills wait for their embedding: %s", len(skills), error.message)
        Skill.objects.filter(pk__in=[skill.pk for skill in skills]).update(trigger_embedding=None, embedding_model=None)
        return 0


def embed_pending(*, limit: int) -> int:
    """Embeds up to `limit` skills that wait for it, longest waiting first, and returns how many. Raises Unavailable.

    One text that the model cannot read holds nobody else up.
    """
    waiting = list(pending_embeddings().order_by("updated_at")[:limit])
    try:
        return store_vectors(waiting)
    except Unavailable as error:
        if error.code != "model_failed" or len(waiting) < 2:
            raise
    return sum(embed_skill(skill) for skill in waiting)


def pending_embeddings() -> SkillQuerySet:
    """Skills without a vector, or with one of another model: those whose meaning search does not know."""
    return Skill.objects.exclude(trigger_embedding__isnull=False, embedding_model=embedder.model_name())


def store_vectors(skills: Iterable[Skill]) -> int:
    """Embeds and stores; returns how many. Raises Unavailable before anything is stored.

    A skill changed meanwhile is left to its changer, so that no vector ever stands for another text.
    """
    skills, model, stored = list(skills), embedder.model_name(), 0
    texts = [embedding_text(skill.name, skill.description, skill.content) for skill in skills]
    for skill, vector in zip(skills, embedder.embed_documents(texts) if texts else [], strict=True):
        text = {"name": skill.name, "description": skill.description, "content": skill.content}
        stored += Skill.objects.filter(pk=skill.pk, **text).update(trigger_embedding=vector, embedding_model=model)
        skill.trigger_embedding, skill.embedding_model = vector, model
    return stored
