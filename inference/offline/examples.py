"""What a skill shows: the shortest way to a result, a case of the trade, code, cases people asked for."""

from __future__ import annotations

from inference.offline.matter import Matter
from inference.offline.text import capital, fenced, join_words, sentence, shorten, small

_MAX_CODE = 2


def quick_start(matter: Matter) -> str:
    asked = shorten(matter.task if matter.is_english else matter.original, 200)
    wanted = join_words(matter.inputs[:2]) or small(matter.trade.inputs[0])
    lines = [
        f"User: {sentence(asked)}",
        f"1. Ask for: {wanted}",
        f"2. {matter.method.steps[0][0]}, and say it back in one line",
        f"3. {matter.method.steps[2][0]}",
        f"4. Hand over: {matter.output}, with assumptions and open points",
    ]
    shown = fenced("\n".join(lines))
    return f"The shortest way to a first result; the full instructions follow below.\n\n{shown}"


def examples(matter: Matter) -> str:
    return "\n\n".join([_typical_case(matter), *_code(matter), *_wished_cases(matter)])


def _typical_case(matter: Matter) -> str:
    """From the trade: it shows the form, the matter is the reader's own."""
    lead = "A small input of this field, and its result. The form is the example; the content comes from the request."
    sample, result = fenced(matter.trade.sample), fenced(matter.trade.result, "markdown")
    return f"### A typical case\n\n{lead}\n\nInput:\n\n{sample}\n\nResult:\n\n{result}"


def _code(matter: Matter) -> list[str]:
    shown = matter.technologies[: 1 if matter.wishes.shorter else _MAX_CODE]
    return [
        f"### First steps with {one.name}\n\nTo adapt to the task:\n\n{fenced(one.code, one.fence)}" for one in shown
    ]


def _wished_cases(matter: Matter) -> list[str]:
    """A case for each topic people asked for; two from the request where they named none."""
    spare = [topic for topic in matter.topics if topic.lower() != matter.object.lower()]
    abouts: list[str] = []
    for wish in matter.wishes.examples:
        abouts += [wish] if wish else [*spare[:1], "an unusual input"]
    return [_case(about, matter) for about in dict.fromkeys(abouts)]


def _case(about: str, matter: Matter) -> str:
    step = matter.method.steps[2]
    problem, answer = matter.trade.pitfalls[0]
    lines = [
        f"User: {capital(matter.verb)} the {matter.object}. This time it is about {about}.",
        f"Agent: First I ask what {about} changes: the input, the result, or who decides.",
        f"Agent: {step[0]}: {matter.fill(step[1])}",
        f"Agent: {problem}? {sentence(answer)}",
        f"Agent: Result: the {matter.output}, with one part about {about}: what I found, what I did, what is open.",
    ]
    shown = fenced("\n".join(lines))
    return f"### Example: {about}\n\n{shown}"
