"""What a user might need next: three rules over how they and their tenant use skills, each stated with the advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet

from analytics.models import UsageEvent, UsageEventQuerySet
from analytics.reports import common_combinations, most_used_slugs
from skills.addresses import ADDRESS, agent_skills, named_skills, resolve_skills
from skills.personal import apply_to, named_by, priority_rank
from taxonomy.models import UserTaxonomy
from taxonomy.tree import adaptation_of

MAX_RECOMMENDATIONS = 10
Priority = Literal["high", "medium", "low"]
_STRENGTH: dict[Priority, int] = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Recommendation:
    """`skill_id` is an address."""

    skill_id: str
    reason: str
    priority: Priority


def recommend(*, client_id: str, user_ref: str) -> list[Recommendation]:
    """At most ten skills outside the user's ten most used, each once, for the strongest of its reasons:

    - high: one of the most used depends on it;
    - medium: a combination common in the user's tasks has it beside one of the most used;
    - low, for users who stated priorities: it is named by one, others use it, and the user never did.

    Within each, skills named by the user's priorities come first; hidden and too hard ones, and what is not active,
    are left out.
    """
    user = adaptation_of(client_id, user_ref)
    events = UsageEvent.objects.visible_to(client_id).of_user(user_ref)
    frequent = [slug for slug, _ in most_used_slugs(events)]
    skills = {skill.slug: skill for skill in _named(client_id, frequent)}
    advice: dict[str, tuple[Priority, str]] = {}
    rules: list[tuple[Priority, Iterator[tuple[str, str]]]] = [
        ("high", _required(client_id, [skills[slug] for slug in frequent])),
        ("medium", _combined(events, skills)),
        ("low", _popular(client_id, user)),
    ]
    for priority, rule in rules:
        for slug, reason in rule:
            if slug not in skills:
                advice.setdefault(slug, (priority, reason))
    return _in_order(client_id, user, advice)[:MAX_RECOMMENDATIONS]


def _named(client_id: str, slugs: Sequence[str]) -> QuerySet[Any]:
    return named_skills(client_id).filter(slug__in=slugs).annotate(address=ADDRESS)


def _required(client_id: str, frequent: Sequence[Any]) -> Iterator[tuple[str, str]]:
    needs = [
        (skill, needed) for skill in frequent for needed in skill.dependencies if isinstance(needed, str) and needed
    ]
    found = resolve_skills(client_id, [needed for _, needed in needs])
    for skill, needed in needs:
        if needed in found:
            yield found[needed].slug, f"Required by frequently used skill: {skill.address}"


def _combined(events: UsageEventQuerySet, frequent: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for combination in common_combinations(events):
        known = sorted(frequent[slug].address for slug in combination.skills if slug in frequent)
        if known:
            yield from ((slug, f"Often used with {', '.join(known)}") for slug in combination.skills)


def _popular(client_id: str, user: UserTaxonomy) -> Iterator[tuple[str, str]]:
    if not user.priorities:
        return
    liked = agent_skills(client_id).filter(named_by(user.priorities)).order_by()
    others = UsageEvent.objects.visible_to(client_id).filter(skill__slug__in=liked.values("slug"))
    own = UsageEvent.objects.visible_to(client_id).of_user(user.user_ref)
    new = others.exclude(skill__slug__in=own.order_by().values("skill__slug"))
    for slug, uses in most_used_slugs(new, MAX_RECOMMENDATIONS):
        yield slug, f"Fits your priorities; times used by others: {uses}"


def _in_order(client_id: str, user: UserTaxonomy, advice: Mapping[str, tuple[Priority, str]]) -> list[Recommendation]:
    """The advice that fits the user, strongest first, then by the user's priorities, then as the rules found it."""
    fitting = apply_to(agent_skills(client_id).filter(slug__in=advice), user)
    rows = fitting.annotate(address=ADDRESS, rank=priority_rank(user)).values_list("slug", "address", "rank")
    found = {slug: (address, rank) for slug, address, rank in rows}
    ordered = sorted(
        (slug for slug in advice if slug in found), key=lambda slug: (_STRENGTH[advice[slug][0]], found[slug][1])
    )
    return [Recommendation(found[slug][0], advice[slug][1], advice[slug][0]) for slug in ordered]
