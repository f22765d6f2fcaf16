"""The assistant without a language model: rules for what is said plainly, the embedder for what is meant otherwise.

It guesses nothing that cannot be taken back: only plain words cancel a job or decide at a checkpoint, and the registry
changes on a yes to its question alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from conversations import actions, intents
from conversations.actions import Reply, Turn
from conversations.questions import is_plain_answer, open_question, question_of, said_of
from core.errors import DomainError
from jobs.states import Action

_POLITE = (
    r"^\W*(?:(?:please|can you|could you|would you|will you|i want (?:you )?to|i'd like (?:you )?to|let's|now|ok|okay|"
    r"and|then)[\s,]+)*"
)
# What a person wants stands at the beginning; patterns read no further.
_READ = 500
_FIND = re.compile(
    _POLITE + r"(?:find|search|look(?: up)?|is there|are there|do (?:we|you) have|show|list|which)\b"
    r"(?: me)?(?: for)?(?: an?y?| the| some| all)?(?: skills?)?(?: (?:for|that|to|about|which|can|helps?|with))*\b",
    re.I,
)
_EXPLAIN = re.compile(
    _POLITE + r"(?:explain|describe|tell me (?:more )?about|what (?:does|is)|how does|show me)\s+(?:me )?(?P<name>.+?)"
    r"(?:\s+(?:do|for|about|work))?\W*$",
    re.I | re.S,
)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_PLACE = re.compile(r"\b(?:to|into|in|at|under) (?P<path>[a-z0-9_-]+(?:/[a-z0-9_-]+)+|[a-z0-9_-]+$)")
_THAT_ONE = re.compile(
    r"\b(it|this|that|that one|the (first|second|third|last) (one|skill)?|this skill|that skill)\b", re.I
)
_ORDER = {"first": 0, "second": 1, "third": 2}


def reply_to(turn: Turn) -> Reply:
    """Does what the message asks for and says so."""
    try:
        return _confirmation(turn) or _by_rule(turn) or _by_meaning(turn)
    except DomainError as refusal:
        return actions.refused(turn, refusal)


def _confirmation(turn: Turn) -> Reply | None:
    """A yes or no to a question about a deed; anything else takes the question back."""
    if not actions.is_confirmation_asked(turn):
        return None
    if is_yes(turn.text):
        return actions.confirmed(turn)
    if said_of(turn.text) == Action.CANCEL or _NO.fullmatch(turn.text):
        return actions.denied(turn)
    turn.ask("")
    return None


def is_yes(text: str) -> bool:
    """Whether a person's words are a yes; what a model makes of them does not count."""
    return said_of(text) == Action.PROCEED or _YES.fullmatch(text) is not None


def _by_rule(turn: Turn) -> Reply | None:
    """What is said plainly. While a job waits for an answer nearly everything is the answer."""
    job = turn.job
    question = question_of(open_question(job)) if job else None
    is_checkpoint = question is not None and question.about is None
    for pattern, action, when in _RULES:
        if pattern.search(turn.text[:_READ]) and (
            question is None or when == "always" or (when == "aside" and is_checkpoint)
        ):
            return action(turn)
    if job and question:
        return actions.answer(turn, job, question)
    return _named(turn)


def _named(turn: Turn) -> Reply | None:
    """`what is release-notes?`, where that is a skill."""
    asked = _EXPLAIN.search(turn.text[:_READ])
    if asked and (
        _SLUG.search(asked["name"]) or _THAT_ONE.fullmatch(asked["name"].strip()) or "skill" in asked["name"]
    ):
        return _explain(turn)
    return None


def _by_meaning(turn: Turn) -> Reply:
    guess = intents.guess(turn.text)
    action = _ACTIONS[guess.intent] if guess else _find
    return action(turn)


def plainly(turn: Turn) -> Reply | None:
    """What needs no understanding: a yes or no to a question about a deed, a decision or an option in so many words,
    and the commands that always mean themselves. None for all else."""
    try:
        if reply := _confirmation(turn):
            return reply
        job = turn.job
        question = question_of(open_question(job)) if job else None
        for pattern, action, when in _RULES:
            if when == "always" and pattern.search(turn.text[:_READ]):
                return action(turn)
        if job and question and turn.asked == question.key and is_plain_answer(question, turn.text):
            return actions.answer(turn, job, question)
    except DomainError as refusal:
        return actions.refused(turn, refusal)
    return None


