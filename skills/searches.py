"""Recorded searches: what a tenant's people typed, kept short and few, and which of it is about a skill."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import DatabaseError, connection, transaction

from inference import embedder
from skills import document
from skills.models import Skill
from skills.search import Hit, embedding_text

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 3, 200
KEPT_DAYS = 90
KEPT_A_TENANT = 2_000
# Chosen like the cut-offs of search: from here on the words of a query are the subject of the text.
_ABOUT = 0.4
_COMPARED = 60

_RECORD = """
INSERT INTO search_query (client_id, query, hits, top_similarity) VALUES (%s, %s, %s, %s)
ON CONFLICT (client_id, query) DO UPDATE
SET times = search_query.times + 1, hits = excluded.hits, top_similarity = excluded.top_similarity, at = now()
"""
_FORGET = """
DELETE FROM search_query WHERE at < now() - make_interval(days => %s) OR id IN (
    SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY client_id ORDER BY at DESC, id DESC) AS place
                    FROM search_query) AS ranked WHERE place > %s)
"""
# A query of which at least half the words are in the skill; the meaning is compared afterwards.
_SHARING_WORDS = """
SELECT query FROM search_query, (SELECT tsvector_to_array(skill_lexemes(%s)) AS words) AS own, LATERAL (
    SELECT count(*) AS n, count(*) FILTER (WHERE lexeme = ANY (own.words)) AS shared
    FROM unnest(skill_lexemes(query))
) AS _
WHERE client_id = %s AND n > 0 AND 2 * shared >= n ORDER BY times DESC, at DESC, id LIMIT %s
"""


def record_search(*, client_id: str, query: str, hits: Sequence[Hit]) -> None:
    """Remembers a search a person or an agent made, in one statement and in lower case; never fails the search.

    Longer texts than 200 characters are pages, not searches, and are not kept.
    """
    wording = " ".join(query.lower().split())
    if not SHORTEST <= len(wording) <= LONGEST:
        return
    top = hits[0].similarity if hits else None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RECORD, [client_id, wording, len(hits), top])
    except DatabaseError as problem:
        logger.warning("a search was not recorded: %s", problem)


def forget_searches() -> int:
    """Deletes what is older than 90 days and all but the newest 2,000 wordings of each tenant; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [KEPT_DAYS, KEPT_A_TENANT])
        return int(cursor.rowcount)


def searches_about(skill: Skill, client_id: str, *, limit: int) -> list[str]:
    """The tenant's recorded searches about a skill, the most frequent first.

    About it are those of which half the words are in its name, keywords or content, and whose meaning is near its name
    and content (cosine 0.4). The description has no say: one that got worse must not talk its way out of the
    queries it loses. Raises Unavailable without a model.
    """
    body = document.parse(skill.content).body
    words = " . ".join([skill.name, *(skill.trigger_keywords or []), body[:8_000]])
    with connection.cursor() as cursor:
        cursor.execute(_SHARING_WORDS, [words, client_id, _COMPARED])
        candidates = [str(query) for (query,) in cursor.fetchall()]
    if not candidates:
        return []
    (own,) = embedder.embed_documents([embedding_text(skill.name, None, skill.content)])
    about = (query for query in candidates if _cosine(own, embedder.embed_query(query)) >= _ABOUT)
    return [query for query, _ in zip(about, range(limit), strict=False)]


def _cosine(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
