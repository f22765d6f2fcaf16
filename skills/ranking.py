"""The statement that ranks skills for one text: distance, rare words, trigger keywords and exact name in one score.

    similarity = 1 - (1 - 0.75 cos) (1 - 0.3 words) (1 - keywords)

`cos` is the cosine, at least 0. `words` is the share of the text's words, weighted by rarity, that the skill has: fully
in its name or keywords, 0.8 in its description, 0.4 in its content; it weighs 0.6 where no vector tells the meaning.
`keywords` is 1 - 0.65^n for n matching trigger keywords, and at least 0.92 where the text is nothing but one of them.
Bands keep the promises of "always": an exact name from 0.99 on, then such a keyword up to 0.985, then all others up to
0.915.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import BooleanField, ExpressionWrapper, FloatField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from pgvector.django import CosineDistance

from core.text import slugify
from skills.models import SkillQuerySet

# The planner ignores filters when it costs the index, so `Scope.exact` chooses the path and this keeps the index going.
_INDEX_SETTINGS = "SET LOCAL hnsw.ef_search = 400; SET LOCAL hnsw.iterative_scan = relaxed_order"
# Words count only for the best rows by meaning and keywords.
_SHORTLIST = 200
# A longer text is a page, not a query: its further words would cost a look-up each and change nothing.
_MAX_WORDS = 64
# A word in this many skills says little; counting on would cost time in large stores.
_MAX_COUNTED = 5_000

# Conditions inside the statement below.
_ANY_WORD = "(SELECT string_agg(anywhere::text, ' | ')::tsquery FROM word)"
_IS_TRIGGERED = "id IN (SELECT id FROM triggered)"

_STATEMENT = r"""
WITH asked AS MATERIALIZED (
    SELECT skill_lexemes(%(text)s) AS words, key AS verbatim,
           translate(key, translate(key, '+#&@$*^=<>', ''), '') AS signs,
           ARRAY(SELECT DISTINCT phrase FROM skill_phrases(skill_lexemes(%(text)s)), unnest(phrases) AS phrase
                 WHERE phrase <> '') AS phrases
    FROM skill_keyword_key(%(text)s) AS key
), word AS MATERIALIZED (
    SELECT quote_literal(lexeme)::tsquery AS anywhere,
           (quote_literal(lexeme) || ':A')::tsquery AS in_name,
           (quote_literal(lexeme) || ':B')::tsquery AS in_description
    FROM asked, unnest(asked.words) ORDER BY positions[1] LIMIT %(max_words)s
), rare AS MATERIALIZED (
    SELECT word.*, ln(1 + (%(total)s - n + 0.5) / (n + 0.5)) AS weight
    FROM word, LATERAL (SELECT count(*) AS n FROM ({having_word} LIMIT %(max_counted)s) AS having_word) AS _
), triggered AS MATERIALIZED (
    SELECT likely.id, hits, held FROM ({having_keyword}) AS likely, asked, LATERAL (
        SELECT count(DISTINCT key) AS hits, coalesce(bool_or(same), FALSE) AS held
        FROM unnest(likely.trigger_keywords) AS keyword, skill_keyword_key(keyword) AS key,
             skill_lexemes(keyword) AS lexemes, translate(key, translate(key, '+#&@$*^=<>', ''), '') AS signs, LATERAL (
                 -- `C++` is neither `C` nor `C#`, though all are one word.
                 SELECT key = verbatim OR (lexemes = words AND lexemes <> '' AND signs = asked.signs) AS same) AS _
        WHERE same OR (words @@ phraseto_tsquery('english', translate(keyword, '-_/.\', '     '))
                       AND (signs = '' OR position(key IN verbatim) > 0))
    ) AS _ WHERE hits > 0
), near AS MATERIALIZED (
    {near}
), judged AS NOT MATERIALIZED (
    SELECT near.id, named, coalesce(held, FALSE) AS held, coalesce(hits, 0) AS hits,
           greatest(0, 1 - coalesce(distance, 1)) AS cos, distance IS NOT NULL AS measured, word_rank,
           CASE WHEN named THEN 0.99 WHEN held THEN greatest(0.92, 1 - 0.65 ^ hits) ELSE 1 - 0.65 ^ coalesce(hits, 0)
           END AS keywords
    FROM near LEFT JOIN triggered USING (id)
), shortlist AS MATERIALIZED (
    (SELECT * FROM judged WHERE measured
     ORDER BY named DESC, held DESC, (1 - 0.75 * cos) * (1 - keywords) LIMIT %(shortlist)s)
    UNION ALL
    (SELECT * FROM judged WHERE NOT measured
     ORDER BY named DESC, held DESC, keywords DESC, word_rank DESC LIMIT %(shortlist)s)
), scored AS (
    SELECT skill.id, named, hits, cos, covered, skill.updated_at,
           round((%(weight)s * least(CASE WHEN named THEN 1 WHEN held THEN 0.985 ELSE 0.915 END,
               1 - (1 - 0.75 * cos) * (1 - CASE WHEN measured THEN 0.3 ELSE 0.6 END * covered) * (1 - keywords)
           ))::numeric, 4)::float8 AS similarity
    FROM shortlist JOIN kaman_skills AS skill USING (id), LATERAL (
        SELECT skill.search_words || '' AS words OFFSET 0  -- unpacked once, not for each word
    ) AS unpacked, LATERAL (
        SELECT coalesce(sum(weight * CASE WHEN words @@ in_name THEN 1 WHEN words @@ in_description THEN 0.8
            WHEN words @@ anywhere THEN 0.4 ELSE 0 END) / nullif(sum(weight), 0), 0) AS covered FROM rare
    ) AS _
)
SELECT id, similarity, updated_at, named, hits > 0, covered > 0, cos, (SELECT coalesce(sum(proposed), 0) FROM near)
FROM scored WHERE similarity >= %(cut_off)s
ORDER BY similarity DESC, updated_at DESC, id LIMIT %(limit)s
"""
_EVERY = "SELECT *, 0.0 AS word_rank, 1 AS proposed FROM ({measured}) AS measured"
_PROPOSED = """
SELECT DISTINCT ON (id) id, distance, named, 0.0 AS word_rank, proposed FROM (
    SELECT *, 1 AS proposed FROM ({nearest}) AS nearest
    UNION ALL SELECT *, 0 FROM ({by_name}) AS by_name
    UNION ALL SELECT *, 0 FROM ({by_keyword}) AS by_keyword
) AS either ORDER BY id, proposed DESC
"""
# Rows whose meaning is not known: those that have the words, the name or a keyword.
_WORDED = """
SELECT DISTINCT ON (id) id, NULL::float8 AS distance, named, word_rank, 0 AS proposed FROM (
    SELECT * FROM ({by_words}) AS by_words
    UNION ALL SELECT *, 0 FROM ({by_name}) AS by_name
    UNION ALL SELECT *, 0 FROM ({by_keyword}) AS by_keyword
) AS either ORDER BY id, word_rank DESC
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search: `candidates` are those of the `visible` rows (`total`) that a filter leaves.

    How rare a word is counts over `visible`. Unless `exact`, the vector index proposes candidates. Only vectors of
    `model` are compared.
    """

    visible: SkillQuerySet
    candidates: SkillQuerySet
    total: int
    exact: bool
    model: str

    @property
    def embedded(self) -> SkillQuerySet:
        return self.candidates.filter(trigger_embedding__isnull=False, embedding_model=self.model)

    @property
    def waiting(self) -> SkillQuerySet:
        """Those without a vector to compare; asked in this way, the index on the model finds them."""
        other = Q(embedding_model__lt=self.model) | Q(embedding_model__gt=self.model)
        return self.candidates.filter(other | Q(embedding_model__isnull=True))


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
    scope: Scope, text: str, vector: list[float] | None, *, weight: float = 1.0, cut_off: float, limit: int
) -> list[Rank]:
    """The best candidates for `text`, at `weight` times their similarity, from `cut_off` on; without a vector by words,
    keywords and name alone."""
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
    having_keyword = _part(_having_keyword(scope.candidates), parameters)

    def statement(near: str) -> str:
        return _STATEMENT.format(having_word=having_word, having_keyword=having_keyword, near=near)

    if vector is None:
        return _run(scope.visible.db, statement(_worded(scope.candidates, text, parameters)), parameters)
    measured = _measured(scope.embedded, text, vector)
    worded = _worded(scope.waiting, text, parameters)
    if not scope.exact:
        near = _proposed(measured, shortlist, parameters)
        ranks = _run(scope.visible.db, statement(f"({near}) UNION ALL ({worded})"), parameters, _INDEX_SETTINGS)
        if ranks and ranks[0].proposed >= shortlist:
            return ranks
        # The index gave up among rows that the filter refuses or copies of one vector. Nothing may be lost by that.
    every = _EVERY.format(measured=_part(measured, parameters))
    return _run(scope.visible.db, statement(f"({every}) UNION ALL ({worded})"), parameters)


def _run(database: str, statement: str, parameters: dict[str, Any], settings: str = "") -> list[Rank]:
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
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


def _having_keyword(candidates: SkillQuerySet) -> QuerySet[Any, Any]:
    """Rows of which some trigger keyword begins as a phrase of the text, or is the text; the statement looks closer."""
    begins = _condition("skill_keyword_starts(trigger_keywords) && (SELECT phrases FROM asked)")
    verbatim = _condition("skill_keyword_keys(trigger_keywords) @> (SELECT ARRAY[verbatim] FROM asked)")
    return candidates.filter(Q(begins) | Q(verbatim)).values_list("id", "trigger_keywords")


def _named(text: str) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(lower_name=text.lower()) | Q(slug=slugify(text)), BooleanField())


def _measured(candidates: SkillQuerySet, text: str, vector: list[float]) -> QuerySet[Any, Any]:
    rows = candidates.annotate(distance=CosineDistance("trigger_embedding", vector), lower_name=Lower("name"))
    return rows.annotate(named=_named(text)).values_list("id", "distance", "named")


def _proposed(measured: QuerySet[Any, Any], shortlist: int, parameters: dict[str, Any]) -> str:
    """The nearest rows by the index, and those that must not be missed: the exact name and matching keywords."""
    nearest = _part(measured.order_by("distance")[:shortlist], parameters)
    by_name = _part(measured.filter(named=True), parameters)
    by_keyword = _part(measured.filter(_condition(_IS_TRIGGERED)), parameters)
    return _PROPOSED.format(nearest=nearest, by_name=by_name, by_keyword=by_keyword)


def _worded(candidates: SkillQuerySet, text: str, parameters: dict[str, Any]) -> str:
    """The rows that have most of the words, and those that must not be missed."""
    rows = candidates.annotate(lower_name=Lower("name")).annotate(named=_named(text)).values_list("id", "named")
    word_rank = RawSQL(f"ts_rank(search_words, {_ANY_WORD})", (), output_field=FloatField())  # noqa: S611
    having_words = rows.filter(_condition(f"search_words @@ {_ANY_WORD}")).annotate(word_rank=word_rank)
    by_words = _part(having_words.order_by("-word_rank")[: parameters["shortlist"]], parameters)
    by_name = _part(rows.filter(named=True), parameters)
    by_keyword = _part(rows.filter(_condition(_IS_TRIGGERED)), parameters)
    return _WORDED.format(by_words=by_words, by_name=by_name, by_keyword=by_keyword)
