"""The trigger rate: how often a skill is among the first results for what should find it, and who takes its place.

docs/adr/0007-optimization-that-measures.md tells why it is measured this way.
"""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from django.db import transaction

from core.errors import Invalid
from core.text import clean_text, slugify
from inference import embedder
from skills.models import Skill, SkillQuerySet
from skills.phrases import phrases
from skills.search import embedding_text, search_among
from skills.searches import searches_about

Source: TypeAlias = Literal["caller", "keyword", "description", "recorded"]
# The first so many results are what an agent is shown and loads from.
FIRST = 3
MAX_QUERIES = 40
MAX_QUERY_LENGTH = 500
MAX_RECORDED = 15
# Deep enough to say how far down a skill was.
_DEPTH = 10
_Z_95 = 1.959964
# Integer versions people reach never come near; among these two stand-ins hardly ever meet.
_STAND_IN_VERSIONS = (2**30, 2**31 - 1)

Address: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """Something that should find the skill, and who says so."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Result:
    """One row of an answer of the search; `address` is (tenant, slug)."""

    address: Address
    similarity: float


@dataclass(frozen=True, slots=True)
class Measured:
    """How a query went. `place` counts from 1 and is None beyond the tenth; `thief` is the top result's slug where the
    skill is not among the first, None where nothing was found at all; similarities are 0..1."""

    text: str
    source: Source
    found: bool
    place: int | None
    similarity: float | None
    thief: str | None = None
    thief_similarity: float | None = None


@dataclass(frozen=True, slots=True)
class TriggerReport:
    """`interval` is Wilson's at 95%; without queries the rate is 0.0 and the interval says that nothing is known."""

    skill: str
    k: int
    queries: tuple[Measured, ...]

    @property
    def total(self) -> int:
        return len(self.queries)

    @property
    def found(self) -> int:
        return sum(query.found for query in self.queries)

    @property
    def rate(self) -> float:
        return self.found / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.found, self.total)

    @property
    def failing(self) -> tuple[Measured, ...]:
        return tuple(query for query in self.queries if not query.found)

    def among(self, texts: Collection[str]) -> TriggerReport:
        """The same for some of the queries."""
        return replace(self, queries=tuple(query for query in self.queries if query.text in texts))


def wilson(found: int, total: int) -> tuple[float, float]:
    """Wilson's score interval at 95% for a share of `found` in `total`; (0, 1) when nothing was counted."""
    if not total:
        return 0.0, 1.0
    share, z2 = found / total, _Z_95**2
    centre = share + z2 / (2 * total)
    spread = _Z_95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    low, high = ((centre + sign * spread) / (1 + z2 / total) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)


def measure(
    *,
    client_id: str,
    skill: Skill,
    queries: Sequence[str] = (),
    k: int = FIRST,
    description: str | None = None,
    keywords: Sequence[str] | None = None,
    content: str | None = None,
    without: Collection[uuid.UUID] = (),
) -> TriggerReport:
    """The trigger rate of a skill in the tenant's real search, or of a variant of it that is stored nowhere.

    The queries are those of the skill as stored (`queries_for`), also for a variant: its own words would only prove
    that it contains them. `without` leaves skills out of the registry. Raises Invalid, Unavailable.
    """
    asked = queries_for(client_id=client_id, skill=skill, queries=queries)
    with registry(client_id, skill, description=description, keywords=keywords, content=content, without=without) as on:
        return report(on, skill, asked, k=k)


def queries_for(*, client_id: str, skill: Skill, queries: Sequence[str] = (), recorded: bool = True) -> list[Query]:
    """What should find the skill, at most 40: the caller's queries, its trigger keywords, the phrases of its
    description, and the tenant's recorded searches about it (at most 15). Nothing twice, and not its bare name, which
    always finds it. Raises Invalid for the caller's, Unavailable."""
    given = [Query(text, "caller") for text in check_queries(queries)]
    given += [Query(text, "keyword") for text in skill.trigger_keywords or []]
    given += [Query(text, "description") for text in phrases(skill.description)]
    if recorded:
        about = searches_about(skill, client_id, limit=MAX_RECORDED)
        # The last places are theirs: what people really typed must not be crowded out.
        given = given[: MAX_QUERIES - min(len(about), MAX_RECORDED)] + [Query(text, "recorded") for text in about]
    return _distinct(given, skill)[:MAX_QUERIES]


