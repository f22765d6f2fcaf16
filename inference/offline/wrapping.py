"""Takes the wrapping off a request: `Please create a skill that helps our team to …` is about what follows."""

from __future__ import annotations

import re

from inference.offline.lexicon import EVERYDAY_NAMES, NO_TOPICS, STOP_WORDS, base_verb, technologies
from inference.offline.text import inline

_MAKE = "create|make|build|write|generate|design|develop|give|produce|draft|add|prepare|provide"
_PEOPLE = (
    "agents?|teams?|users?|assistants?|staff|colleagues|members|company|parents|students|people|employees|customers"
)
_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|dear|please|kindly|so|ok|okay|well|also|and|then|now|basically|thanks)\b[\s,!.:]*)+", re.I
)
_WANTS = re.compile(
    rf"""^(?:
        (?:i|we)\s*(?:'d|’d|would)?\s*(?:really\s)?(?:like|love|need|want|wish|(?:are|am)\slooking\sfor)
            (?:\s+(?:you\s+)?to\s+(?:have|create|build|make|write|get)|\s+to)?
      | (?:can|could|would|will)\syou(?:\splease)?(?:\s+(?:{_MAKE}))?
      | help\s(?:me|us)(?:\s+(?:to|with))?
      | let's | let\sus
      | (?:our|the|my)\steam\s(?:needs|wants)(?:\sto)?
      | it\swould\sbe\s(?:great|nice)\s(?:to\shave|if\s(?:there\swas|we\shad))
    )\b\s*""",
    re.I | re.X,
)
_HELP_THEM = re.compile(
    rf"^help(?:s|ing)?\s+(?:our|my|the|your|new|their|a|an)\s+(?:[\w-]+\s+){{0,2}}?(?:{_PEOPLE})\s+(?:to\s+)?", re.I
)
_SKILL = re.compile(
    rf"""^(?:(?:{_MAKE})\s+)?(?:me\s+|us\s+)?(?:(?:a|an|the|one|some|another|this|my|our)\s+)?
        (?P<before>(?:[\w.+#/'-]+\s+){{0,6}}?)skill\b[\s:,]*""",
    re.I | re.X,
)
_LINK = re.compile(
    r"^(?:(?:that|which|who|to|for|about|on|where|so|in order|covering|describing|concerning|with)\b\s*)+", re.I
)
_MODAL = re.compile(
    r"""^(?:(?:can|will|would|should|must|could|shall|has\sto|is\sable\sto|knows\show\sto|shows?\show\sto|tells?\show\sto
      | helps?|lets?|allows?|enables?|assists?
      | makes?\sit\s(?:easy|possible)\sto|explains\show\sto|supports?(?=\s(?:me|us))
      | teach(?:es)?(?=\s(?:me|us|an\sagent|agents|the\sagent|people)\s(?:how\s)?to)
      | guides?(?=\s(?:me|us|an|the|agents|people|you|users))
    )\b\s*)+""",
    re.I | re.X,
)
_SOMEONE = re.compile(
    rf"""^(?:me|us|you|people|users?|agents?|(?:an?|the|our|my|your|any|new)\s+(?:[\w-]+\s+){{0,2}}?(?:{_PEOPLE}))\b\s*
        (?:(?:to|with|in|by|through|how\sto)\b)?\s*""",
    re.I | re.X,
)
_DETOUR = re.compile(
    r"^(?:(?:something|(?:a|some|the)\s(?:way|tool|thing|method))\s+(?:to|that|which|for)\s+)?(?:do\s+)?",
    re.I,
)
_ROLE = re.compile(r"^as an? [\w' -]{2,40}?,?\s+(?=(?:i|we)\b)", re.I)
_GIVEN = re.compile(r"^,?\s*given\s+([^,]{2,60}),\s*(.+)$", re.I | re.S)
_GOAL_FIRST = re.compile(r"^us(?:e|ing)\s+(.+?)\s+to\s+(\w+\s.+)$", re.I | re.S)
_FOREIGN = re.compile(
    r"^.*?(?:\b(?:skills?|fähigkeit|compétence|habilidad|competenza|vaardigheid|навык\w*|скилл\w*)\b|スキル|技能)[\s,:]*",
    re.I | re.S,
)
_FOREIGN_LINK = re.compile(
    r"^(?:(?:der|die|das|dem|welcher|um|zum|zur|für|qui|que|pour|para|che|per|dat|om|voor|de|te|для|который|которая|чтобы)\b\s*)+",
    re.I,
)
_SUBJECT = re.compile(
    r"""^(?:and\s+|also\s+|but\s+)?
        (?:it|the\sskill|this\sskill|the\s(?:result|output|text|agent)|this|they|results?|output|we|i)\s+
        (?:(?:also|then)\s+)?
        (?P<modal>should|must|has\sto|have\sto|needs?\sto|shall|will|can|would|wants?\sto|want\s(?:it|the\sskill)\sto)\s+
        (?:also\s+)?(?P<no>not\s+|never\s+)?""",
    re.I | re.X,
)


