"""What a job asks, put to the person at the terminal, or answered with yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import typer
from rich.panel import Panel
from rich.text import Text

from guildhall.cli.output import document, err, line, plain, tell
from guildhall.fleet.models import Prompt, PromptData, PromptType, Question, QuestionType

Answer: TypeAlias = str | Mapping[str, Any]
_AS_YOU_LIKE = "As you think best"
_WORDS = {"p": "proceed", "r": "revise", "c": "cancel"}
_YES_OR_NO = ("yes", "no")


def ask(words: str, *, may_be_empty: bool = False) -> str:
    """What the person types, at standard error's terminal: standard output belongs to the result, so Typer's prompt,
    which writes there, will not do. Raises typer.Abort where they turn away (Ctrl-C, Ctrl-D)."""
    while True:
        try:
            typed = err.input(Text(f"{words}: ")).strip()
        except (KeyboardInterrupt, EOFError):
            tell("")
            raise typer.Abort from None
        if typed or may_be_empty:
            return typed


def agrees(words: str) -> bool:
    """Yes, unless they say no."""
    return not ask(f"{words} [Y/n]", may_be_empty=True).lower().startswith("n")


def say_yes(prompt: Prompt) -> Answer:
    """The first option of every question, the name that is suggested, and yes to every checkpoint."""
    if prompt.prompt_type == PromptType.STRUCTURE_FIX:
        return {"accept_suggestions": True}
    if prompt.prompt_type == PromptType.CLARIFYING_QUESTIONS:
        return {one.id: (_options(one) or [_AS_YOU_LIKE])[0] for one in _questions(prompt)}
    return "proceed"


def ask_person(prompt: Prompt) -> Answer:
    """Raises typer.Abort where they turn away (Ctrl-C, Ctrl-D)."""
    if prompt.prompt_type == PromptType.CLARIFYING_QUESTIONS:
        return _ask_questions(prompt)
    show_prompt(prompt)
    if prompt.prompt_type == PromptType.STRUCTURE_FIX:
        return _ask_for_names()
    return _ask_for_decision()


def show_prompt(prompt: Prompt) -> None:
    """What is asked, for a person to read."""
    data = prompt.data or PromptData()
    match prompt.prompt_type:
        case PromptType.CLARIFYING_QUESTIONS:
            for question in _questions(prompt):
                _show_question(question)
        case PromptType.STRUCTURE_FIX:
            tell("The name or the description cannot be had as it is:", "bold")
            _show_list(data.structure_issues or [])
            for fix in data.suggested_fixes or []:
                tell(f"  {fix.field}: {fix.suggested}")
        case PromptType.PREVIEW:
            _show_text("Preview", data.content or "")
        case PromptType.REVIEW:
            _show_text("Review", data.report or "")
            _show_list([f"{one.severity}: {one.message}" for one in data.content_checks or []])
        case _:
            _show_text("Plan", data.summary or "")
            _show_list(data.key_assumptions or [])


def _show_text(title: str, text: str) -> None:
    body = document(text) if title == "Preview" else Text(plain(text))
    err.print(Panel(body, title=title, title_align="left"))


def _show_list(entries: Sequence[str]) -> None:
    for entry in entries:
        tell(f"  - {line(entry)}")


def _show_question(question: Question) -> None:
    tell(line(question.text), "bold")
    for number, option in enumerate(_options(question), start=1):
        tell(f"  {number}. {line(option)}")


def _questions(prompt: Prompt) -> list[Question]:
    return (prompt.data.questions or []) if prompt.data else []


def _options(question: Question) -> list[str]:
    return list(_YES_OR_NO) if question.type_ == QuestionType.BOOLEAN else question.options


def _ask_questions(prompt: Prompt) -> dict[str, Any]:
    others = {one.id for one in prompt.questions or [] if one.allows_other}
    if prompt.data and prompt.data.rationale:
        tell(line(prompt.data.rationale), "dim")
    answers: dict[str, Any] = {}
    for question in _questions(prompt):
        _show_question(question)
        is_free = question.id in others or not _options(question)
        answers[question.id] = _ask_until_fit(question, is_free)
    return answers


def _ask_until_fit(question: Question, is_free: bool) -> Any:
    options = _options(question)
    several = question.type_ == QuestionType.MULTIPLE_CHOICE
    words = "Your answer"
    if options:
        words = "Numbers, with commas" if several else f"A number from 1 to {len(options)}"
        words += ", or words of your own" if is_free else ""
    while True:
        typed = ask(words)
        chosen = chosen_of(typed, options, several=several, is_free=is_free)
        if chosen is not None:
            return chosen
        tell("That is none of them.", "yellow")


def chosen_of(typed: str, options: Sequence[str], *, several: bool, is_free: bool) -> str | list[str] | None:
    """The options that were typed, by number or word; what was typed where that is allowed; else None."""
    by_word = {option.casefold(): option for option in options}
    by_word |= {str(number): option for number, option in enumerate(options, start=1)}
    parts = [part.strip() for part in typed.split(",")] if several else [typed]
    found = [by_word.get(part.casefold()) for part in parts]
    chosen = [one for one in found if one is not None]
    if options and len(chosen) == len(parts):
        return chosen if several else chosen[0]
    is_number_of_none = bool(options) and typed.isdigit()
    return typed if is_free and typed and not is_number_of_none else None


def _ask_for_names() -> dict[str, Any]:
    if agrees("Take what is suggested?"):
        return {"accept_suggestions": True}
    return {
        "skill_name": ask("Name (small letters, digits and hyphens)"),
        "description": ask("Description (what it does, and when to use it)"),
    }


def _ask_for_decision() -> str:
    while True:
        typed = (ask("[p]roceed, [r]evise or [c]ancel [p]", may_be_empty=True) or "p").lower()
        word = next((word for letter, word in _WORDS.items() if typed in (letter, word)), "")
        if word == "revise":
            return f"revise: {ask('What should be otherwise')}"
        if word:
            return word
        tell("That is none of them.", "yellow")
