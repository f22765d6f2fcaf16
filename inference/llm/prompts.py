"""Prompts are files (inference/prompts/*.md): front matter with name, version and variables; what the model is; and,
after a line `<!-- user -->`, what it is asked. `{{ name }}` is where a variable goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent.parent / "prompts"
_FILE = re.compile(r"\A---\n(.*?)\n---\n(.*?)\n<!-- user -->\n(.*)\Z", re.S)
_VARIABLE = re.compile(r"\{\{ ([a-z_]+) \}\}")
_DATA_TAG = re.compile(r"<(?=/?data\b)", re.I)


@dataclass(frozen=True)
class Prompt:
    """A prompt file. Raises ValueError where its text and its declaration differ: a fault of ours, found by tests."""

    name: str
    version: int
    variables: frozenset[str]
    system: str
    user: str

    @classmethod
    def parse(cls, text: str) -> Prompt:
        found = _FILE.match(text)
        if found is None:
            raise ValueError("A prompt is front matter, text, a line '<!-- user -->' and text")
        head = yaml.safe_load(found[1])
        declared, used = frozenset(head["variables"]), frozenset(_VARIABLE.findall(found[2] + found[3]))
        if declared != used:
            raise ValueError(f"{head['name']}: declared and used variables differ: {sorted(declared ^ used)}")
        return cls(str(head["name"]), int(head["version"]), declared, found[2].strip(), found[3].strip())

    def messages(self, values: Mapping[str, str]) -> list[dict[str, str]]:
        """The prompt with its variables filled in. What people wrote cannot end the `<data>` it stands in."""
        if frozenset(values) != self.variables:
            raise ValueError(
                f"{self.name}: given and declared variables differ: {sorted(self.variables ^ set(values))}"
            )

        def fill(text: str) -> str:
            return _VARIABLE.sub(lambda found: _DATA_TAG.sub("&lt;", values[found[1]]), text)

        return [{"role": "system", "content": fill(self.system)}, {"role": "user", "content": fill(self.user)}]


@cache
def prompt(name: str) -> Prompt:
    return Prompt.parse((FOLDER / f"{name}.md").read_text("utf-8"))
