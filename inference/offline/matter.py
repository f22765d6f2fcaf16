"""The matter of a skill: request, answers and feedback brought together, from which everything is composed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inference.offline import lexicon
from inference.offline.feedback import Wishes, read_feedback
from inference.offline.lexicon import ARTEFACTS, Method, Technology, Trade, base_verb
from inference.offline.naming import fallback_name, name_of, title_of
from inference.offline.phrases import content_words
from inference.offline.questions import is_vague
from inference.offline.reading import MAKING, Reading, artefact_at_end, find_technologies, find_trade, read
from inference.offline.text import inline, sentences, small
from inference.offline.wrapping import imperative
from inference.writer import Request

_MAX_NAME_WORDS = 6
_LEVELS = {
    "beginner": (
        "beginner",
        "newcomer",
        "novice",
        "junior",
        "kid",
        "child",
        "pupil",
        "learner",
        "hobbyist",
        "new hire",
    ),
    "expert": ("expert", "senior", "professional", "specialist", "every day", "researcher"),
}
# The kind of work in a trade, where the request names none.
_USUAL_METHODS = {
    "software": "build", "devops": "deploy", "data": "analyse", "machine_learning": "build", "security": "review",
    "web": "build", "mobile": "build", "support": "reply", "finance": "analyse", "legal": "review",
    "operations": "plan",
    "documents": "convert", "translation": "convert", "design": "design", "games": "design", "research": "research",
    "teaching": "teach", "health": "plan", "home": "plan", "travel": "plan",
}  # fmt: skip
_NOTHING = re.compile(r"(?:no|none|nothing|n/?a|-|unknown|not sure|don'?t know)\b.{0,12}", re.I)


@dataclass(frozen=True)
class Matter:
    """`object` is never empty and reads well after `the`; `things` is it with its own article, if it has one.

    `task` is one clause that begins with a verb. `rules` are orders that people gave in the request or in answers.
    """

    reading: Reading
    wishes: Wishes
    method: Method
    verb: str
    object: str
    things: str
    task: str
    name: str
    title: str
    audience: str
    output: str
    inputs: tuple[str, ...]
    topics: tuple[str, ...]
    technologies: tuple[Technology, ...]
    trade: Trade
    rules: tuple[str, ...]

    @property
    def is_english(self) -> bool:
        return self.reading.language is None

    @property
    def level(self) -> str:
        """beginner, intermediate or expert, by the audience."""
        lowered = self.audience.lower()
        return next(
            (level for level, signs in _LEVELS.items() if any(sign in lowered for sign in signs)), "intermediate"
        )

    @property
    def asks(self) -> tuple[str, ...]:
        """Other words in which people ask for it."""
        usual = self.method.ask if self.reading.action else ("get help with {object}", "improve {object}")
        return tuple(self.fill(one) for one in usual)

    @property
    def original(self) -> str:
        """The request in people's own words, unwrapped."""
        return inline(self.reading.core) or inline(self.reading.text)

    def fill(self, text: str) -> str:
        """A text of the tables, made to speak of this matter."""
        return text.replace("the {object}", f"the {self.object}").replace("{object}", self.things)


def matter_of(request: Request) -> Matter:
    answers = {answer.topic: answer.text for answer in request.answers}
    wishes, reading = read_feedback(request.feedback), _reading(request)
    method = _method(reading)
    is_unreadable = reading.language is not None and not reading.foreign
    verb = reading.action.phrase if reading.action else "work on"
    thing = (
        inline(reading.object or " ".join([] if is_unreadable else content_words(reading.core)[:3]), 60) or "material"
    )
    spoken = " ".join([reading.text, *answers.values(), *wishes.mentions, *wishes.scope]).lower()
    topics = _topics(reading, wishes)
    technologies = find_technologies(spoken)
    name = _name(reading, wishes, verb, thing, technologies)
    return Matter(
        reading=reading,
        wishes=wishes,
        method=method,
        verb=verb,
        object=thing,
        things=f"{reading.article}{thing}" if reading.object else thing,
        task=_task(reading, verb, thing),
        name=name,
        title=_title(name, reading, wishes, f"{thing} {' '.join(topics)}", technologies),
        audience=wishes.audience or small(inline(answers.get("audience", ""), 80)) or reading.audience,
        output=_bare(answers.get("output", "")) or reading.output or method.output,
        inputs=tuple(dict.fromkeys([*_items(answers.get("inputs", "")), *reading.inputs])),
        topics=topics,
        technologies=technologies,
        trade=find_trade(" ".join([spoken, *reading.foreign])),
        rules=tuple(dict.fromkeys([*reading.rules, *_answered_rules(answers)])),
    )


