"""What measuring says about a skill: where it loses requests and tokens, and which of two skills does better."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.errors import Invalid
from core.text import estimate_tokens
from skills import economy
from skills.document import parse, with_front_matter
from skills.models import Skill
from skills.phrases import phrases
from skills.quality import FILLERS, recommendations
from skills.triggers import MAX_QUERIES, Measured, Query, TriggerReport, queries_for, registry, report
from skills.words import content_words

METRICS = ("trigger_rate", "token_usage")
GOOD_RATE = 0.9
GOOD_EFFICIENCY = 0.85
FEW_KEYWORDS = 5
# Fewer tokens than this say nothing: a sentence here or there.
TOKEN_NOISE = 0.05
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Regression:
    """An earlier description finds what the present one does not: both rates on the same queries, and the lost ones."""

    version: str
    before: float
    now: float
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was not asked for is None or empty. `interval` is Wilson's at 95%, `tokens` those of content and files."""

    trigger_rate: float | None
    interval: tuple[float, float] | None
    token_efficiency: float | None
    recommendations: tuple[str, ...]
    failing: tuple[Measured, ...]
    sections: tuple[economy.Section, ...]
    queries: int
    tokens: int
    regression: Regression | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`trigger_rate_improvement` is the difference of the rates, `token_reduction` the share of tokens saved (negative:
    more tokens). The two reports are of the same queries."""

    trigger_rate_improvement: float
    token_reduction: float
    overall_better: bool
    reason: str
    baseline: TriggerReport
    improved: TriggerReport
    baseline_tokens: int
    improved_tokens: int


def analyze(
    *, client_id: str, skill: Skill, metrics: Collection[str] = METRICS, queries: Sequence[str] = ()
) -> Analysis:
    """Measures a skill in the tenant's search and says what to do. No metrics: all. Raises Invalid, Unavailable."""
    unknown = sorted(set(metrics) - {*METRICS, "token_efficiency"})
    if unknown:
        message = f"metrics must be of {', '.join(METRICS)}; '{unknown[0][:80]}' is none"
        raise Invalid(message, code="invalid_metrics", fields={"metrics": [message]})
    wanted = set(metrics) or set(METRICS)
    advice: list[str] = []
    triggers, regression = None, None
    if "trigger_rate" in wanted:
        triggers, regression = _triggers(client_id, skill, queries)
        advice += _trigger_advice(skill, triggers, regression)
    parts = economy.sections(skill.content) if wanted - {"trigger_rate"} else ()
    advice += _token_advice(skill, parts) if parts else []
    return Analysis(
        trigger_rate=round(triggers.rate, 2) if triggers else None,
        interval=(round(triggers.interval[0], 3), round(triggers.interval[1], 3)) if triggers else None,
        token_efficiency=economy.token_efficiency(parts) if wanted - {"trigger_rate"} else None,
        recommendations=tuple(dict.fromkeys(advice)),
        failing=triggers.failing if triggers else (),
        sections=parts,
        queries=triggers.total if triggers else 0,
        tokens=tokens_of(skill),
        regression=regression,
    )


def compare(*, client_id: str, baseline: Skill, improved: Skill, queries: Sequence[str] = ()) -> Comparison:
    """Asks both skills the same queries, those of either, each in the registry without the other: side by side they
    would only take each other's places.

    The improved one is better overall when it is worse in neither figure and, beyond noise, better in one: its rate
    above what the baseline's interval allows, or 5% fewer tokens. Raises Invalid for a skill compared with itself, and
    Unavailable.
    """
    if baseline.pk == improved.pk:
        message = "A skill cannot be compared with itself"
        raise Invalid(message, code="same_skill", fields={"improved_skill_id": [message]})
    asked = _shared_queries(client_id, baseline, improved, queries)
    with registry(client_id, baseline, without=[improved.pk]) as without_improved:
        before = report(without_improved, baseline, asked)
    with registry(client_id, improved, without=[baseline.pk]) as without_baseline:
        after = report(without_baseline, improved, asked)
    tokens, tokens_after = tokens_of(baseline), tokens_of(improved)
    reduction = (tokens - tokens_after) / tokens if tokens else 0.0
    better, reason = _verdict(before, after, reduction)
    rise = round(after.rate - before.rate, 2)
    return Comparison(rise, round(reduction, 2), better, reason, before, after, tokens, tokens_after)


def tokens_of(skill: Skill) -> int:
    if skill.content_tokens is not None:
        return skill.content_tokens
    return estimate_tokens(skill.content, skill.supporting_files)


def _shared_queries(client_id: str, baseline: Skill, improved: Skill, queries: Sequence[str]) -> list[Query]:
    """Half from each, so that neither is judged by the other's words alone."""
    halves = [queries_for(client_id=client_id, skill=skill, queries=queries) for skill in (baseline, improved)]
    asked: dict[str, Query] = {query.text.lower(): query for query in halves[0] if query.source == "caller"}
    for pair in zip(*(_padded(half) for half in halves), strict=True):
        for query in pair:
            if query is not None:
                asked.setdefault(query.text.lower(), query)
    return list(asked.values())[:MAX_QUERIES]


def _padded(queries: list[Query]) -> list[Query | None]:
    return [*queries, *[None] * (MAX_QUERIES - len(queries))]


