"""Reads feedback by rules: each remark becomes a wish with a kind; what no rule knows becomes a rule of the work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from inference.offline import lexicon
from inference.offline.lexicon import AUDIENCES, base_verb, contains
from inference.offline.text import clean, inline, small, without_secrets
from inference.offline.wrapping import imperative
from inference.writer import Feedback

MAX_REMARKS = 30

_MARKS = "\"“”‘’'`«»„"
_Q = f"[{_MARKS}]?"
_END = r"(?=[.!?;,]|\s+(?:and|so|because|since|please|instead)\b|$)"
_REST = rf"(?P<it>[^{_MARKS}.;!?\n]+)"


@dataclass(frozen=True)
class Wishes:
    """All feedback, read: what is to be otherwise. Later words win where only one can hold.

    `examples` holds what they are to be about, '' for any; `sections` are titles; `guidance` are rules as orders.
    """

    name: str = ""
    description: str = ""
    category: str = ""
    audience: str = ""
    shorter: bool = False
    longer: bool = False
    scope: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    removals: tuple[str, ...] = ()
    replacements: tuple[tuple[str, str], ...] = ()
    guidance: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def with_more(self, field: str, item: str) -> Wishes:
        """With `item` at the end of a list, unless it is there already."""
        items: tuple[str, ...] = getattr(self, field)
        known = item.lower() in (one.lower() for one in items)
        return self if known else replace(self, **{field: (*items, item)})  # type: ignore[arg-type]

    def with_value(self, field: str, value: str) -> Wishes:
        return replace(self, **{field: value})  # type: ignore[arg-type]


Apply = Callable[[Wishes, re.Match[str]], "Wishes | None"]


def read_feedback(given: Sequence[Feedback]) -> Wishes:
    wishes = Wishes()
    for one in given:
        wishes = replace(wishes, name=one.name or wishes.name, description=one.description or wishes.description)
        for area in one.focus_areas:
            wishes = _with_focus_area(wishes, inline(area, 80))
        for remark in list(remarks(one.text))[:MAX_REMARKS]:
            wishes = _with_remark(wishes, remark)
    return wishes


def remarks(text: str) -> Iterable[str]:
    """The single wishes of a text: `make it shorter and mention rollback` are two."""
    for piece in re.split(r"(?<=[.!?;])\s+|\n+|;\s*", without_secrets(clean(text))):
        for part in _JOINT.split(piece):
            if part.strip(" .,!?;"):
                yield part.strip(" ,;")


_JOINT = re.compile(
    r"""(?:,\s*(?:and\s+|then\s+|also\s+)*|\s+and\s+(?:also\s+|then\s+)?|\s+but\s+)
        (?=(?:re-?name|call\sit|remove|drop|delete|omit|mention|include|add|cover|make\sit|move\sit|put\sit|place\sit|replace
            |never|always|do\snot|don't|avoid|focus|shorten|use|explain|keep|give|change|skip|limit|aim|more\sexamples?)\b)""",
    re.I | re.X,
)


def section_title(wanted: str, *, loosely: bool = False) -> str:
    """The known section that people mean (`error handling` -> `Error Handling`), or ''; `loosely`: if any word fits."""
    lowered = wanted.lower().strip()
    for title, (asked, _) in lexicon.focus_sections().items():
        if lowered == title.lower() or lowered in asked or (loosely and any(contains(lowered, word) for word in asked)):
            return title
    return ""


def _with_focus_area(wishes: Wishes, area: str) -> Wishes:
    if re.search(r"(?i)\bexamples?\b", area):
        about = re.sub(r"(?i)\b(?:more|code|examples?|usage|practical|about|of|for)\b", "", area).strip()
        return wishes.with_more("examples", about)
    return wishes.with_more("sections", section_title(area, loosely=True) or area.title()) if area else wishes


def _with_remark(wishes: Wishes, remark: str) -> Wishes:
    """The first rule that understands the remark applies it."""
    for pattern, apply in () if _REFUSAL.match(remark) else _RULES:
        match = pattern.search(remark)
        changed = apply(wishes, match) if match else None
        if changed is not None:
            return changed
    rule = _as_rule(remark)
    return wishes.with_more("guidance", rule) if " " in rule else wishes


_REFUSAL = re.compile(r"\s*(?:please\s+)?(?:do not|don't|don’t|never|avoid)\b", re.I)


def _value(field: str, limit: int = 200) -> Apply:
    return lambda wishes, match: wishes.with_value(field, inline(match["it"], limit)) if match["it"].strip() else None


def _listed(field: str) -> Apply:
    def apply(wishes: Wishes, match: re.Match[str]) -> Wishes | None:
        it = re.sub(
            r"(?i)^(?:the|a|an|that|about|on)\s+|\s+(?:too|as well|please|also|more)$", "", inline(match["it"], 200)
        )
        return wishes.with_more(field, it.strip(" .")) if it.strip(" .") else None

    return apply


def _shorter(wishes: Wishes, match: re.Match[str]) -> Wishes:
    return replace(wishes, shorter=True, longer=False)


def _longer(wishes: Wishes, match: re.Match[str]) -> Wishes:
    return replace(wishes, shorter=False, longer=True)


def _example(wishes: Wishes, match: re.Match[str]) -> Wishes:
    return wishes.with_more("examples", re.sub(r"(?i)^(?:the|a|an)\s+", "", inline(match["it"] or "", 120)).strip(" ."))


def _section(wishes: Wishes, match: re.Match[str]) -> Wishes:
    wanted = inline(match["it"], 60).strip(" .")
    return wishes.with_more("sections", section_title(wanted) or _heading(wanted))


def _heading(wanted: str) -> str:
    wanted = re.sub(r"(?i)^(?:the|a|an)\s+", "", wanted)
    return wanted if any(letter.isupper() for letter in wanted) else wanted.title()


def _mention(wishes: Wishes, match: re.Match[str]) -> Wishes | None:
    """Something to cover: a known section by its name, a step, or a topic."""
    it = inline(match["it"], 200).strip(" .")
    if not it or it.lower().startswith(("it ", "this ", "that ")):
        return None
    if title := section_title(re.sub(r"(?i)^(?:some|more)\s+", "", it)):
        wishes = wishes.with_more("sections", title)
        return (
            wishes if it.lower() in title.lower() or title.lower() in it.lower() else wishes.with_more("mentions", it)
        )
    if step := re.match(r"(?i)(?:an?\s+)?(?:\w+\s+)?step\s+(?:that|to|which|for|where)\s+(.+)", it):
        return wishes.with_more("steps", step[1])
    it = re.sub(
        r"(?i)^(?:an?\s+|the\s+|some\s+)?(?:(?:note|warning|hint|remark|word|tip|reminder)s?\s+(?:about|on|that|for)\s+)?",
        "",
        it,
    )
    return wishes.with_more("mentions", re.sub(r"(?i)\s+(?:too|as well|please|also)$", "", it)) if it else None


def _focus(wishes: Wishes, match: re.Match[str]) -> Wishes:
    it = inline(match["it"], 120).strip(" .")
    title = section_title(it)
    return wishes.with_more("sections", title) if title else wishes.with_more("focus", it)


def _replacement(wishes: Wishes, match: re.Match[str]) -> Wishes | None:
    pair = (inline(match["old"], 120), inline(match["it"], 120))
    return replace(wishes, replacements=(*wishes.replacements, pair)) if all(pair) else None


def _translation(wishes: Wishes, match: re.Match[str]) -> Wishes:
    note = f"The offline writer cannot translate; the text stays in English ({match['it'].title()} was asked for)."
    return wishes.with_more("notes", note)


def _rule(pattern: str, apply: Apply) -> tuple[re.Pattern[str], Apply]:
    return re.compile(pattern, re.I | re.X), apply


_PLACES = r"in|into|to|under|below"
_RULES: tuple[tuple[re.Pattern[str], Apply], ...] = (
    _rule(
        r"""\b(?:translate\s(?:it|this|everything)|(?:write|make)\s(?:it|everything|this))\s(?:in)?to?\s*
            (?P<it>german|french|spanish|italian|portuguese|dutch|japanese|chinese|polish|deutsch)\b""",
        _translation,
    ),
    _rule(
        rf"""\b(?:re-?named?(?:\s(?:it|this|the\sskill))?(?:\s(?:to|as|into))?|(?:the\s)?name\s(?:it|should\sbe|must\sbe|to\sbe)
            |call\s(?:it|the\sskill|this)|change\sthe\sname\s(?:of\sthe\sskill\s)?(?:to|into)|better\sname(?:\sis|:))
            \s*[:=]?\s*{_Q}(?P<it>[\w\s.+\#/&-]+?){_Q}{_END}""",
        _value("name"),
    ),
    _rule(
        rf"\b(?:change|set|make)\sthe\sdescription\s(?:to|into|say|be)\s*[:=]?\s*{_Q}(?P<it>.+?){_Q}$",
        _value("description", 1200),
    ),
    _rule(
        rf"""\b(?:(?:move|put|place|file)(?:\s(?:it|this|the\sskill))?\s(?:{_PLACES})
            |(?:the\s)?(?:category|path|place)\s(?:should\sbe|must\sbe|is|to)|belongs\s(?:{_PLACES}))\s+
            (?:the\s)?(?:category\s|path\s)?{_Q}(?P<it>\w[\w\s/&-]*?){_Q}(?:\s(?:category|branch))?{_END}""",
        _value("category"),
    ),
    _rule(
        rf"\breplace\s+{_Q}(?P<old>[^{_MARKS}]+?){_Q}\s+(?:with|by)\s+{_Q}(?P<it>[^{_MARKS}]+?){_Q}{_END}", _replacement
    ),
    _rule(
        rf"\b(?:use|say|write)\s+{_Q}(?P<it>[^{_MARKS}]+?){_Q}\s+(?:instead\sof|rather\sthan)\s+{_Q}(?P<old>[^{_MARKS}]+?){_Q}{_END}",
        _replacement,
    ),
    _rule(
        rf"""\b(?:remove|drop|delete|omit|leave\sout|skip|get\srid\sof|cut|take\sout)\s+(?:the\s|all\s|any\s)?(?:sections?\s+)?
            (?:about\s|on\s|called\s|named\s)?{_Q}(?P<it>[^{_MARKS}.;,]+?){_Q}
            (?:\s+(?:sections?|part|chapter|paragraph|heading))?{_END}""",
        _listed("removals"),
    ),
    _rule(
        r"""\b(?:shorter|shorten|more\sconcise|conciser?|too\slong|briefer|trim|condense|less\swordy|less\sdetail(?:ed)?
            |half\sthe\slength)\b""",
        _shorter,
    ),
    _rule(
        r"""\b(?:more|another|additional|further|an|add|include|with|some|give)\s+(?:\w+\s+){0,2}?examples?\b
            (?:\s+(?:about|of|on|for|with|showing|that\sshow|covering|how\sto)\s+(?P<it>[^.;!?\n]+))?""",
        _example,
    ),
    _rule(
        rf"""\b(?:add|include|write|need|have)\s+(?:an?|the|another)?\s*(?:\w+\s+)?(?:section|chapter|part)\s+
            (?:about|on|for|called|named|covering|with)\s+{_Q}{_REST}""",
        _section,
    ),
    _rule(
        rf"""^(?:please\s+)?(?:(?:focus|aim|aimed|target|targeted|written|suitable|tailor|adapt|intended|meant|write\sit|make\sit
            |(?:the\s)?audience\sis|audience:?|(?:the\s)?readers\sare)\s*(?:it\s)?(?:more\s)?(?:suitable\s)?(?:on|at|to|for)?|for)
            \s+(?P<it>(?:[\w'-]+\s+){{0,3}}?(?:{"|".join(sorted(AUDIENCES, key=len, reverse=True))}))\b""",
        _value("audience"),
    ),
    _rule(
        rf"""\b(?:limit\s(?:it|the\sscope|this)?\s*to|restrict\s(?:it|the\sscope)?\s*to
            |narrow\s(?:it|the\sscope)?\s?(?:down\s)?to|scope\s(?:is|should\sbe|to)|only\s(?:cover|about|handle))\s+{_REST}""",
        _listed("scope"),
    ),
    _rule(rf"\b(?:concentrate|focus)\s(?:more\s|mainly\s|only\s)?on\s+{_REST}", _focus),
    _rule(
        r"""\b(?:longer|more\sdetail(?:s|ed)?|more\sdepth|in\sdepth|elaborate|too\sshort|expand|more\sthorough)\b
            (?!\s+(?:about|on|of|for))""",
        _longer,
    ),
    _rule(
        rf"""\b(?:mention|include|cover|reference|talk\sabout|say\ssomething\sabout|explain|describe
            |add(?:\s+(?:something|information|details?|more(?:\s(?:details?|information))?)\s+(?:about|on|that))?
            |more\s(?:details?|depth)\s(?:about|on|of|for)|more\s(?:about|on))\s+{_Q}{_REST}""",
        _mention,
    ),
)


def _as_rule(remark: str) -> str:
    """A remark as an order: `I would like the tone to be friendlier` -> `Make sure that the tone is friendlier`."""
    text = re.sub(
        r"(?i)^(?:please|could you|can you|would you|also|and|but|i think|maybe|perhaps|ideally|feedback:)\s+",
        "",
        remark,
    ).strip()
    i_want = r"(?:i|we)(?:'d|’d| would)? (?:like|want|prefer|need)"
    text = re.sub(rf"(?i)^{i_want}(?: you| it)? to\s+", "", text)
    if wish := re.match(rf"(?i)^{i_want}\s+(.+?)\s+to (be|have)\s+(.+)$", text):
        return _order(f"Make sure that {wish[1]} {_is(wish[2])} {wish[3]}")
    if wish := re.match(
        r"(?i)^(?!it\b|this\b|they\b|we\b|i\b)(.{2,60}?) (?:should|must|has to) (not )?(be|have)\s+(.+)$", text
    ):
        return _order(f"Make sure that {small(wish[1])} {_is(wish[3])} {wish[2] or ''}{wish[4]}")
    text = re.sub(r"(?i)^(?:make|be) sure (?:that )?", "Make sure that ", text)
    text = re.sub(rf"(?i)^(?:{i_want}|(?:i|we) miss|it needs)\s+", "Provide ", text)
    order = imperative(text, 300)
    known = (
        base_verb(text.partition(" ")[0]) or _ORDER.match(order) or order.lower() != inline(text).rstrip(" .").lower()
    )
    return order if known or not order else _order(f"Apply throughout: {small(order)}")


_ORDER = re.compile(r"(?:never|always|only|do|don't|avoid|make|keep|use|no|provide|ask|let)\b", re.I)


def _is(verb: str) -> str:
    return {"be": "is", "have": "has"}[verb.lower()]


def _order(text: str) -> str:
    return inline(text, 300).rstrip(" .")
