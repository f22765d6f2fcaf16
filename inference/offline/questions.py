"""What to ask when a request says too little, with options that fit the little it says."""

from __future__ import annotations

from collections.abc import Collection

from inference.offline.phrases import content_words
from inference.offline.reading import Reading
from inference.writer import Question

# Below this many words with a meaning of their own a request is vague.
ENOUGH = 3
_AUDIENCES = ("Beginners", "People who do it every day", "A team with mixed experience", "Customers or the public")
_INPUTS = ("Text or notes", "Spreadsheets or CSV files", "PDF or Word documents", "Source code", "Messages or emails")
_OUTPUTS = ("A written document", "A checklist", "A table", "Code or a script", "A short answer")
_GOALS = ("Write a document", "Review work and list findings", "Analyse data and report", "Automate a recurring task")


def is_vague(reading: Reading) -> bool:
    return reading.weight < ENOUGH and not (reading.technologies and reading.weight == ENOUGH - 1)


def ambiguities(reading: Reading) -> tuple[str, ...]:
    if not is_vague(reading):
        return ()
    named = content_words(reading.core)
    about = f"It names only: {', '.join(named[:3])}." if named else "It names nothing that the work is about."
    return (f"The request leaves open what exactly the skill should do. {about}",)


def questions(reading: Reading, answered: Collection[str]) -> tuple[Question, ...]:
    """The open questions of a vague request; `answered` are the topics people have spoken about already."""
    every = (_goal(reading), *_details(reading)) if is_vague(reading) else ()
    return tuple(one for one in every if one.topic not in answered)


def _goal(reading: Reading) -> Question:
    things = " ".join(content_words(reading.core)[:3])
    options = (
        (
            f"Write {things}",
            f"Review {things} and list findings",
            f"Summarise {things}",
            f"Analyse {things} and find trends",
        )
        if things
        else _GOALS
    )
    return Question(
        "goal",
        f"What should the skill do with {things}?" if things else "What should the skill do, and with what?",
        "single_choice",
        options,
        rationale="One sentence with a verb and an object decides everything else.",
    )


def _details(reading: Reading) -> tuple[Question, ...]:
    return (
        Question("audience", "Who will use the result?", "single_choice", _AUDIENCES, rationale="Sets tone and depth."),
        Question(
            "inputs", "What is there to start from?", "multiple_choice", _INPUTS, rationale="Decides the first steps."
        ),
        Question(
            "output", "What should come out?", "single_choice", _OUTPUTS, rationale="Decides the form of the result."
        ),
        *(
            ()
            if reading.technologies
            else (
                Question(
                    "tools",
                    "Which tools, languages or systems are involved, and what must never happen?",
                    "text",
                    rationale="Gives the examples and the limits.",
                ),
            )
        ),
    )
