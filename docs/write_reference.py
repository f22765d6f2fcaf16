"""Writes the reference (docs/reference) from the code: `python docs/write_reference.py`; with --check it only compares.

A page is text by hand around the lines between its markers, which are generated. Needs no database. `PARTS` of a page's
module makes what goes between each pair of markers, in their order.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

REFERENCE: Final = ROOT / "docs" / "reference"
_BEGIN, _END = "<!-- generated -->\n", "<!-- until here -->"
_BETWEEN = re.compile(f"{_BEGIN}.*?{_END}", re.DOTALL)


def generated() -> dict[Path, str]:
    """Each page of the reference with its text as the code wants it now."""
    return {path: _filled(path.read_text(), parts) for path, parts in _pages().items()}


def stale() -> list[str]:
    """The names of pages that the code has left behind."""
    return [path.name for path, text in generated().items() if path.read_text() != text]


def _filled(page: str, parts: Sequence[Callable[[], str]]) -> str:
    left = iter(parts)
    return _BETWEEN.sub(lambda _: f"{_BEGIN}\n{next(left)()}\n\n{_END}", page)


def _pages() -> dict[Path, Sequence[Callable[[], str]]]:
    import django

    django.setup()
    from reference_pages import commands, errors, metrics, openapi, settings

    modules = (settings, commands, metrics, errors, openapi)
    return {REFERENCE / f"{module.__name__.rpartition('.')[2]}.md": module.PARTS for module in modules}


def main(words: Iterable[str]) -> int:
    if "--check" in words:
        for name in (behind := stale()):
            sys.stderr.write(f"docs/reference/{name} is not what the code says; run: make docs\n")
        return 1 if behind else 0
    for path, text in generated().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
