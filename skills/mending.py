"""The single repairs of a SKILL.md: each takes a text and gives it without the fault, or as it was where it cannot.

Front matter is edited key by key and prose line by line; code blocks, inline code and all else stay byte for byte.
"""

from __future__ import annotations

import re

from core.text import slugify
from skills import sections
from skills.document import Document, first_paragraph, outline, parse, with_front_matter
from skills.front_matter import FIELD_ORDER
from skills.phrases import phrases
from skills.quality import FILLERS, verbosity_score
from skills.validation.importable import derived_name
from skills.validation.specification import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH

WORDY = 0.5
SHORTEST_DESCRIPTION = 40
_TRIGGER = re.compile(r"\buse\b.{0,60}?\bwhen\b", re.I | re.S)
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)?([^<>]*)>")
_HTML = frozenset("a b br code div em h1 h2 h3 hr i img kbd li ol p pre s span strong sub sup table td tr u ul".split())  # noqa: SIM905
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# What filler phrases can be replaced by without losing anything.
_PLAIN = {
    "in order to": "to",
    "due to the fact that": "because",
    "at this point in time": "now",
    "in the event that": "if",
    "for the purpose of": "for",
    "it is important to note that": "",
    "it should be noted that": "",
}
_FILLER = re.compile(rf"\b({'|'.join(FILLERS)})\b(,?\s*)(\w?)", re.I)


# --- Front matter -----------------------------------------------------------------------------------------------------


def text_of(document: Document, key: str) -> str:
    value = document.front_matter.get(key)
    return value.strip() if isinstance(value, str) else ""


def add_front_matter(content: str) -> str:
    document = parse(content)
    if document.problem("unclosed"):
        return content
    return with_front_matter(content, name=_name(document), description=_described(document.body))


def _name(document: Document) -> str:
    name = slugify(derived_name(document, None) or "skill")[:MAX_NAME_LENGTH].strip("-")
    return re.sub(r"-{2,}", "-", name)


def _described(body: str) -> str:
    lead = _shortened(_without_markup(first_paragraph(body)), 400)
    if not lead:
        title = next((heading.title for heading in outline(body).headings if heading.title), "this task")
        lead = f"Guides through {_small(title)}."
    return with_trigger(lead, body)


def with_trigger(description: str, body: str) -> str:
    """With a `Use when` clause made of the text's own words."""
    if _TRIGGER.search(description):
        return description
    situations = sections.items_under(body, "when to use")[:2]
    if situations:
        when = " or ".join(_small(_without_markup(one).rstrip(". ")) for one in situations)
    else:
        title = next((heading.title for heading in outline(body).headings if heading.title), "")
        subject = _without_markup(title) or (phrases(description) or ["this"])[0]
        when = f"the task is about {_small(subject)}"
    clause = f"Use when {when}."
    return f"{_shortened(_sentence(description), MAX_DESCRIPTION_LENGTH - len(clause) - 1)} {clause}"


def clarify(content: str) -> str:
    """A description too short to choose by gets the text's first paragraph, one without a trigger its `Use when`."""
    document = parse(content)
    if not document.has_front_matter:
        return add_front_matter(content)
    description = _without_markup(text_of(document, "description"))
    if len(description) < SHORTEST_DESCRIPTION:
        lead = _without_markup(first_paragraph(document.body))
        description = " ".join(part for part in (_sentence(description), _shortened(lead, 400)) if part)
    return with_front_matter(content, description=with_trigger(description, document.body))


def is_unclear(content: str) -> bool:
    description = text_of(parse(content), "description")
    is_short = len(description) < SHORTEST_DESCRIPTION
    return is_short or not _TRIGGER.search(description) or _TAG.search(description) is not None


def add_description(content: str) -> str:
    document = parse(content)
    if not document.has_front_matter:
        return add_front_matter(content)
    return with_front_matter(content, description=_described(document.body))


def add_trigger(content: str) -> str:
    document = parse(content)
    return with_front_matter(content, description=with_trigger(text_of(document, "description"), document.body))


def shorten_description(content: str) -> str:
    """Whole sentences, those that say when to use it before all others."""
    description = text_of(parse(content), "description")
    parts = _SENTENCE_END.split(description)
    ranked = sorted(range(len(parts)), key=lambda place: (not _TRIGGER.search(parts[place]), place))
    kept: list[int] = []
    for place in ranked:
        if sum(len(parts[one]) + 1 for one in [*kept, place]) <= MAX_DESCRIPTION_LENGTH:
            kept.append(place)
    text = " ".join(parts[place] for place in sorted(kept)) or _shortened(description, MAX_DESCRIPTION_LENGTH)
    return with_front_matter(content, description=text)


def strip_markup(content: str) -> str:
    return with_front_matter(content, description=_without_markup(text_of(parse(content), "description")))