def _verdict(before: TriggerReport, after: TriggerReport, reduction: float) -> tuple[bool, str]:
    if after.found < before.found:
        return False, "It is found by fewer queries."
    if reduction < 0 and after.rate <= before.interval[1]:
        return False, "It costs more tokens, and is not found by more queries beyond noise."
    if reduction < 0:
        return False, "It is found by more queries, but costs more tokens."
    if after.rate > before.interval[1]:
        return True, "It is found by more queries, beyond noise, and costs no more tokens."
    if reduction >= TOKEN_NOISE:
        return True, "It costs fewer tokens and is found by no fewer queries."
    return False, "The differences are within noise."


# --- What to do -------------------------------------------------------------------------------------------------------


def _triggers(client_id: str, skill: Skill, queries: Sequence[str]) -> tuple[TriggerReport, Regression | None]:
    """The rate, and what the last other description in the skill's history would have found."""
    asked = queries_for(client_id=client_id, skill=skill, queries=queries)
    earlier = earlier_description(skill)
    if earlier is None:
        with registry(client_id, skill) as visible:
            return report(visible, skill, asked), None
    version, description = earlier
    known = {query.text.lower() for query in asked}
    of_earlier = [Query(text, "description") for text in phrases(description) if text.lower() not in known]
    with registry(client_id, skill) as visible:
        now = report(visible, skill, [*asked, *of_earlier])
    content = with_description(skill.content, description)
    with registry(client_id, skill, description=description, content=content) as visible:
        before = report(visible, skill, [*asked, *of_earlier])
    lost = tuple(old.text for old, new in zip(before.queries, now.queries, strict=True) if old.found and not new.found)
    is_regression = before.found > now.found
    regression = Regression(version, round(before.rate, 2), round(now.rate, 2), lost) if is_regression else None
    return now.among({query.text for query in asked}), regression


def earlier_description(skill: Skill) -> tuple[str, str] | None:
    """The newest version with another description than now, as (version, description)."""
    rows = skill.versions.filter(deleted_at=None).exclude(skill_description=skill.description)
    found = rows.exclude(skill_description=None).values_list("version", "skill_description").first()
    return (found[0], found[1]) if found and found[1] else None


def with_description(content: str, description: str) -> str:
    """The SKILL.md with another description, where its front matter gives one; otherwise unchanged."""
    return with_front_matter(content, description=description) if parse(content).has_front_matter else content


def _trigger_advice(skill: Skill, triggers: TriggerReport, regression: Regression | None) -> list[str]:
    advice = []
    if regression:
        advice.append(
            f"The description got worse since version {regression.version}: with that one {regression.before:.0%}"
            f" of the queries find the skill, now {regression.now:.0%}. Lost: {_quoted(regression.lost)}"
        )
    if not triggers.total:
        return [*advice, "Add trigger keywords and a description with 'Use when ...': nothing says what should find it"]
    for thief, lost in _thieves(triggers.failing)[:_NAMED]:
        advice.append(
            f"'{thief}' takes its place for {_quoted(lost)}: say in the description what only this skill does"
        )
    nowhere = [query.text for query in triggers.failing if query.thief is None]
    if nowhere:
        advice.append(f"Nothing is found for {_quoted(nowhere)}: use these words in the description")
    missing = missing_words(skill, triggers.failing)
    if missing:
        advice.append(f"Add more trigger phrases with the words that people use: {', '.join(missing[:6])}")
    if len(skill.trigger_keywords or []) < FEW_KEYWORDS and triggers.rate < GOOD_RATE:
        advice.append(f"Add trigger keywords: it has {len(skill.trigger_keywords or [])}, five to ten are usual")
    if not re.search(r"\buse\b.{0,60}?\bwhen\b", skill.description or "", re.I | re.S):
        advice.append("Say in the description when to use the skill: 'Use when ...'")
    return advice


def _thieves(failing: Sequence[Measured]) -> list[tuple[str, list[str]]]:
    """The skills that were on top instead, the most frequent first, each with the queries it took."""
    counted = Counter(query.thief for query in failing if query.thief)
    return [(thief, [one.text for one in failing if one.thief == thief]) for thief, _ in counted.most_common()]


def missing_words(skill: Skill, failing: Sequence[Measured]) -> list[str]:
    """Words of the failing queries that name, keywords and description do not have, the most frequent first."""
    own = content_words(" ".join([skill.name, skill.description or "", *(skill.trigger_keywords or [])]))
    counted = Counter(word for query in failing for word in dict.fromkeys(content_words(query.text)))
    return [word for word, _ in counted.most_common() if word not in own]


def _token_advice(skill: Skill, parts: Sequence[economy.Section]) -> list[str]:
    advice = []
    wasteful = sorted((part for part in parts if part.efficiency < GOOD_EFFICIENCY), key=lambda part: part.efficiency)
    for part in [part for part in wasteful if part.tokens >= 20][:_NAMED]:
        reasons = {"repeat earlier text": part.repeated, "are filler": part.filler, "are in long sentences": part.wordy}
        told = ", ".join(f"{tokens} {reason}" for reason, tokens in reasons.items() if tokens)
        advice.append(f"Section '{part.title or 'before the first heading'}' has {part.tokens} tokens, of which {told}")
    used = [phrase for phrase in FILLERS if phrase in skill.content.lower()]
    if used:
        advice.append(f"Drop filler phrases: {_quoted(used)}")
    return [*advice, *recommendations(skill.content)]


def _quoted(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(f"'{text[:80]}'" for text in texts[:_NAMED]) + more
