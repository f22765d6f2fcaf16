"""The YAML of front matter: a bounded reader that repairs as agents do, a plain writer, an editor of single keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

MAX_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 16
FIELD_ORDER: Final = ("name", "description", "license", "compatibility", "allowed-tools", "metadata")
# Text by the specification: read as written, so that `version: 1.10` and `name: yes` stay what their author typed.
TEXT_FIELDS: Final = frozenset({"name", "description", "version", "license", "compatibility", "allowed-tools"})

_KEY_LINE = re.compile(r"""([A-Za-z_][\w.-]*|"[^"\r\n]+"|'[^'\r\n]+')[ \t]*:(?=[ \t\r\n]|$)[ \t]*""")
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something noticed while reading. `code` is stable; `key` names the field concerned, dotted inside `metadata`.

    Codes: unclosed, blank-before, invalid-yaml, not-a-mapping, duplicate-key, anchor, alias, tag, too-deep, too-large,
    repaired (the field was read line by line), flow-style, not-text (plain YAML would make it a number, bool, date).
    """

    code: str
    message: str
    line: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    values: dict[str, Any] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_flow: bool = False


class _Refused(Exception):
    def __init__(self, code: str, message: str, line: int) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, line)


def load(raw: str, first_line: int = 1) -> Reading:
    """Reads a mapping; what YAML refuses is read again key by key, so that one bad value costs only itself.

    The commonest fault of real skills is an unquoted colon in the description. Only the reading is repaired: the text
    stays as it is.
    """
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return Reading(
            problems=(Problem("too-large", f"the front matter exceeds {MAX_BYTES // 1024} KiB", first_line),)
        )
    try:
        return _Reader(raw, first_line).read()
    except _Refused as refusal:
        return _load_key_by_key(raw, first_line, refusal.problem)


def dump(values: Mapping[str, Any]) -> str:
    """Block style, one line a value (several only for text with line breaks), no aliases; '' for an empty mapping."""
    if not values:
        return ""
    return yaml.dump(
        dict(values), Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=float("inf")
    )


def ordered(values: Mapping[str, Any]) -> dict[str, Any]:
    """The specification's fields first, in its order; the others after them as they stand."""
    first = {key: values[key] for key in FIELD_ORDER if key in values}
    return first | {key: value for key, value in values.items() if key not in first}


def edit(raw: str, changes: Mapping[str, Any], *, newline: str) -> str:
    """`raw` with top-level keys replaced, added at the end, or removed (None)."""
    reading = load(raw)
    if reading.is_flow:
        merged = {**reading.values, **changes}
        return dump({key: value for key, value in merged.items() if value is not None}).replace("\n", newline)
    remaining = dict(changes)
    pieces = []
    for key, chunk in _chunks(raw, reading):
        if key not in changes:
            pieces.append(chunk)
            continue
        value = remaining.pop(key, None)
        if value is not None:
            pieces.append(dump({key: value}).replace("\n", newline))
        pieces.append(_trailing_comments(chunk))
    text = "".join(pieces)
    added = dump({key: value for key, value in remaining.items() if value is not None}).replace("\n", newline)
    if added and text and text[-1] not in "\r\n":
        text += newline
    return text + added


def _load_key_by_key(raw: str, first_line: int, refusal: Problem) -> Reading:
    values: dict[str, Any] = {}
    key_lines: dict[str, int] = {}
    problems = [refusal]
    line = first_line
    for key, chunk in _chunks(raw, None):
        if key and key not in values:
            key_lines[key] = line
            try:
                part = _Reader(chunk, line).read()
                values[key] = part.values[key]
                problems.extend(part.problems)
            except (_Refused, KeyError):
                values[key] = _plain_value(chunk)
                problems.append(Problem("repaired", f"'{key}' is not valid YAML and was read as plain text", line, key))
        line += len(_lines(chunk))
    return Reading(values, key_lines, tuple(problems))


def _plain_value(chunk: str) -> str:
    """All that follows the colon, on one line, without the quotes or block sign around it."""
    match = _KEY_LINE.match(chunk)
    rest = chunk[match.end() :] if match else chunk
    text = " ".join(rest.split())
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return re.sub(r"\A[|>][+-]?\d?(?: |\Z)", "", text)


def _chunks(raw: str, reading: Reading | None) -> Iterator[tuple[str, str]]:
    """(key, its lines) in order, all of `raw` together; the key is '' for what stands before the first.

    Where a reading is valid YAML its line numbers say where keys begin; otherwise the look of the lines must do.
    """
    known = None
    if reading is not None and not any(problem.code == "repaired" for problem in reading.problems):
        known = {line: key for key, line in reading.key_lines.items()}
    key, lines = "", list[str]()
    for number, line in enumerate(_lines(raw), 1):
        found = known.get(number) if known is not None else _key_at(line)
        if found is not None:
            if lines:
                yield key, "".join(lines)
            key, lines = found, []
        lines.append(line)
    if lines:
        yield key, "".join(lines)


