"""A scripted model that can author: a sensible answer to each of our prompts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.inference.provider import Received, Reply, Say

NAME = "migration-reviewer"
DESCRIPTION = "Reviews PostgreSQL migrations. Use when the user wants to check a schema change before a release."

UNDERSTOOD: dict[str, Any] = {
    "task": "Review PostgreSQL migrations before a release",
    "name": NAME,
    "title": "Migration Reviewer",
    "description": DESCRIPTION,
    "requested_name": "",
    "requested_description": "",
    "language": "English",
    "domain": "technical",
    "skill_category": "analysis",
    "target_level": "intermediate",
    "topics": ["locks", "indexes", "rollout"],
    "tools": ["PostgreSQL"],
    "constraints": [],
    "ambiguities": [],
    "questions": [],
    "wished_category": "",
}
QUESTION: dict[str, Any] = {
    "topic": "version",
    "text": "Which version of PostgreSQL do you run?",
    "type": "single_choice",
    "options": ["15", "16", "17"],
    "allows_other": True,
    "rationale": "Locks differ.",
}
PURPOSE: dict[str, Any] = {
    "purpose": "Find migrations that block a release",
    "problem_statement": "Locks stop the service.",
    "target_audience": "backend developers",
    "value_proposition": "Safe releases",
    "skill_type": "checklist",
    "scope": "PostgreSQL schema migrations",
    "success_criteria": ["Every statement has a verdict"],
}
PLANNED: dict[str, Any] = {
    "title": "Migration Reviewer",
    "description": DESCRIPTION,
    "outline": ["When to Use", "Instructions", "Examples"],
    "success_criteria": ["Every statement has a verdict"],
    "trigger_keywords": ["review a migration", "check schema change", "postgres locks", "alter table", "safe rollout"],
    "tags": ["postgresql", "review"],
    "assumptions": ["The tables are large."],
    "estimated_length": "medium",
}
_EXAMPLE = (
    "```sql\nALTER TABLE orders ADD COLUMN note text;\n```\n\nThe change takes a short lock. Say so in `verdict`.\n\n"
)
_ADVICE = "- Read each statement. Name its lock. Write down how long it holds that lock. Propose a safe order.\n"
BODY = (
    "# Migration Reviewer\n\n## When to Use\n\nUse it before a release. Grüße an alle – 漢字 too.\n\n"
    "## Instructions\n\n"
    + _ADVICE * 30
    + "\n## Examples\n\nRun `psql`, then `explain`, then `verdict`.\n\n"
    + _EXAMPLE * 3
    + "## Output Format\n\n- One line for each statement.\n\n## Checks\n\n- Look again at `NOT NULL`.\n"
)
POOR_BODY = "# Migration Reviewer\n\nLook at it.\n"


def document(body: str = BODY, name: str = NAME, description: str = DESCRIPTION, more: str = "") -> str:
    return f'---\nname: {name}\ndescription: "{description}"\n{more}---\n\n{body}'


def topic_of(request: Received) -> str:
    """What the request is for: understand, intent, plan, write or revise; '' for anything else."""
    if request.schema:
        return request.schema
    text = request.text
    marks = {"Write the new SKILL.md.": "revise", "Write the SKILL.md.": "write"}
    return next((name for mark, name in marks.items() if mark in text), "")


def author(
    pieces: int = 40,
    drip: float = 0.0,
    said: Mapping[str, Any] | None = None,
    otherwise: Callable[[Received], Reply] = lambda request: Say("Hello."),
) -> Callable[[Received], Reply]:
    """For `Provider.answer`. `said` replaces answers by topic: data for forms, a document for `write` and `revise`."""
    answers: dict[str, Any] = {
        "understand": UNDERSTOOD,
        "intent": PURPOSE,
        "plan": PLANNED,
        "write": document(),
        "revise": document(),
        **(said or {}),
    }

    def reply(request: Received) -> Reply:
        topic = topic_of(request)
        if topic not in answers:
            return otherwise(request)
        answer = answers[topic]
        if isinstance(answer, str):
            return Say(answer, pieces=pieces, drip=drip)
        return Say(json.dumps(answer, ensure_ascii=False))

    return reply


def feedback_in(request: Received) -> str:
    """What a `revise` request wants otherwise."""
    found = re.search(r'<data name="what is wanted otherwise[^>]*>\n(.*?)\n</data>', request.text, re.S)
    return found[1] if found else ""
