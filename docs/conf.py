"""How Sphinx makes pages of docs/: `make docs`. Needs no network."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

project = "Guildhall"
author = "the Guildhall contributors"
copyright = f"2026, {author}. Apache-2.0"
release = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[0]

extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Guildhall {release}"
html_copy_source = False
html_show_sphinx = False
# What lies outside docs/ is linked by its place in the repository; pages cannot lead there.
suppress_warnings = ["myst.xref_missing"]