def _key_at(line: str) -> str | None:
    match = _KEY_LINE.match(line)
    if match is None:
        return None
    key = match[1]
    return key[1:-1] if key[0] in "\"'" else key


def _trailing_comments(chunk: str) -> str:
    """The blank and comment lines at the end of a chunk: they belong to what follows."""
    lines = _lines(chunk)
    keep = len(lines)
    while keep > 1 and (not lines[keep - 1].strip() or lines[keep - 1].startswith("#")):
        keep -= 1
    return "".join(lines[keep:])


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)


class _Reader:
    """Builds values from the parser's events, so that depth, aliases and tags are refused before anything is built."""

    def __init__(self, raw: str, first_line: int) -> None:
        self._events = self._parse(raw, first_line)
        self._first_line = first_line
        self._notes: list[Problem] = []
        self._key_lines: dict[str, int] = {}

    @staticmethod
    def _parse(raw: str, first_line: int) -> Iterator[Any]:
        try:
            yield from yaml.parse(raw, Loader=_Parser)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = first_line + (mark.line if mark else 0)
            raise _Refused("invalid-yaml", f"invalid YAML: {error.problem or error.context}", line) from None
        except (yaml.YAMLError, UnicodeError) as error:
            reason = str(error).partition("\n")[0]
            raise _Refused("invalid-yaml", f"invalid YAML: {reason}", first_line) from None

    def read(self) -> Reading:
        root: Any = None
        is_flow = False
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                is_flow = bool(event.flow_style)
                root = self._mapping(event, "", 1)
            elif isinstance(event, yaml.NodeEvent):
                if not (isinstance(event, yaml.ScalarEvent) and event.value == ""):
                    raise _Refused(
                        "not-a-mapping", "the front matter is not a list of `field: value`", self._line(event)
                    )
                root = {}
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _Refused("invalid-yaml", "invalid YAML: more than one document", self._line(event))
        return Reading(root or {}, self._key_lines, tuple(self._notes), is_flow)

    def _line(self, event: Any) -> int:
        return self._first_line + int(event.start_mark.line)

    def _node(self, event: Any, path: str, depth: int) -> Any:
        self._refuse_hostile(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if event.flow_style:
            self._notes.append(Problem("flow-style", f"'{path}' is written in flow style", self._line(event), path))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, path, depth)
        items = []
        while not isinstance(item := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(item, f"{path}[]", depth + 1))
        return items

    def _mapping(self, start: Any, path: str, depth: int) -> dict[str, Any]:
        self._refuse_hostile(start, depth)
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._refuse_hostile(event, depth)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused("invalid-yaml", "invalid YAML: a field name must be text", self._line(event))
            key = str(event.value)
            if key in values:
                raise _Refused("duplicate-key", f"'{key}' is given twice", self._line(event))
            if depth == 1:
                self._key_lines[key] = self._line(event)
            values[key] = self._node(next(self._events), f"{path}.{key}" if path else key, depth + 1)
        return values

    def _refuse_hostile(self, event: Any, depth: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("alias", f"YAML aliases (*{event.anchor}) are refused", self._line(event))
        if event.anchor is not None:
            raise _Refused("anchor", f"YAML anchors (&{event.anchor}) are refused", self._line(event))
        if event.tag is not None:
            raise _Refused("tag", f"YAML tags ({event.tag}) are refused", self._line(event))
        if depth > MAX_DEPTH and not isinstance(event, yaml.ScalarEvent):
            raise _Refused("too-deep", f"the front matter nests deeper than {MAX_DEPTH} levels", self._line(event))

    def _scalar(self, event: Any, path: str) -> Any:
        text = str(event.value)
        if not event.implicit[0]:
            return text
        if path not in TEXT_FIELDS and not path.startswith("metadata."):
            return _core_value(text)
        if text and not _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)).endswith(":str"):
            message = f"'{path}' is text, but unquoted YAML makes {text} a number, a date or a truth value"
            self._notes.append(Problem("not-text", message, self._line(event), path))
        return text


def _core_value(text: str) -> Any:
    """The value the core schema of YAML 1.2 gives a plain scalar: what JSON can hold, and text for all else."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NUMBER.fullmatch(text):
        return json.loads(text)
    return text


_RESOLVER: Any = yaml.SafeLoader("")
_CONSTANTS: Final = {"": None, "~": None, "null": None, "true": True, "false": False, "True": True, "False": False}
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,16})?")


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
