"""The figures of a skill agree with the documented vectors."""

from __future__ import annotations

import pytest

from skills.quality import assess, recommendations, size_assessment, trigger_coverage, verbosity_score, word_count

EXAMPLE = """---
name: async-python
description: Writes asyncio code. Use when tasks wait for the network.
---

# Async Python

## When to Use
- Many requests wait at once.

## Instructions
1. Make it a coroutine.

## Examples
Use `await`, `gather` and `run`.
```python
await task
```
```python
gather(a, b)
```

## Notes
Short.
```sh
python -m app
```
"""


@pytest.mark.parametrize(
    ("content", "score"),
    [
        ("Use asyncio. Await tasks.", 0.0),
        ("word " * 40 + ".", 0.6),
        ("In order to win. Go.", 0.4),
        ("w " * 20 + ". " + "w " * 30 + ".", 0.45),
        ("In order to win in the event that it should be noted that " + "w " * 18 + ".", 1.0),
        ("", 0.0),
        ("...", 0.0),
    ],
)
def test_verbosity(content: str, score: float) -> None:
    assert verbosity_score(content) == score


def test_words_are_what_whitespace_separates() -> None:
    assert word_count("Use asyncio. Await tasks.") == 4
    assert word_count("In order to win. Go.") == 5


@pytest.mark.parametrize(
    ("words", "size"),
    [(0, "optimal"), (2999, "optimal"), (3000, "acceptable"), (4999, "acceptable"), (5000, "too_large")],
)
def test_size(words: int, size: str) -> None:
    assert size_assessment(words) == size


def test_a_complete_skill_scores_by_its_parts() -> None:
    assessment = assess(EXAMPLE)
    words = len(EXAMPLE.split())
    assert assessment.completeness == 1.0
    assert assessment.structure == 1.0
    assert assessment.clarity == 1.0
    assert assessment.examples == 1.0
    assert assessment.conciseness == round(words / 500 * 0.5, 2)
    assert assessment.overall_score == round(0.85 + 0.15 * words / 1000, 2)


def test_each_part_missing_lowers_its_score() -> None:
    assert assess(EXAMPLE.replace("## When to Use", "## Scope")).completeness == pytest.approx(0.83)
    assert assess(EXAMPLE.replace("## ", "")).structure == 0.5
    assert assess(EXAMPLE.replace("```", "")).examples == 0.3
    assert assess(EXAMPLE.replace("Short.", "It was reviewed and it is checked.")).clarity < 1
    assert assess("word " * 2500).conciseness == 1.0
    assert assess("word " * 5000).conciseness == 0.7
    assert assess("word " * 50_000).conciseness == 0.4


def test_an_empty_text_has_no_merit_and_fails_nothing() -> None:
    assessment = assess("")
    assert (assessment.overall_score, assessment.word_count, assessment.size_assessment) == (0.0, 0, "optimal")
    assert len(assessment.weaknesses) == 5


def test_recommendations_name_what_to_change() -> None:
    assert recommendations("Go.") == []
    assert len(recommendations("it is " + "word " * 5000)) == 3


def test_trigger_coverage_is_the_share_of_phrases_met() -> None:
    assert trigger_coverage(["Fill PDF", "sign"], ["please fill pdf forms", "other"]) == 0.5
    assert trigger_coverage([], ["x"]) == 0.0
