"""The text of each section, made from the matter and what its trade and kind of work know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from inference.offline import lexicon
from inference.offline.examples import examples, quick_start
from inference.offline.matter import Matter
from inference.offline.text import bullets, capital, inline, join_words, sentence, sentences, shorten, small
from inference.offline.wording import triggers
from inference.writer import Related


def _when_to_use(matter: Matter) -> str:
    situations = [f"The user wants to {shorten(matter.task, 220)}"]
    if matter.topics[1:]:
        situations.append(f"The request names {join_words(matter.topics[1:5], last='or')}")
    spoken = join_words([f'"{one}"' for one in triggers(matter)[:2]], last="or")
    situations.append(f"The user says {spoken} or the like")
    if matter.audience:
        situations.append(f"The result is for {matter.audience}")
    against = [f"The request goes beyond {one}" for one in matter.wishes.scope]
    against += [f"The request names the {matter.object} only in passing", "Another skill fits the request more exactly"]
    return f"{bullets(situations)}\n\nDo not use it when:\n\n{bullets(against)}"


def _rules(matter: Matter) -> str:
    wishes = matter.wishes
    said = [*matter.rules, *wishes.guidance]
    said += [f"Stay within this scope: {one}" for one in wishes.scope]
    said += [f"Give most room to this: {one}" for one in wishes.focus]
    said += [
        f"Cover {one}: say what it means for the {matter.object}, and what to do about it" for one in wishes.mentions
    ]
    if matter.level == "beginner":
        said += [
            "Explain each technical word at its first use",
            "Show one step at a time, each with its visible effect",
        ]
    orders = [sentence(one) for one in dict.fromkeys(said)]
    return f"These hold in every step:\n\n{bullets(orders)}" if orders else ""


def _steps(matter: Matter) -> str:
    """The kind of work's own steps, with those the request and the feedback name put in before the last two."""
    usual = [(head, matter.fill(text)) for head, text in matter.method.steps]
    named = [*_named_steps(matter), *_wished_steps(matter)]
    steps = [("Collect what is needed", _inputs(matter)), *usual[:-2], *named, *usual[-2:]]
    if matter.wishes.shorter:
        steps = [(head, next(iter(sentences(text)), "")) for head, text in steps]
    return "\n".join(f"{number}. **{head}.** {text}" for number, (head, text) in enumerate(steps, 1))


def _named_steps(matter: Matter) -> Iterable[tuple[str, str]]:
    main = matter.reading.action.text if matter.reading.action else ""
    others = [
        one for one in matter.reading.actions if not main.startswith(one.text) and not one.text.startswith(main or "\0")
    ]
    for one in others[:4]:
        yield capital(shorten(one.text, 90)).rstrip("."), lexicon.method_of(one.verb).part


def _wished_steps(matter: Matter) -> Iterable[tuple[str, str]]:
    for one in matter.wishes.steps:
        yield f"Extra step: {shorten(one, 90).rstrip('.')}", "Do it each time, and say in the result what came of it."


def _inputs(matter: Matter) -> str:
    wanted = matter.inputs[:3] or (small(matter.trade.inputs[0]),)
    reader = f" Keep in mind that it is for {matter.audience}." if matter.audience else ""
    return f"Ask for {join_words(wanted)}. Ask for this too: {small(matter.trade.inputs[1])}.{reader}"


def _output_format(matter: Matter) -> str:
    parts = [topic for topic in matter.topics if topic.lower() != matter.object.lower()][:4]
    body = (
        f"one part for each of {join_words(parts)}" if len(parts) > 1 else f"the {matter.output}, most important first"
    )
    lines = [
        f"Give the result as **{matter.output}**, in this order:\n",
        f"1. **Result**: one sentence about the {matter.object} that can stand alone.",
        f"2. **Body**: {body}.",
        "3. **Assumptions**: what was not said and how it was filled.",
        "4. **Open points**: what somebody has to decide, each with a name.",
    ]
    return "\n".join(lines)


def _style(matter: Matter) -> str:
    reader = f"Write for {matter.audience}." if matter.audience else "Write for a reader who has one minute."
    return bullets([*(f"{rule}." for rule in matter.trade.rules), reader, "Keep sentences under twenty words."])


def _boxes(items: Iterable[str]) -> str:
    return "\n".join(f"- [ ] {item.rstrip('.')}" for item in dict.fromkeys(items))


