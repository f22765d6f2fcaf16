"""The pages of the documentation as the tests see them: their blocks of code, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parent.parent.parent
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """`language` is bash for what is run here, console for what cannot be, text for what the block before prints."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """All that people read, in a fixed order; decisions are no instructions."""
    docs = ROOT / "docs"
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", docs / "index.md", docs / "tutorial.md"]
    return found + sorted(
        path for folder in ("how-to", "reference", "explanation") for path in (docs / folder).rglob("*.md")
    )


def blocks(page: Path) -> list[Block]:
    text = page.read_text()
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[2], dedent(found[3]))
        for found in _FENCE.finditer(text)
    ]


def commands(page: Path) -> list[tuple[Block, Block | None]]:
    """The page's bash blocks, each with the output that the page shows right below it."""
    return [
        (block, after if after is not None and after.language == "text" else None)
        for block, after in pairwise([*blocks(page), None])
        if block is not None and block.language == "bash"
    ]
