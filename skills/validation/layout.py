"""Rules of good skills about what lies beside SKILL.md: sub-folders, examples/ and metadata.json."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import orjson

from skills.document import outline
from skills.validation.findings import Finding
from skills.validation.subject import Subject

KNOWN_FOLDERS: Final = (
    "references",
    "guides",
    "templates",
    "scripts",
    "examples",
    "assets",
    "images",
    "static",
)
LEGACY_FOLDERS: Final = ("capabilities", "resources", "tests")
METADATA_PATH: Final = "metadata.json"

_REQUIRED: Final = ("skill_id", "version", "type", "weight", "load_priority", "dependencies", "capabilities")
_CHOICES: Final = {
    "type": ("cognitive", "technical", "domain", "tool", "mcp", "specialization", "task_focus", "memory"),
    "weight": ("lightweight", "medium", "heavyweight"),
    "load_priority": ("always", "task_specific", "on_demand", "dormant"),
}
_PATTERNS: Final = {
    "skill_id": re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*"),
    "version": re.compile(r"\d+\.\d+\.\d+"),
}
# How many capabilities each weight is for: (fewest, most).
_CAPABILITIES: Final[dict[str, tuple[int, float]]] = {
    "lightweight": (0, 5),
    "medium": (3, 10),
    "heavyweight": (8, float("inf")),
}

_subdirectories = partial(Finding, check="subdirectories", severity="warning")
_examples = partial(Finding, check="examples", severity="warning")
_metadata = partial(Finding, check="metadata", severity="error", path=METADATA_PATH)


def check(subject: Subject) -> Iterator[Finding]:
    files = dict(subject.files or {})
    yield from _folders(files)
    yield from _example_files(files)
    if METADATA_PATH in files:
        yield from _metadata_file(files[METADATA_PATH], subject.skill_id)


def _folders(files: dict[str, bytes]) -> Iterator[Finding]:
    folders = sorted({path.split("/")[0] for path in files if "/" in path})
    for folder in folders:
        if folder in LEGACY_FOLDERS:
            message = f"The folder {folder}/ is of an older layout"
            yield _subdirectories(
                "quality.legacy-folder", message=message, hint="Use references/ or examples/", path=folder
            )
        elif folder not in KNOWN_FOLDERS:
            message = f"The folder {folder}/ is not one of {', '.join(KNOWN_FOLDERS)}"
            hint = "Agents look for files in the usual folders"
            yield _subdirectories("quality.unknown-folder", message=message, hint=hint, path=folder)
    nested = sorted({"/".join(path.split("/")[:2]) for path in files if path.count("/") > 1})
    for folder in nested:
        if folder.split("/")[0] in KNOWN_FOLDERS and not folder.startswith("examples/"):
            message = f"The folder {folder}/ is nested"
            yield _subdirectories(
                "quality.nested-folder", message=message, hint="Keep files one level deep", path=folder
            )


def _example_files(files: dict[str, bytes]) -> Iterator[Finding]:
    if "examples" in files:
        message = "'examples' is a file"
        yield Finding("quality.examples", "error", "examples", message, "Make it a folder", "examples")
        return
    examples = {path: data for path, data in files.items() if path.startswith("examples/")}
    texts = {path: data for path, data in examples.items() if path.lower().endswith(".md")}
    if not examples:
        yield _examples("quality.examples", message="There is no folder examples/", hint="Add one worked example")
    elif not texts:
        message = "examples/ holds no Markdown file"
        yield _examples("quality.example-text", message=message, hint="Explain one example", path="examples")
    for path, data in texts.items():
        if not outline(data.decode("utf-8", "replace")).code_block_lines:
            message = f"'{path}' holds no code block"
            yield _examples("quality.example-code", message=message, hint="Show input and output", path=path)


def _metadata_file(data: bytes, skill_id: str | None) -> Iterator[Finding]:
    try:
        metadata = orjson.loads(data)
    except orjson.JSONDecodeError:
        metadata = None
    if not isinstance(metadata, dict):
        message = "metadata.json is not a JSON object"
        yield Finding("quality.metadata-json", "error", "structure", message, "Repair or remove it", METADATA_PATH)
        return
    for key in _REQUIRED:
        if problem := _field_problem(metadata, key):
            yield _metadata(
                "quality.metadata-field", message=f"metadata.json: {key} {problem}", hint="Correct the field"
            )
    yield from _capabilities(metadata)
    if skill_id is not None and metadata.get("skill_id", skill_id) != skill_id:
        message = f"metadata.json says '{str(metadata['skill_id'])[:200]}', but the skill is '{skill_id}'"
        yield Finding("quality.metadata-id", "warning", "naming", message, "Correct skill_id", METADATA_PATH)


def _field_problem(metadata: dict[str, Any], key: str) -> str | None:
    if key not in metadata:
        return "is missing"
    value = metadata[key]
    if key in _PATTERNS and not (isinstance(value, str) and _PATTERNS[key].fullmatch(value)):
        return "has the wrong form"
    if key in _CHOICES and value not in _CHOICES[key]:
        return f"must be one of {', '.join(_CHOICES[key])}"
    if key in ("dependencies", "capabilities") and not isinstance(value, list):
        return "must be a list"
    return None


def _capabilities(metadata: dict[str, Any]) -> Iterator[Finding]:
    capabilities, weight = metadata.get("capabilities"), metadata.get("weight")
    if not isinstance(capabilities, list):
        return
    fewest, most = _CAPABILITIES.get(str(weight), (0, float("inf")))
    if not capabilities:
        message = "metadata.json names no capabilities"
    elif not fewest <= len(capabilities) <= most:
        message = f"metadata.json: {len(capabilities)} capabilities do not fit the weight {weight}"
    else:
        return
    yield _metadata("quality.capabilities", severity="warning", message=message, hint="Adjust capabilities or weight")
