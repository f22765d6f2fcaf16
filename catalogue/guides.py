"""How to load or install a skill by each contract: commands that run as they are, with the reader's own key."""

from __future__ import annotations

import shlex
from typing import NamedTuple
from urllib.parse import quote

from skills.catalog import folder_path
from skills.models import Skill

_KEY = '-H "Authorization: Bearer $GUILDHALL_KEY"'


class Guide(NamedTuple):
    title: str
    lead: str
    command: str


def guides_for(skill: Skill, base: str, archive: str) -> list[Guide]:
    """`base` is the address of this server without a slash at the end, `archive` the path of the skill as a ZIP."""
    place = folder_path(skill.category.path if skill.category else None, skill.slug).strip("/")
    folder = shlex.quote(f"{skill.slug}.zip")
    return [
        Guide(
            "Claude Code and other agents that read folders",
            "Download the folder, then unpack it where the agent looks for skills.",
            f"# from {base}{archive}\nunzip {folder} -d ~/.claude/skills/",
        ),
        Guide(
            "Claude Code v1",
            "The skill with its version and digest, for clients that keep their own copy.",
            f"curl -s {_KEY} \\\n  {_url(base, f'/api/code/v1/skills/{quote(skill.slug)}')}",
        ),
        Guide(
            "Skills Fleet",
            "By its place in the taxonomy.",
            f"curl -s {_KEY} \\\n  {_url(base, f'/api/v1/skills/{quote(place)}')}",
        ),
        Guide(
            "Kaman Skills",
            "By its id, with keywords, counters and files.",
            f"curl -s {_KEY} \\\n  {_url(base, f'/agent/api/skills/{skill.pk}')}",
        ),
    ]


def install_guide(skill: Skill, base: str) -> Guide:
    return Guide(
        "Kaman Skills",
        "Installs a copy into your tenant.",
        f"curl -s -X POST {_KEY} \\\n  {_url(base, f'/agent/api/skills/{skill.pk}/install')}",
    )


def _url(base: str, path: str) -> str:
    return shlex.quote(f"{base}{path}")