def check_queries(queries: Sequence[str]) -> list[str]:
    """The queries, each on one line. Raises Invalid (field `queries`) where they are too many, too long or empty."""
    texts = [" ".join(str(clean_text(query, "queries")).split()) for query in queries]
    if len(texts) > MAX_QUERIES or any(not 0 < len(text) <= MAX_QUERY_LENGTH for text in texts):
        message = f"queries must be at most {MAX_QUERIES} texts of 1 to {MAX_QUERY_LENGTH} characters"
        raise Invalid(message, code="invalid_queries", fields={"queries": [message]})
    return texts


def _distinct(queries: Iterable[Query], skill: Skill) -> list[Query]:
    kept: dict[str, Query] = {}
    for query in queries:
        text = " ".join(query.text.split())
        if text and (query.source == "caller" or slugify(text) not in (skill.slug, slugify(skill.name))):
            kept.setdefault(text.lower(), replace(query, text=text))
    return list(kept.values())


@contextmanager
def registry(
    client_id: str,
    skill: Skill,
    *,
    description: str | None = None,
    keywords: Sequence[str] | None = None,
    content: str | None = None,
    without: Collection[uuid.UUID] = (),
) -> Iterator[SkillQuerySet]:
    """What the tenant's search looks through, with a variant in place of the skill where one is given.

    A variant is a row of its own in a transaction that is always rolled back: nobody else ever sees it, no other row is
    locked, and the statement that ranks it is the one of every search. A skill that search leaves out (deprecated, or
    waiting for its vector) is measured in the same way, as it would do. Raises Unavailable.
    """
    visible = Skill.objects.visible_to(client_id).active().exclude(pk__in=list(without))
    changes = {"description": description, "trigger_keywords": keywords, "content": content}
    changes = {name: value for name, value in changes.items() if value is not None}
    if not changes and _is_searchable(skill):
        yield visible
        return
    stand_in = _stand_in(skill, changes)
    with transaction.atomic():
        stand_in.save(force_insert=True)
        yield visible.exclude(pk=skill.pk)
        transaction.set_rollback(True)


def _is_searchable(skill: Skill) -> bool:
    is_embedded = skill.trigger_embedding is not None and skill.embedding_model == embedder.model_name()
    return is_embedded and skill.status == Skill.Status.ACTIVE


def _stand_in(skill: Skill, changes: dict[str, Any]) -> Skill:
    """A copy with the changes and the vector they give it, at the same address, so that it counts as the skill."""
    values = {field.attname: getattr(skill, field.attname) for field in Skill._meta.concrete_fields}
    values |= {name: list(value) if name == "trigger_keywords" else value for name, value in changes.items()}
    values |= {"id": uuid.uuid4(), "version": random.randint(*_STAND_IN_VERSIONS), "status": Skill.Status.ACTIVE}  # noqa: S311
    copy = Skill(**values)
    text = embedding_text(copy.name, copy.description, copy.content)
    if not _is_searchable(skill) or text != embedding_text(skill.name, skill.description, skill.content):
        (copy.trigger_embedding,) = embedder.embed_documents([text])
        copy.embedding_model = embedder.model_name()
    return copy


def ask(visible: SkillQuerySet, texts: Iterable[str]) -> dict[str, tuple[Result, ...]]:
    """The first ten results of the search for each text."""
    answers = {text: search_among(visible, query=text, limit=_DEPTH, needs_meaning=True) for text in texts}
    ids = {hit.skill_id for hits in answers.values() for hit in hits}
    rows = Skill.objects.filter(pk__in=ids).values_list("pk", "client_id", "slug")
    addresses = {pk: (client_id, slug) for pk, client_id, slug in rows}
    return {
        text: tuple(Result(addresses[hit.skill_id], hit.similarity) for hit in hits if hit.skill_id in addresses)
        for text, hits in answers.items()
    }


def report(visible: SkillQuerySet, skill: Skill, queries: Sequence[Query], *, k: int = FIRST) -> TriggerReport:
    """How the skill at this address does in a registry."""
    answers = ask(visible, [query.text for query in queries])
    address = (skill.client_id, skill.slug)
    return TriggerReport(skill.slug, k, tuple(_measured(query, answers[query.text], address, k) for query in queries))


def _measured(query: Query, results: Sequence[Result], address: Address, k: int) -> Measured:
    place = place_of(address, results)
    own = results[place - 1].similarity if place else None
    found = place is not None and place <= k
    if found or not results:
        return Measured(query.text, query.source, found, place, own)
    top = results[0]
    return Measured(query.text, query.source, found, place, own, top.address[1], top.similarity)


def place_of(address: Address, results: Sequence[Result]) -> int | None:
    return next((place for place, result in enumerate(results, 1) if result.address == address), None)