def rename(content: str) -> str:
    document = parse(content)
    return with_front_matter(content, name=_name(document)) if document.has_front_matter else add_front_matter(content)


def move_unknown(content: str) -> str:
    """Under `metadata`, as text; what is no single value stays where it is."""
    fields = parse(content).front_matter
    metadata = fields.get("metadata") or {}
    unknown = {key: value for key, value in fields.items() if key not in FIELD_ORDER}
    if not isinstance(metadata, dict) or any(isinstance(value, (dict, list)) for value in unknown.values()):
        return content
    moved = {key: str(value) for key, value in unknown.items() if value is not None}
    changes = dict.fromkeys(unknown) | {"metadata": moved | metadata}
    return with_front_matter(content, **changes)


def join_tools(content: str) -> str:
    tools = parse(content).front_matter.get("allowed-tools")
    joined = " ".join(tools) if isinstance(tools, list) and all(isinstance(tool, str) for tool in tools) else None
    return with_front_matter(content, **{"allowed-tools": joined}) if joined else content


def quote_values(content: str) -> str:
    """Writes the fields anew that YAML refuses or would take for numbers and dates."""
    document = parse(content)
    keys = {one.key for one in document.problems if one.code in ("repaired", "not-text")}
    return with_front_matter(content, **{key: document.front_matter[key] for key in keys & set(document.front_matter)})


def drop_before_front_matter(content: str) -> str:
    document = parse(content)
    return document.text[len(document.preamble) :]


# --- The body ---------------------------------------------------------------------------------------------------------


def add_when_to_use(content: str) -> str:
    document = parse(content)
    title = next((heading.title for heading in outline(document.body).headings if heading.title), "")
    situations = [_capital(one) for one in phrases(text_of(document, "description"))]
    points = situations[1:] or situations or [f"The task is about {_small(title) or 'this'}"]
    text = "\n".join(f"- {point}" for point in points[:5])
    return sections.inserted(content, "When to Use", text, first=True)


def add_quick_start(content: str) -> str:
    document = parse(content)
    steps = sections.steps(document.body)[:3] or ["Read the sections below", "Follow them in their order"]
    text = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    return sections.inserted(content, "Quick Start", f"The shortest way:\n\n{text}", after="when to use", first=True)


def add_examples(content: str) -> str:
    document = parse(content)
    asked = (phrases(text_of(document, "description")) or ["the task of this skill"])[-1]
    steps = sections.steps(document.body)[:3] or ["Follow the instructions of this skill"]
    lines = [f"User: I need help with this: {_small(asked)}", *(f"Agent: {step}" for step in steps)]
    shown = "```text\n" + "\n".join(line.replace("`", "") for line in lines) + "\n```"
    return sections.inserted(content, "Examples", f"How a request goes:\n\n{shown}")


def lacks_examples(content: str) -> bool:
    shape = outline(parse(content).body)
    is_told = any("example" in heading.title.lower() for heading in shape.headings)
    return not (is_told and shape.code_block_lines)


def add_title(content: str) -> str:
    document = parse(content)
    words = derived_name(document, None).replace("-", " ").replace("_", " ").strip()
    return sections.titled(content, _capital(words)) if words else content


def is_wordy(content: str) -> bool:
    return sections.prose_has(content, _FILLER) or verbosity_score(content) > WORDY


def tighten(content: str) -> str:
    """Plain words for filler phrases; where sentences are still long, they end where a semicolon stands."""
    plain = sections.with_prose(content, lambda text: _FILLER.sub(_plain, text))
    return sections.with_prose(plain, _divided) if verbosity_score(plain) > WORDY else plain


def _plain(match: re.Match[str]) -> str:
    phrase, letter = match[1], match[3]
    word = _PLAIN[phrase.lower()]
    if word:
        return (_capital(word) if phrase[0].isupper() else word) + match[2] + letter
    return letter.upper() if phrase[0].isupper() else letter


def _divided(text: str) -> str:
    return re.sub(r"(?<=\w); +(\w)", lambda match: f". {match[1].upper()}", text)


def remove_hidden(content: str) -> str:
    return _HIDDEN.sub("", content)


# --- Words ------------------------------------------------------------------------------------------------------------


def _without_markup(text: str) -> str:
    closed = {name for slash, name, _ in _TAG.findall(text) if slash}

    def inside(tag: re.Match[str]) -> str:
        """Tags go, the word of a placeholder (`<file>`) stays."""
        is_tag = tag[1] or tag[2] in _HTML or tag[2] in closed
        return "" if is_tag else f"{tag[2] or ''}{tag[3]}"

    plain = _TAG.sub(inside, text)
    return " ".join(re.sub(r"[<>`]|\*\*", "", plain).split())


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return cut[: cut.rfind(" ")].rstrip(" ,;:-") + "…" if " " in cut else cut + "…"


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """With a small first letter, unless the first word is written in capitals (`SQL`)."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