def _success(matter: Matter) -> str:
    wishes = matter.wishes
    topics = [topic for topic in matter.topics if topic.lower() != matter.object.lower()]
    covered = list(dict.fromkeys([*topics[:4], *wishes.mentions]))
    rules = [shorten(one.removeprefix("Apply throughout: "), 120) for one in (*matter.rules[:4], *wishes.guidance)]
    return _boxes(
        [
            *matter.method.criteria,
            "Names, numbers and dates were checked against the source",
            *(capital(one) for one in rules),
            *([f"These are covered, or named as left out: {join_words(covered)}"] if covered else []),
        ]
    )


def _input_output(matter: Matter) -> str:
    taken = bullets([capital(one) for one in dict.fromkeys([*matter.inputs, *matter.trade.inputs])][:5])
    given = bullets([capital(matter.output), "A list of what was done, left out and assumed"])
    return f"**Input**\n\n{taken}\n\n**Output**\n\n{given}"


def _input_requirements(matter: Matter) -> str:
    wanted = [capital(one) for one in dict.fromkeys([*matter.inputs, *matter.trade.inputs])][:6]
    return f"Ask for what is missing of these before starting:\n\n{bullets(wanted)}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _gates(matter: Matter) -> str:
    first = ("Before the start", f"All inputs for the {matter.object} are there", "Ask once, then state an assumption")
    last = [("Before handing over", criterion, "Go back one step") for criterion in matter.method.criteria]
    return _table(("Gate", "Go on when", "Otherwise"), [first, *last])


def _troubleshooting(matter: Matter) -> str:
    gap = ("Part of the material is missing", "Name what is missing, go on with the rest, mark the gap")
    return _table(("What goes wrong", "What to do"), [*matter.trade.pitfalls, gap])


def _error_handling(matter: Matter) -> str:
    known = [f"**{problem}**: {small(answer)}." for problem, answer in matter.trade.pitfalls]
    return bullets([*known, *_points("Error Handling", matter)[:3]])


def _interpretation(matter: Matter) -> str:
    own = f"Tell apart what the {matter.object} say and what you conclude."
    return bullets(
        ["Say how sure each statement is: certain, likely or open.", own, *(f"{one}." for one in matter.trade.rules)]
    )


def _mcp_tools(matter: Matter) -> str:
    tools = [f"For {one.name}: use the tool of its server, else its command line." for one in matter.technologies[:3]]
    return bullets(
        [
            f"List the tools of the server first. Note which read the {matter.object} and which change anything.",
            "Prefer a tool that reads. Ask before each call that writes, sends or deletes.",
            *tools,
        ]
    )


def _prerequisites(matter: Matter) -> str:
    return bullets([*(f"{one}." for one in matter.trade.inputs), "Access with the least rights that do the job."])


def _points(title: str, matter: Matter) -> list[str]:
    return [matter.fill(one) for one in lexicon.focus_sections()[title][1]]


def asked_for(title: str, matter: Matter) -> str:
    """A section that people asked for: a known one, or one about their own topic."""
    if title == "Glossary":
        return bullets(
            [f"**{topic}**: agree on its meaning with the user before the first step." for topic in matter.topics[:6]]
        )
    if title in lexicon.focus_sections():
        return bullets(_points(title, matter))
    topic = title.lower() if title.istitle() else title
    points = [
        f"**Before the start**: ask what {topic} means here, which rules apply and who decides.",
        f"**During the work**: check each step for {topic}, and note what you decided.",
        f"**At the end**: say in one line what was done about {topic}, and what is left.",
    ]
    return f"How the {matter.object} and {topic} go together:\n\n{bullets(points)}"


def related_skills(related: Sequence[Related]) -> str:
    lines = []
    for one in related[:5]:
        first = re.split(r"(?<=[.!?])\s", inline(one.description))[0]
        lines.append(f"`{inline(one.slug)}`: {shorten(first, 140)}" if first else f"`{inline(one.slug)}`")
    return f"Use one of these instead, or after this one, where it fits better:\n\n{bullets(lines)}" if lines else ""


PARTS: dict[str, Callable[[Matter], str]] = {
    "When to Use": _when_to_use,
    "Quick Start": quick_start,
    "Rules": _rules,
    "Instructions": _steps,
    "Workflow Steps": _steps,
    "Tool Sequences": _steps,
    "Analysis Method": _steps,
    "Output Format": _output_format,
    "Style Guidelines": _style,
    "Quality Checklist": _success,
    "Input/Output": _input_output,
    "Input Requirements": _input_requirements,
    "Validation Gates": _gates,
    "Error Handling": _error_handling,
    "Error Recovery": _error_handling,
    "Interpretation Guidelines": _interpretation,
    "MCP Tools Used": _mcp_tools,
    "Prerequisites": _prerequisites,
    "Examples": examples,
    "Troubleshooting": _troubleshooting,
    "Success Checklist": _success,
}