def understood(text: str) -> str:
    """The intent that the rules and, after them, the meaning find in a message that answers no question."""
    for pattern, action, _ in _RULES:
        if pattern.search(text[:_READ]):
            return _NAMES[action]
    asked = _EXPLAIN.search(text[:_READ])
    if asked and (_SLUG.search(asked["name"]) or "skill" in asked["name"]):
        return "explain"
    guess = intents.guess(text)
    return guess.intent if guess else "find"


# --- What each intent takes from the words ----------------------------------------------------------------------------


def _find(turn: Turn) -> Reply:
    return actions.find(turn, _FIND.sub("", turn.text).strip(" ?.!:\n") or turn.text)


def _create(turn: Turn) -> Reply:
    return actions.create(turn, turn.text)


def _explain(turn: Turn) -> Reply:
    asked = _EXPLAIN.search(turn.text[:_READ])
    name = asked["name"] if asked else turn.text[:_READ]
    if slug := _SLUG.search(name):
        return actions.explain(turn, slug[0])
    if turn.mentioned and (_THAT_ONE.search(name) or not asked):
        order = next((number for word, number in _ORDER.items() if word in name.lower()), 0)
        return actions.explain(turn, turn.mentioned[min(order, len(turn.mentioned) - 1)])
    return actions.explain(turn, re.sub(r"^(the|a|an)\s+|\s+skill$", "", name.strip(" ?.!'\"`"), flags=re.I))


def _promote(turn: Turn) -> Reply:
    place = _PLACE.search(turn.text[:_READ].lower().rstrip(" .!"))
    path = place["path"] if place and place["path"] not in ("the", "it", "registry", "catalogue") else ""
    return actions.promote(turn, path)


def _offer_creation(turn: Turn) -> Reply:
    return actions.offer_creation(turn, turn.text)


Act: TypeAlias = Callable[[Turn], Reply]
_YES = re.compile(r"\W*(yes|yep|yeah|y)\b(?!.*\b(but|not|no|don't)\b).*", re.I | re.S)
_NO = re.compile(r"\W*(no|nope|not|don't|do not)\b.*", re.I | re.S)
_CREATE = re.compile(
    _POLITE
    + r"(?:help me (?:to )?|i need (?:you )?to )?(?:create|write|build|make(?! (?:the|this|that|my)\b)|author|draft|"
    r"compose|produce|start(?: writing)?)\b.*\bskills?\b",
    re.I | re.S,
)
# The first that fits counts. While a job waits for an answer only those `always` meant do, and at checkpoints also
# those that are plainly about something else (`aside`).
_RULES: tuple[tuple[re.Pattern[str], Act, str], ...] = (
    (re.compile(_POLITE + r"(show )?(me )?(the )?(status|progress)\W*$|^\W*how far\b", re.I), actions.status, "always"),
    (re.compile(_POLITE + r"(cancel|abort|stop)( it| this| that| the job)?\W*$", re.I), actions.cancel, "always"),
    (re.compile(r"^\W*(help|what can you do)\W*$", re.I), actions.help, "always"),
    (
        re.compile(_POLITE + r"(find|search for|show me|list)( me)?( an?y?| some| all| the)? skills?\b", re.I),
        _find,
        "aside",
    ),
    (re.compile(_POLITE + r"(explain|describe) (the )?skill [a-z0-9-]+\W*$", re.I), _explain, "aside"),
    (_CREATE, _create, ""),
    (re.compile(_POLITE + r"(promote|publish|ship)\b", re.I), _promote, ""),
    (re.compile(_POLITE + r"(continue|go on)\b", re.I), actions.status, ""),
    (re.compile(r"^\W*(hello|hi|hey|thanks|thank you)\W*$", re.I), actions.help, ""),
    (re.compile(_POLITE + r"(find|search|look( up)?|is there|are there|do (we|you) have)\b", re.I), _find, ""),
)
# What is only guessed, and would start or end work, is asked first.
_ACTIONS: dict[str, Act] = {
    "create": _offer_creation,
    "find": _find,
    "explain": _explain,
    "status": actions.status,
    "promote": _promote,
    "cancel": actions.offer_cancelling,
    "help": actions.help,
}
_NAMES: dict[Act, str] = {action: intent for intent, action in _ACTIONS.items()} | {
    actions.cancel: "cancel",
    _create: "create",
}
