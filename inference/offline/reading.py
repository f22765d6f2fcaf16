"""Reads a request by rules: what is to be done to what, with what, for whom, within which limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from inference.offline import languages, lexicon
from inference.offline.lexicon import ARTEFACTS, AUDIENCES, STOP_WORDS, Language, Technology, Trade, base_verb, contains
from inference.offline.phrases import Action, actions, article_of, content_words, object_of, topics
from inference.offline.text import clean, sentences, without_secrets
from inference.offline.wrapping import imperative, is_wish_for_a_skill, unwrapped, unwrapped_foreign

MAX_READ = 6_000
MAX_RULES = 12
# Verbs after which the object is what comes out of the work.
MAKING = frozenset({"create", "write", "build", "design", "produce", "generate", "prepare", "draft", "plan", "compose"})

_NAMED = re.compile(
    r"""\b(?:called|named|titled|with\sthe\sname|by\sthe\sname\sof|name\sit|call\sit)\s+
        (?:["“‘'`«„](?P<quoted>[^"”’'`»“\n]{1,120})["”’'`»“]|(?P<plain>[\w.+-]{2,120}))[\s,:]*""",
    re.I | re.X,
)
_AUDIENCE = re.compile(
    r"\b(?:for|by|helps?|aimed at|used by|lets?|audience(?: is|:)?|readers? are)\s+((?:[\w'-]+\s+){0,4}?[\w'-]+)",
    re.I,
)
_INPUT = re.compile(r"\b(?:from|given|based on|out of|takes?|starting (?:with|from))\s+((?:[^\s.,;:]+\s*){1,6})", re.I)
_OUTPUT = re.compile(
    r"""\b(?:outputs?|produc(?:es?|ing)|returns?|delivers?|results?\s(?:is|are|as|in)|giv(?:es?|ing)|as|into
          |writes?|creates?|generates?)\s+(?:out\s+)?(?:an?\s|the\s|one\s|short\s|clear\s)?((?:[^\s.,;:]+\s*){1,5})""",
    re.I | re.X,
)
_CONSTRAINT = re.compile(
    r"""\b(?:must|should|never|always|avoid|only|do\snot|don't|don’t|does\snot|without|at\smost|at\sleast|no\smore\sthan
          |ensure|make\ssure|keep|limit|within|under\s\d|important|required?|needs?\sto|has\sto|have\sto)\b""",
    re.I | re.X,
)
_NOT_AUDIENCES = ("for", "with", "by", "from", "in", "to", "of", "on", "and", "or", "that", "who")
_BEFORE_NAME = r"(?:in|with|using|microsoft|ms|apache|aws|the|our|for)"
_AFTER_NAME = (
    r"(?:code|files?|documents?|programs?|modules?|services?|apps?|scripts?|projects?|charts?|jobs?|channels?|messages?"
    r"|functions?|language|packages?|workbooks?|spreadsheets?|sheets?|tests?|servers?)"
)


@dataclass(frozen=True)
class Reading:
    """What the rules found.

    `core` is the first sentence without its wrapping; `object` what the work is about, with its `article` where it is
    one thing; `action` is None where the core begins with no known verb; `rules` are all further sentences, as orders.
    """

    text: str
    core: str
    name: str = ""
    action: Action | None = None
    object: str = ""
    article: str = ""
    actions: tuple[Action, ...] = ()
    topics: tuple[str, ...] = ()
    technologies: tuple[Technology, ...] = ()
    rules: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    output: str = ""
    audience: str = ""
    language: Language | None = None
    foreign: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """How many words with a meaning of their own the request has: below three it says too little."""
        small = self.language.small if self.language else frozenset()
        verb = self.action is not None and self.action.verb not in ("build", "create", "help", "improve")
        return int(verb) + len([word for word in content_words(self.core) if word not in small])


def read(text: str) -> Reading:
    text = without_secrets(clean(text))[:MAX_READ]
    name, text = _named(text)
    core, rest = _core(text)
    reading = Reading(
        text=text,
        core=core,
        name=name,
        technologies=find_technologies(text.lower()),
        rules=_rules(core, rest),
        audience=find_audience(text),
    )
    language = languages.language_of(text)
    return _read_foreign(reading, language) if language else _read_english(reading, rest)


def _read_english(reading: Reading, rest: str) -> Reading:
    core = reading.core
    main = _plain_action(core)
    phrase = main.rest if main else core
    subject, article = object_of(phrase), article_of(phrase)
    if main is None:
        main, subject, article = _hidden_action(core, subject, article)
    loose = "\n".join(one for one in sentences(rest) if not _CONSTRAINT.search(one))
    makes = main is not None and main.verb in MAKING
    return replace(
        reading,
        action=main,
        object=subject,
        article=article,
        actions=tuple(actions(f"{core}\n{rest}")),
        topics=tuple(one for one in topics(f"{core}\n{loose}", subject) if one == subject or one != object_of(core)),
        inputs=tuple(dict.fromkeys(one for match in _INPUT.finditer(core) if _is_input(one := object_of(match[1])))),
        output=_output(reading.text.lower()) or (artefact_at_end(subject) if makes else ""),
    )


def _read_foreign(reading: Reading, language: Language) -> Reading:
    foreign = languages.meanings(language, reading.text)
    things = languages.topics(foreign)
    return replace(
        reading,
        core=unwrapped_foreign(next(iter(sentences(reading.text)), "")),
        action=languages.action(foreign),
        object=next(iter(things), ""),
        topics=things,
        language=language,
        foreign=foreign,
    )


_MARKS_OBJECT = ("my", "our", "your", "their", "the", "a", "an")
_ALSO_NOUNS = ("review", "reviews", "audit", "audits", "triage", "research", "backup")
_RULE_WORDS = ("practices", "guidelines", "conventions", "patterns", "standards", "principles", "rules")


def _plain_action(core: str) -> Action | None:
    """The verb with which the request begins: a known one, or any word before `my`, `the`, `for` and the like."""
    asks_how = core.lower().startswith("how to ")
    first, _, after = core.removeprefix("how to ").partition(" ")
    first, next_word = first.strip(",:;").lower(), after.partition(" ")[0].lower()
    is_modifier = first in lexicon.MODIFIERS and artefact_at_end(object_of(core))
    verb = "" if is_modifier else base_verb(first)
    if not verb and first.isalpha() and first not in STOP_WORDS and not first.endswith(("ing", "s", "ion")):
        verb = first if asks_how or next_word in _MARKS_OBJECT else ""
    return Action(verb, after) if verb and object_of(after) else None


def _hidden_action(core: str, subject: str, article: str) -> tuple[Action | None, str, str]:
    """The verb in a request that is a noun phrase: `Kubernetes troubleshooting` is to troubleshoot Kubernetes, and
    `a training plan for …` is to create one."""
    *before, last = subject.split() or [""]
    verb = base_verb(last) if last.lower().endswith("ing") or last.lower() in _ALSO_NOUNS else ""
    if verb and before:
        thing = _plural(" ".join(before))
        after = core[core.find(subject) + len(subject) :]
        return Action(verb, f"{thing}{after}"), thing, ""
    if artefact_at_end(subject):
        return Action("create", core), subject, article
    if last.lower() in _RULE_WORDS:
        return Action("apply", core), subject, article
    return None, subject, article


def _plural(phrase: str) -> str:
    last = phrase.split()[-1]
    is_thing = last.islower() and last.isalpha() and last not in lexicon.UNCOUNTABLE and not last.endswith("s")
    return f"{phrase}s" if is_thing else phrase


def artefact_at_end(phrase: str) -> str:
    """The kind of result that a phrase ends with (`weekly status reports` -> `report`), or ''."""
    lowered = phrase.lower()
    known = (
        one for one in ARTEFACTS if lowered == one or lowered.endswith((f" {one}", f" {one}s")) or lowered == f"{one}s"
    )
    return max(known, key=len, default="")


def find_technologies(lowered: str) -> tuple[Technology, ...]:
    """Those named in a lower-case text, in the order in which they come."""
    found = []
    for technology in lexicon.technologies():
        named = [word for word in technology.words if contains(lowered, word) and _means_the_name(word, lowered)]
        if named:
            found.append((min(lowered.find(word) for word in named), technology.name, technology))
    return tuple(technology for _, _, technology in sorted(found, key=lambda one: one[:2]))


def _means_the_name(word: str, lowered: str) -> bool:
    """`go` and `word` are technologies only in company: `in Go`, `Word documents`."""
    if word not in lexicon.EVERYDAY_NAMES:
        return True
    name = re.escape(word)
    followed = rf"\b{_BEFORE_NAME}\s+{name}\b(?!\s+(?:of|for|to|in|through|over|by))"
    return re.search(rf"{followed}|\b{name}\s+{_AFTER_NAME}\b", lowered) is not None


def find_trade(lowered: str) -> Trade:
    """The field whose words a lower-case text uses most; longer words and phrases count more."""
    trades = lexicon.trades()
    scores = {
        name: sum(1 + word.count(" ") + (len(word) > 7) for word in trade.words if contains(lowered, word))
        for name, trade in trades.items()
    }
    best = max(scores, key=lambda name: scores[name])
    return trades[best if scores[best] else "general"]


def find_audience(text: str) -> str:
    for match in _AUDIENCE.finditer(text):
        kept: list[str] = []
        for word in match[1].split():
            plain = word.lower().strip(".,")
            if plain in _NOT_AUDIENCES or plain in ("me", "us"):
                break
            kept.append(word.strip(".,"))
            if plain in AUDIENCES:
                return " ".join(one for one in kept if one.lower() not in STOP_WORDS)
    return ""


def _named(text: str) -> tuple[str, str]:
    """The name people gave, and the text without it."""
    match = _NAMED.search(text)
    if match is None or (match["plain"] or "").lower() in STOP_WORDS:
        return "", text
    return (match["quoted"] or match["plain"]).strip(), f"{text[: match.start()]}{text[match.end() :]}"


def _core(text: str) -> tuple[str, str]:
    """The first sentence that says something, unwrapped, and what follows it."""
    said = sentences(text)
    cores = [unwrapped(one) for one in said]
    index = next(
        (i for i, core in enumerate(cores) if len(content_words(core)) > 1 or next(iter(actions(core)), None)), 0
    )
    return (cores[index], "\n".join(said[index + 1 :])) if said else ("", "")


def _rules(core: str, rest: str) -> tuple[str, ...]:
    """All that follows the first sentence as orders: `It should never exceed a page` -> `Never exceed a page`.

    Plain steps are left out, they stand among the steps; words of courtesy too.
    """
    said = [one for one in sentences(rest) if len(content_words(one)) and not is_wish_for_a_skill(one)]
    orders = [imperative(one) for one in said if _CONSTRAINT.search(one) or not list(actions(one))]
    return tuple(dict.fromkeys(one for one in orders if one))[:MAX_RULES]


def _is_input(phrase: str) -> bool:
    """Not the language or the place from which something goes."""
    return bool(phrase) and not (phrase.istitle() and " " not in phrase)


def _output(lowered: str) -> str:
    """The kind of result that is named after a word such as `produce`, or ''."""
    after = " ".join(match[1] for match in _OUTPUT.finditer(lowered))
    found = [one for one in ARTEFACTS if contains(after, one) or contains(after, f"{one}s")]
    return min(found, key=after.find, default="")
