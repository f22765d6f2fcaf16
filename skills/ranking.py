"""The statement that ranks skills for one text: distance, rare words, trigger keywords and exact name in one score.

    similarity = 1 - (1 - 0.75 cos) (1 - 0.3 words) (1 - keywords)

`cos` is the cosine, at least 0. `words` is the share of the text's words, weighted by rarity, that the skill has: fully
in its name or keywords, 0.8 in its description, 0.4 in its content. `keywords` is 1 - 0.65^n for n matching trigger
keywords. Only an exact name or slug gets above 0.985.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from pgvector.django import CosineDistance

from core.text import slugify
from skills.models import SkillQuerySet

# The planner ignores filters when it costs the index, so `Scope.exact` chooses the path and this keeps the index going.
_INDEX_SETTINGS = "SET LOCAL hnsw.ef_search = 100; SET LOCAL hnsw.iterative_scan = relaxed_order"
# Words count only for the best rows by meaning and keywords.
_SHORTLIST = 100
# A longer text is a page, not a query: its further words would cost a look-up each and change nothing.
_MAX_WORDS = 64
# A word in this many skills says little; counting on would cost time in large stores.
_MAX_COUNTED = 5_000

_STATEMENT = r"""
WITH asked AS MATERIALIZED (
    SELECT skill_lexemes(%(text)s) AS words, lower(%(text)s) AS verbatim
), word AS MATERIALIZED (
    SELECT quote_literal(lexeme)::tsquery AS anywhere,
           (quote_literal(lexeme) || ':A')::tsquery AS in_name,
           (quote_literal(lexeme) || ':B')::tsquery AS in_description
    FROM asked, unnest(asked.words) ORDER BY positions[1] LIMIT %(max_words)s
), rare AS MATERIALIZED (
    SELECT word.*, ln(1 + (%(total)s - n + 0.5) / (n + 0.5)) AS weight
    FROM word, LATERAL (SELECT count(*) AS n FROM ({having_word} LIMIT %(max_counted)s) AS having_word) AS _
), triggered AS MATERIALIZED (
    SELECT likely.id, hits FROM ({having_keyword}) AS likely, asked, LATERAL (
        SELECT count(DISTINCT lower(keyword)) AS hits FROM unnest(likely.trigger_keywords) AS keyword
        WHERE lower(keyword) = verbatim OR words @@ phraseto_tsquery('english', translate(keyword, '-_/.\', '     '))
    ) AS _ WHERE hits > 0
), near AS MATERIALIZED (
    {near}
), shortlist AS MATERIALIZED (
    SELECT near.id, named, coalesce(hits, 0) AS hits, greatest(0, 1 - distance) AS cos,
           CASE WHEN named THEN 0.99 ELSE 1 - 0.65 ^ coalesce(hits, 0) END AS keywords
    FROM near LEFT JOIN triggered USING (id)
    ORDER BY (1 - 0.75 * greatest(0, 1 - distance)) * (CASE WHEN named THEN 0 ELSE 0.65 ^ coalesce(hits, 0) END)
    LIMIT %(shortlist)s
), scored AS (
    SELECT skill.id, named, hits, cos, covered, skill.updated_at,
           round((%(weight)s * least(CASE WHEN named THEN 1 ELSE 0.985 END,
               1 - (1 - 0.75 * cos) * (1 - 0.3 * covered) * (1 - keywords)))::numeric, 4)::float8 AS similarity
    FROM shortlist JOIN kaman_skills AS skill USING (id), LATERAL (
        SELECT skill.search_words || '' AS words OFFSET 0  -- unpacked once, not for each word
    ) AS unpacked, LATERAL (
        SELECT coalesce(sum(weight * CASE WHEN words @@ in_name THEN 1 WHEN words @@ in_description THEN 0.8
            WHEN words @@ anywhere THEN 0.4 ELSE 0 END) / nullif(sum(weight), 0), 0) AS covered FROM rare
    ) AS _
)
SELECT id, similarity, updated_at, named, hits > 0, covered > 0, cos, (SELECT sum(proposed) FROM near)
FROM scored WHERE similarity >= %(cut_off)s
ORDER BY similarity DESC, updated_at DESC, id LIMIT %(limit)s
"""
_EVERY = "SELECT *, 1 AS proposed FROM ({measured}) AS measured"
_PROPOSED = """
SELECT DISTINCT ON (id) * FROM (
    SELECT *, 1 AS proposed FROM ({nearest}) AS nearest
    UNION ALL SELECT *, 0 FROM ({by_name}) AS by_name
    UNION ALL SELECT *, 0 FROM ({by_keyword}) AS by_keyword
) AS either ORDER BY id, proposed DESC
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search: `candidates` are those of the `visible` rows (`total`) that a filter leaves.

    How rare a word is counts over `visible`. Unless `exact`, the vector index proposes candidates.
    """

    visible: SkillQuerySet
    candidates: SkillQuerySet
    total: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of the answer; `cos` is 0..1, `proposed` the number of rows that were compared by their vectors."""

    skill_id: UUID
    similarity: float
    updated_at: datetime
    by_name: bool
    by_keyword: bool
    by_words: bool
    cos: float
    proposed: int

    @property
    def order(self) -> tuple[float, float, UUID]:
        """Sorts as the statement does."""
        return -self.similarity, -self.updated_at.timestamp(), self.skill_id


def rank(
    scope: Scope, text: str, vector: list[float], *, weight: float = 1.0, cut_off: float, limit: int
) -> list[Rank]:
    """The best candidates for `text`, at `weight` times their similarity, from `cut_off` on."""
    shortlist = max(_SHORTLIST, 2 * limit)
    parameters = {
        "text": text,
        "total": scope.total,
        "weight": weight,
        "cut_off": cut_off,
        "limit": limit,
        "max_words": _MAX_WORDS,
        "max_counted": _MAX_COUNTED,
        "shortlist": shortlist,
    }
    having_word = _part(scope.visible.filter(_condition("search_words @@ word.anywhere")).values("id"), parameters)
    having_keyword = _part(_having_keyword(scope.candidates, text), parameters)
    measured = _measured(scope.candidates, text, vector)
    every = _EVERY.format(measured=_part(measured, parameters))
    if not scope.exact:
        near = _proposed(measured, shortlist, parameters)
        statement = _STATEMENT.format(having_word=having_word, having_keyword=having_keyword, near=near)
        ranks = _run(statement, parameters, _INDEX_SETTINGS)
        if ranks and ranks[0].proposed >= shortlist:
            return ranks
        # The index gave up among rows that the filter refuses or copies of one vector. Nothing may be lost by that.
    statement = _STATEMENT.format(having_word=having_word, having_keyword=having_keyword, near=every)
    return _run(statement, parameters)


def _run(statement: str, parameters: dict[str, Any], settings: str = "") -> list[Rank]:
    with transaction.atomic(), connection.cursor() as cursor:
        if settings:
            cursor.execute(settings)
        cursor.execute(statement, parameters)
        return [Rank(*row) for row in cursor.fetchall()]


def _part(rows: QuerySet[Any, Any], parameters: dict[str, Any]) -> str:
    """A queryset as SQL inside the statement: its positional parameters get names, and join `parameters`."""
    sql, values = rows.query.sql_with_params()
    names = [f"part{len(parameters) + index}" for index in range(len(values))]
    parameters.update(zip(names, values, strict=True))
    return str(sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names))


def _condition(sql: str) -> RawSQL:
    """A condition on what the model does not know: `search_words` and the statement's own tables."""
    return RawSQL(sql, (), output_field=BooleanField())  # noqa: S611


def _having_keyword(candidates: SkillQuerySet, text: str) -> QuerySet[Any, Any]:
    """Rows of which some trigger keyword shares a word with the text, or is the text; the statement looks closer."""
    shares_word = _condition(
        "skill_lexemes(skill_keyword_text(trigger_keywords)) @@ "
        "(SELECT string_agg(anywhere::text, ' | ')::tsquery FROM word)"
    )
    verbatim = Q(trigger_keywords__overlap=[text, text.lower()])
    return candidates.filter(Q(shares_word) | verbatim).values_list("id", "trigger_keywords")


def _measured(candidates: SkillQuerySet, text: str, vector: list[float]) -> QuerySet[Any, Any]:
    named = ExpressionWrapper(Q(lower_name=text.lower()) | Q(slug=slugify(text)), BooleanField())
    rows = candidates.annotate(distance=CosineDistance("trigger_embedding", vector), lower_name=Lower("name"))
    return rows.annotate(named=named).values_list("id", "distance", "named")


def _proposed(measured: QuerySet[Any, Any], shortlist: int, parameters: dict[str, Any]) -> str:
    """The nearest rows by the index, and those that must not be missed: the exact name and matching keywords."""
    nearest = _part(measured.order_by("distance")[:shortlist], parameters)
    by_name = _part(measured.filter(named=True), parameters)
    by_keyword = _part(measured.filter(_condition("id IN (SELECT id FROM triggered)")), parameters)
    return _PROPOSED.format(nearest=nearest, by_name=by_name, by_keyword=by_keyword)
