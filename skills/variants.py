"""Variants of a skill that may be found more often or cost less: how they are proposed, and when one is an improvement.

Proposals are made by rules from what the skill says itself and from queries that fail. None counts before it was
measured: docs/adr/0007-optimization-that-measures.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from skills import economy, fixing
from skills.document import compose, first_paragraph, outline, parse, split_lines
from skills.models import Skill
from skills.optimization import earlier_description, with_description
from skills.phrases import phrases
from skills.triggers import (
    FIRST,
    Address,
    Measured,
    Query,
    Result,
    TriggerReport,
    ask,
    place_of,
    queries_for,
    registry,
    report,
)
from skills.validation import validate_text
from skills.validation.specification import MAX_DESCRIPTION_LENGTH
from skills.words import content_words

MAX_KEYWORDS = 12
# A description is in the prompt of every agent that sees the skill: it may grow, but not without end.
MAX_GROWN = 400
_MAX_VARIANTS = 10
_KEYWORD_WORDS = 6
_NEW_PHRASES = 4
# Coming up for neighbours of one subject is a border; of two that are unlike each other it is a catch-all.
TOO_MANY_SUBJECTS = 2
# Two skills of one subject, by the cosine of their vectors.
_SAME_SUBJECT = 0.3
_NEIGHBOURS = 12
_QUERIES_A_NEIGHBOUR = 6
# With fewer queries, holding some back would leave nothing to learn from.
_ENOUGH_TO_HOLD_BACK = 10
_USUAL_HEADINGS = frozenset(
    """when to use|quick start|instructions|examples|example|overview|introduction|usage|checklist|common pitfalls
    |related skills|troubleshooting|notes|summary|steps|workflow|references|resources|rules|output format
    |success checklist|quality checklist|prerequisites|error handling|best practices""".replace("\n    ", "").split("|")
)


@dataclass(frozen=True, slots=True)
class Variant:
    """What a skill could say instead. `content` is the whole SKILL.md with it, `origin` where the idea came from."""

    origin: str
    description: str
    keywords: tuple[str, ...]
    content: str

    @property
    def size(self) -> int:
        return len(self.description) + sum(map(len, self.keywords))


@dataclass(frozen=True, slots=True)
class Harm:
    """A query of another skill where the variant gets in the way, and the owner's places before and after (None beyond
    the tenth). `is_displaced`: the owner lost the first place to it, or fell out of the first three; otherwise the
    variant only came among the first three where the skill was not."""

    query: str
    owner: str
    before: int | None
    after: int | None
    is_displaced: bool


def held_back(queries: Sequence[Query]) -> set[str]:
    """About a third of the queries, the same each time: proposals are made without looking at them, so that a rise on
    them is no echo. Empty with fewer than ten queries."""
    if len(queries) < _ENOUGH_TO_HOLD_BACK:
        return set()
    return {query.text for query in queries if sha256(query.text.lower().encode()).digest()[0] % 3 == 0}


# --- Found more often -------------------------------------------------------------------------------------------------


def propose(skill: Skill, failing: Sequence[Measured], thieves: Sequence[str] = ()) -> list[Variant]:
    """Other descriptions and keywords that fit the specification, at most ten, none as it is now.

    `failing` are queries that do not find it, `thieves` the texts of skills that took their place.
    """
    own = (skill.description or "").strip()
    keywords = tuple(skill.trigger_keywords or [])
    asked = [query.text for query in failing if len(query.text.split()) <= _KEYWORD_WORDS][:_NEW_PHRASES]
    headings = _headings(skill.content)
    apart = _words_apart(skill, thieves)
    clauses = _use_when([*asked, *[query.text for query in failing if query.text not in asked]][:3])
    rewritten = _from_content(skill.content)
    ideas: list[tuple[str, str, Iterable[str]]] = [
        ("keywords from failing queries", own, asked),
        ("clause from failing queries", f"{own} {clauses}", ()),
        ("clause and keywords from failing queries", f"{own} {clauses}", asked),
        ("keywords from headings", own, headings),
        ("headings in the description", f"{own} {_use_when(headings)}", ()),
        ("words that set it apart", own, apart),
        ("description from the content", rewritten, ()),
        ("description from the content, keywords from failing queries", rewritten, asked),
    ]
    if earlier := earlier_description(skill):
        ideas.insert(0, (f"description of version {earlier[0]}", earlier[1], ()))
    made = [_variant(skill, origin, text, (*keywords, *more)) for origin, text, more in ideas]
    return _distinct(skill, made)[:_MAX_VARIANTS]


def proposed_by(person: str, skill: Skill, description: str) -> Variant | None:
    """A description that a person wants measured; None where the specification does not allow it."""
    made = _variant(skill, f"proposed by {person}", description, skill.trigger_keywords or [])
    return next(iter(_distinct(skill, [made])), None)


def _variant(skill: Skill, origin: str, description: str, keywords: Iterable[str]) -> Variant:
    description = " ".join(description.replace("<", "").replace(">", "").split())
    unique = tuple({word.lower(): word for word in reversed([*keywords])}.values())[::-1]
    kept = unique[: max(MAX_KEYWORDS, len(skill.trigger_keywords or []))]
    return Variant(origin, description, kept, with_description(skill.content, description))


def _distinct(skill: Skill, variants: Iterable[Variant]) -> list[Variant]:
    now = (" ".join((skill.description or "").split()), tuple(skill.trigger_keywords or []))
    limit = min(MAX_DESCRIPTION_LENGTH, len(now[0]) + MAX_GROWN)
    kept: dict[tuple[str, tuple[str, ...]], Variant] = {}
    for one in variants:
        if len(one.description) <= limit and (one.description, one.keywords) != now and _is_allowed(one.description):
            kept.setdefault((one.description, one.keywords), one)
    return list(kept.values())


def _is_allowed(description: str) -> bool:
    findings = validate_text(compose({"name": "any", "description": description}, "")).findings
    rules = ("spec.description", "quality.description")
    return not any(finding.severity == "error" and finding.rule.startswith(rules) for finding in findings)


def _use_when(parts: Sequence[str]) -> str:
    if not parts:
        return ""
    listed = f"{', '.join(parts[:-1])} or {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"Use when asked about {listed}."


def _headings(content: str) -> list[str]:
    titles = (" ".join(heading.title.split()) for heading in outline(parse(content).body).headings[1:])
    own = [title for title in titles if title.lower() not in _USUAL_HEADINGS and 1 <= len(title.split()) <= 5]
    return [title.strip("`*_:.").lower() for title in own][:_NEW_PHRASES]


def _words_apart(skill: Skill, thieves: Sequence[str]) -> list[str]:
    """Words frequent in its content that the skills in its place do not use."""
    theirs = {word for text in thieves for word in content_words(text)}
    counted = Counter(content_words(parse(skill.content).body))
    return [word for word, times in counted.most_common(60) if times > 1 and word not in theirs][:_NEW_PHRASES]


def _from_content(content: str) -> str:
    """What the text itself says it does and is for: its first paragraph and its section When to Use."""
    body = parse(content).body
    lead = first_paragraph(body).rstrip(".")[:300]
    situations = [" ".join(line.split()).rstrip(".") for line in _under(body, "when to use")][:3]
    parts = [f"{lead}."] if lead else []
    if situations:
        parts.append(f"Use when {'; '.join(one[:1].lower() + one[1:] for one in situations)}.")
    return " ".join(parts)


def _under(body: str, title: str) -> Iterator[str]:
    """The list items of a section."""
    headings = outline(body).headings
    for index, heading in enumerate(headings):
        if heading.title.lower().startswith(title):
            last = headings[index + 1].line - 1 if index + 1 < len(headings) else None
            lines = (line.strip() for line in split_lines(body)[heading.line : last])
            yield from (line[2:] for line in lines if line[:2] in ("- ", "* ", "+ "))


# --- Costing less -----------------------------------------------------------------------------------------------------


def propose_shorter(skill: Skill) -> list[Variant]:
    """Contents that say the same in fewer tokens: without filler, without repetition, without both."""
    plain = fixing.fix(skill.content, ["verbosity"]).content
    ideas = {
        "without filler phrases": plain,
        "without repetitions": economy.condensed(skill.content),
        "without filler phrases and repetitions": economy.condensed(plain),
    }
    keywords = tuple(skill.trigger_keywords or [])
    unlike = {text: origin for origin, text in reversed(ideas.items()) if len(text) < len(skill.content)}
    return [Variant(origin, skill.description or "", keywords, text) for text, origin in reversed(unlike.items())]


# --- Measuring --------------------------------------------------------------------------------------------------------


def _cosine(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _is_first(place: int | None) -> bool:
    return place is not None and place <= FIRST


class Trial:
    """Measures variants of one skill on the same queries, and whom they would harm. What the registry as it is answers
    is asked for once."""

    def __init__(self, client_id: str, skill: Skill, queries: Sequence[Query]) -> None:
        self._client_id, self._skill, self._queries = client_id, skill, queries
        self._address: Address = (skill.client_id, skill.slug)
        self._answers: dict[str, tuple[Result, ...]] = {}
        self._vectors: dict[str, Sequence[float]] = {}

    def baseline(self) -> TriggerReport:
        with registry(self._client_id, self._skill) as visible:
            return report(visible, self._skill, self._queries)

    def measure(self, variant: Variant) -> TriggerReport:
        with self._with(variant) as visible:
            return report(visible, self._skill, self._queries)

    def harm(self, variant: Variant) -> list[Harm]:
        """The neighbours' own queries where the variant would get in the way; `is_harmful` judges them."""
        owners = self._neighbours(variant)
        before = self._ask_now(owners)
        with self._with(variant) as visible:
            after = ask(visible, owners)
        found = (self._taken(text, owner, before[text], after[text]) for text, owner in owners.items())
        return [harm for harm in found if harm]

    def is_harmful(self, harm: Sequence[Harm]) -> bool:
        """Whether a variant is no improvement, whatever it finds: it displaces a neighbour, or comes up for neighbours
        that have nothing to do with each other. The first is theft, the second a catch-all; near a border with others
        of its own subject every good description comes up as well."""
        subjects: list[Any] = []
        for owner in dict.fromkeys(one.owner for one in harm):
            vector = self._vectors[owner]
            if all(_cosine(vector, other) < _SAME_SUBJECT for other in subjects):
                subjects.append(vector)
        return any(one.is_displaced for one in harm) or len(subjects) >= TOO_MANY_SUBJECTS

    def _with(self, variant: Variant) -> Any:
        return registry(
            self._client_id,
            self._skill,
            description=variant.description,
            keywords=variant.keywords,
            content=variant.content,
        )

    def _taken(self, text: str, owner: Address, before: Sequence[Result], after: Sequence[Result]) -> Harm | None:
        had, has = place_of(owner, before), place_of(owner, after)
        own_before, own = place_of(self._address, before), place_of(self._address, after)
        is_displaced = (_is_first(had) and not _is_first(has)) or (had == 1 and own == 1)
        if is_displaced or (_is_first(own) and not _is_first(own_before)):
            return Harm(text, owner[1], had, has, is_displaced)
        return None

    def _neighbours(self, variant: Variant) -> dict[str, Address]:
        """The own queries of the skills near what the variant says and near what fails: {query: its skill}."""
        said = [*phrases(variant.description), *variant.keywords, *(query.text for query in self._queries)]
        near: Counter[Address] = Counter()
        for results in self._ask_now(said).values():
            near.update(result.address for result in results[:FIRST] if result.address != self._address)
        owners: dict[str, Address] = {}
        for address, _ in near.most_common(_NEIGHBOURS):
            neighbour = Skill.objects.filter(client_id=address[0], slug=address[1]).heads().first()
            if neighbour and neighbour.trigger_embedding is not None:
                self._vectors[neighbour.slug] = [float(value) for value in neighbour.trigger_embedding]
                theirs = queries_for(client_id=self._client_id, skill=neighbour, recorded=False)
                owners |= {query.text: address for query in theirs[:_QUERIES_A_NEIGHBOUR] if query.text not in owners}
        return owners

    def _ask_now(self, texts: Iterable[str]) -> dict[str, tuple[Result, ...]]:
        texts = list(dict.fromkeys(texts))
        unknown = [text for text in texts if text not in self._answers]
        if unknown:
            with registry(self._client_id, self._skill) as visible:
                self._answers |= ask(visible, unknown)
        return {text: self._answers[text] for text in texts}