def _reading(request: Request) -> Reading:
    """The request, or for a vague one the goal that people gave when asked, whichever says more."""
    reading = read(request.text)
    goals = [answer.text for answer in request.answers if answer.topic in ("goal", "") and answer.text]
    if not goals or not is_vague(reading):
        return reading
    said = read("\n".join(goals))
    return said if said.weight > reading.weight else read(f"{goals[0]}: {reading.core}")


def _method(reading: Reading) -> Method:
    """From the verb the request begins with, from what is to be made, from another verb in it, else from the trade."""
    verb = reading.action.verb if reading.action else ""
    made = artefact_at_end(reading.object)
    if made and verb in MAKING:
        return lexicon.methods()[ARTEFACTS[made]]
    if reading.action and reading.action.phrase == "prepare for":
        return lexicon.methods()["plan"]
    if verb:
        return lexicon.method_of(verb)
    if reading.actions:
        return lexicon.method_of(reading.actions[0].verb)
    usual = _USUAL_METHODS.get(find_trade(reading.text.lower()).name, "write" if reading.weight else "plan")
    return lexicon.methods()[usual]


def _task(reading: Reading, verb: str, thing: str) -> str:
    if reading.language is not None:
        return f"{verb} {thing}"
    if reading.action:
        return inline(reading.action.text, 260)
    if content_words(reading.core):
        return inline(f"work on {reading.core}", 260)
    return "get a recurring task done in the same good way each time"


def _topics(reading: Reading, wishes: Wishes) -> tuple[str, ...]:
    first, rest = reading.topics[:1], reading.topics[1:]
    every = [inline(one, 60) for one in (*first, *wishes.focus, *wishes.scope, *rest, *wishes.mentions)]
    unwanted = [one.lower() for one in wishes.removals]
    return tuple(dict.fromkeys(one for one in every if not any(word in one.lower() for word in unwanted)))


def _name(reading: Reading, wishes: Wishes, verb: str, thing: str, technologies: tuple[Technology, ...]) -> str:
    wanted = name_of(wishes.name or reading.name)
    if wanted:
        return wanted
    if reading.language is not None and not reading.foreign:
        words = content_words(reading.core)[:4]
    else:
        words = [*([verb] if reading.action else []), *_name_words(reading, verb, thing, technologies)]
    name = name_of(" ".join(words[:_MAX_NAME_WORDS]))
    return name if len(name) > 2 else fallback_name(reading.text)


def _name_words(reading: Reading, verb: str, thing: str, technologies: tuple[Technology, ...]) -> Iterable[str]:
    """The object's words; where they are few, one technology or topic more tells two skills apart."""
    phrase = [word for word in re.split(r"[\s/-]+", thing) if word.lower() not in lexicon.STOP_WORDS]
    phrase = [word for word in phrase if base_verb(word) != verb] or phrase
    if not reading.object and not content_words(reading.core):
        return []
    if len(phrase) > 2:
        return phrase
    lowered, said = thing.lower(), reading.text.lower()
    named = [one.name for one in technologies if one.name.lower() not in lowered and one.name.lower() in said]
    says_little = len(phrase) < 2 or (verb == "create" and artefact_at_end(thing))
    others = named[:1] or [word for topic in reading.topics[1:2] for word in topic.split() if says_little]
    return [*phrase, *(word for word in others if word.lower() not in lowered)]


def _title(name: str, reading: Reading, wishes: Wishes, spelled: str, technologies: tuple[Technology, ...]) -> str:
    """The name as a heading, its words spelled as people spelled them."""
    if name.startswith("general-task-"):
        return "General Task"
    spellings = {name_of(word): word for word in re.split(r"[\s/-]+", f"{spelled} {wishes.name or reading.name}")}
    spellings |= {name_of(one.name): one.name for one in technologies}
    return inline(title_of(" ".join(spellings.get(part) or part for part in name.split("-"))), 100)


def _answered_rules(answers: Mapping[str, str]) -> Iterable[str]:
    """What people said about tools and limits, each sentence an order."""
    for topic in ("tools", ""):
        for one in sentences(answers.get(topic, "")):
            for part in re.split(r",\s+(?=never|always|no\b|only|do not|don't|must)", one):
                if not _NOTHING.fullmatch(part.strip()) and (
                    topic == "tools" or re.match(r"(?i)never|always|only|do not", part)
                ):
                    yield imperative(part)


def _items(text: str) -> Iterable[str]:
    return (small(inline(one, 80)) for one in text.split(",") if one.strip())


def _bare(text: str) -> str:
    return small(re.sub(r"(?i)^(?:an?|the)\s+", "", inline(text, 80)))
