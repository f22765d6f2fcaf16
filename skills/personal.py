"""What a user's adapted taxonomy means for skills: priorities first, hidden and too hard ones left out (ADR 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Case, F, Func, IntegerField, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import Regex

from skills.models import SkillQuerySet
from taxonomy.models import UserTaxonomy


class _Joined(Func):
    """The texts of several columns and arrays as one, between slashes."""

    function = "concat_ws"
    output_field = TextField()


class _Normalised(Func):
    """As taxonomy.tree.normalise_word does it."""

    template = r"regexp_replace(lower(%(expressions)s), '[\s_]+', '-', 'g')"
    output_field = TextField()


def _words_of(column: str) -> Func:
    return Func(F(column), Value("/"), function="array_to_string", output_field=TextField())


_LABELS = _Normalised(
    _Joined(Value("/"), F("category__path"), *map(_words_of, ("tags", "domains", "trigger_keywords")))
)


def apply_to(skills: SkillQuerySet, user: UserTaxonomy) -> SkillQuerySet:
    """The skills that fit the user: without hidden and too hard ones, ordered by `priority_rank`, then slug."""
    if user.hidden:
        skills = skills.exclude(named_by(user.hidden))
    order = [priority_rank(user)] if user.priorities else []
    return _within_reach(skills, user).order_by(*order, "slug")


def priority_rank(user: UserTaxonomy) -> Case:
    """The position of the first priority that names a skill; the number of priorities where none does."""
    ranks = [When(named_by([word]), then=Value(rank)) for rank, word in enumerate(user.priorities)]
    return Case(*ranks, default=Value(len(user.priorities)), output_field=IntegerField())


def named_by(words: Iterable[str]) -> Q:
    """A condition on skills: one of the normalised words (at least one) is a part of the category's path, a tag, a
    domain or a keyword, or whole words of the slug."""
    either = "|".join(map(re.escape, words))
    return Q(Regex(_LABELS, f"(^|/)({either})(/|$)")) | Q(slug__regex=f"(^|-)({either})(-|$)")


def _within_reach(skills: SkillQuerySet, user: UserTaxonomy) -> SkillQuerySet:
    """Without the skills whose `metadata.level`, or else every level among whose tags, is too hard for the user."""
    levels = UserTaxonomy.Level.values
    too_hard = user.too_hard
    if not too_hard:
        return skills
    reachable = [level for level in levels if level not in too_hard]
    by_tags = ~Q(stated__in=levels) & _tagged(too_hard) & ~_tagged(reachable)
    stated = Lower(Coalesce(KeyTextTransform("level", "metadata"), Value("")), output_field=TextField())
    return skills.alias(stated=stated).exclude(Q(stated__in=too_hard) | by_tags)


def _tagged(levels: Iterable[str]) -> Q:
    return Q(Regex(Lower(_words_of("tags")), f"(^|/)({'|'.join(levels)})(/|$)"))