def unwrapped(one: str) -> str:
    """The heart of a sentence, without its end mark."""
    one = _ROLE.sub("", _POLITE.sub("", one).strip())
    one = _POLITE.sub("", _WANTS.sub("", one))
    one = _HELP_THEM.sub("", one)
    if named := _SKILL.match(one):
        one = _after_skill(one[named.end() :], _meaning(named["before"]))
    one = re.sub(r"^keep(?:ing)? track of\b", "track", _DETOUR.sub("", one), flags=re.I).strip().rstrip(" .!?:,;…")
    return decapitalised(_GIVEN.sub(r"\2, given \1", _GOAL_FIRST.sub(r"\2 with \1", one)))


def _after_skill(one: str, before: str) -> str:
    """What follows the word skill, or what stands before it (`a PDF extraction skill`) where nothing is done after."""
    one, last = _LINK.sub("", one), None
    while last != one:
        last = one
        one = _SOMEONE.sub("", _MODAL.sub("", one))
    if base_verb(one.partition(" ")[0]):
        return one
    one = _LINK.sub("", one)
    return f"{before} for {one}" if before and one.strip(" .!?") else before or one


def _meaning(before: str) -> str:
    """The words before the word skill, but for `a new simple agent …`."""
    return " ".join(before.split()) if any(word.lower() not in NO_TOPICS for word in before.split()) else ""


def unwrapped_foreign(one: str) -> str:
    return _FOREIGN_LINK.sub("", _FOREIGN.sub("", one, count=1)).strip() or one


def is_wish_for_a_skill(one: str) -> bool:
    return _SKILL.match(_POLITE.sub("", _WANTS.sub("", _POLITE.sub("", one)))) is not None


def without_subject(one: str) -> str:
    """`It should also never exceed a page` -> `never exceed a page`"""
    match = _SUBJECT.match(one)
    if match is None:
        return one
    refusal = {"not": "do not ", "never": "never "}.get((match["no"] or "").strip().lower(), "")
    return refusal + one[match.end() :]


def imperative(one: str, limit: int = 240) -> str:
    """A sentence as an order, with a capital first letter and no end mark."""
    order = inline(without_subject(_POLITE.sub("", one.strip())), limit).rstrip(" .")
    return order[:1].upper() + order[1:]


def decapitalised(text: str) -> str:
    """Without the capital that only the start of the sentence gave; names keep theirs."""
    first = text.partition(" ")[0].strip(",:;")
    names = {name.split()[0] for one in technologies() for name in (one.name, *(word.title() for word in one.words))}
    is_name = first in names and first.lower() not in EVERYDAY_NAMES
    if not first[:1].isupper() or first[1:] != first[1:].lower() or (is_name and first.lower() not in STOP_WORDS):
        return text
    return text[0].lower() + text[1:]
