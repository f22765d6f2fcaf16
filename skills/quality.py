"""How good a skill reads, in figures that anybody can compute again: size, verbosity and the content score."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from skills.document import Document, Outline, outline, parse

SizeAssessment: TypeAlias = Literal["optimal", "acceptable", "too_large"]
OPTIMAL_WORDS: Final = 3000
ACCEPTABLE_WORDS: Final = 5000
WEIGHTS: Final = {"completeness": 0.25, "structure": 0.20, "clarity": 0.20, "examples": 0.20, "conciseness": 0.15}
FILLERS: Final = (
    "in order to",
    "due to the fact that",
    "at this point in time",
    "in the event that",
    "for the purpose of",
    "it is important to note that",
    "it should be noted that",
)
_SENTENCE_END = re.compile(r"[.!?]+")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+\w+ed\b", re.IGNORECASE)
_EMPTY_SUBJECT = re.compile(r"\b(?:it is|there are)\b", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\S", re.MULTILINE)
_INLINE_CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")

_STRENGTHS: Final = {
    "completeness": "Says when to use it, gives instructions and examples",
    "structure": "Clear sections and lists",
    "clarity": "Short, active sentences",
    "examples": "Shown with code",
    "conciseness": "As long as it needs to be",
}
_WEAKNESSES: Final = {
    "completeness": "Add what is missing of: name and description, When to Use, instructions, examples",
    "structure": "Divide the text into at least three sections with lists",
    "clarity": "Write shorter sentences in the active voice",
    "examples": "Add code blocks that show the way to a result",
    "conciseness": "Bring the length to between 500 and 2,500 words",
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """All scores are 0..1, the five parts weighted by WEIGHTS into `overall_score`; `verbosity_score` is better low."""

    overall_score: float
    completeness: float
    structure: float
    clarity: float
    examples: float
    conciseness: float
    word_count: int
    size_assessment: SizeAssessment
    verbosity_score: float
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    recommendations: tuple[str, ...]


def assess(content: str) -> Assessment:
    """Judges a SKILL.md. What a reader alone can judge (is it true, does it help) is not in the figures."""
    document = parse(content)
    body_outline = outline(document.body)
    words = word_count(content)
    scores = {
        "completeness": _completeness(document, content),
        "structure": _structure(document.body, body_outline),
        "clarity": _clarity(document.body),
        "examples": _examples(document.body, body_outline),
        "conciseness": _conciseness(words),
    }
    verbosity = verbosity_score(content)
    return Assessment(
        overall_score=round(sum(WEIGHTS[part] * score for part, score in scores.items()), 2),
        **{part: round(score, 2) for part, score in scores.items()},
        word_count=words,
        size_assessment=size_assessment(words),
        verbosity_score=verbosity,
        strengths=tuple(_STRENGTHS[part] for part, score in scores.items() if score >= 0.8),
        weaknesses=tuple(_WEAKNESSES[part] for part, score in scores.items() if score < 0.6),
        recommendations=tuple(recommendations(content)),
    )


def word_count(content: str) -> int:
    return len(content.split())


def size_assessment(words: int) -> SizeAssessment:
    if words < OPTIMAL_WORDS:
        return "optimal"
    return "acceptable" if words < ACCEPTABLE_WORDS else "too_large"


def verbosity_score(content: str) -> float:
    """0..1 from sentence length (10 words: 0, 30: 1) and filler phrases a sentence, weighted 0.6 and 0.4."""
    sentences = _sentences(content)
    if not sentences:
        return 0.0
    length = _clamp((_words_per_sentence(sentences) - 10) / 20)
    lowered = content.lower()
    filler = min(sum(lowered.count(phrase) for phrase in FILLERS) / len(sentences) * 5, 1.0)
    return _clamp(round(0.6 * length + 0.4 * filler, 2))


def recommendations(content: str) -> list[str]:
    texts = []
    size, verbosity = size_assessment(word_count(content)), verbosity_score(content)
    if size == "too_large":
        texts.append(f"Split the skill: more than {ACCEPTABLE_WORDS} words cost every request that loads it")
    elif size == "acceptable":
        texts.append("Consider moving details to references/: the text is longer than agents read well")
    if verbosity > 0.7:
        texts.append("Shorten the sentences and drop filler phrases: the text is very wordy")
    elif verbosity > 0.5:
        texts.append("Tighten the wording: the text is somewhat wordy")
    if _EMPTY_SUBJECT.search(content):
        texts.append("Replace 'it is' and 'there are' by the thing that acts")
    return texts


def trigger_coverage(phrases: Sequence[str], positive_tests: Iterable[str]) -> float:
    """The share of trigger phrases that occur in at least one positive test, ignoring case; 0.0 without phrases."""
    tests = [test.lower() for test in positive_tests]
    covered = sum(any(phrase.lower() in test for test in tests) for phrase in phrases)
    return covered / len(phrases) if phrases else 0.0


def _sentences(text: str) -> list[str]:
    return [sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip())]


def _words_per_sentence(sentences: list[str]) -> float:
    return sum(len(sentence.split()) for sentence in sentences) / len(sentences)


def _clamp(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _completeness(document: Document, content: str) -> float:
    lowered = content.lower()
    told = sum(word in lowered for word in ("instructions", "examples", "when to use")) / 3
    fields = document.front_matter
    named = document.has_front_matter + 0.5 * bool(fields.get("name")) + 0.5 * bool(fields.get("description"))
    return (told + named / 2) / 2


def _structure(body: str, body_outline: Outline) -> float:
    headings = body_outline.headings
    score = 0.3 * (len(headings) >= 3) + 0.2 * (len(headings) >= 5)
    score += 0.2 * bool(headings and headings[0].level <= 2)
    return _clamp(score + 0.3 * bool(_LIST_ITEM.search(body)))


def _clarity(body: str) -> float:
    sentences = _sentences(body)
    if not sentences:
        return 0.0
    average = _words_per_sentence(sentences)
    length = next((score for limit, score in ((15, 1.0), (20, 0.8), (25, 0.6)) if average <= limit), 0.4)
    return (length + _clamp(1 - len(_PASSIVE.findall(body)) / len(sentences))) / 2


def _examples(body: str, body_outline: Outline) -> float:
    blocks = len(body_outline.code_block_lines)
    score = 0.3 * (blocks >= 1) + 0.2 * (blocks >= 2) + 0.2 * (blocks >= 3)
    score += 0.15 * (len(_INLINE_CODE.findall(body)) >= 3)
    return _clamp(score + 0.15 * ("example" in body.lower()))


def _conciseness(words: int) -> float:
    if words < 500:
        return words / 500 * 0.5
    if words <= 2500:
        return 1.0
    if words <= ACCEPTABLE_WORDS:
        return 1.0 - 0.3 * (words - 2500) / (ACCEPTABLE_WORDS - 2500)
    return max(0.4, 0.7 - 0.3 * (words - ACCEPTABLE_WORDS) / ACCEPTABLE_WORDS)
