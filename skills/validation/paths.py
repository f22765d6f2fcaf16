"""Which paths a skill's files may have: any that every client can write safely, in whatever script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from core.errors import Invalid
from skills.document import DOCUMENT_PATH

MAX_PART_BYTES: Final = 255
MAX_PATH_BYTES: Final = 512
MAX_DEPTH: Final = 16

# Windows reads these as devices whatever their extension; git refuses to check out the second group.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\..*)?", re.IGNORECASE)
_GIT = re.compile(r"\.git|git~[0-9]+", re.IGNORECASE)
_WINDOWS_ONLY = re.compile(r'[<>:"|?*]')
# Control, format (bidi, zero width, tags), surrogate, private use, unassigned; line and paragraph separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def path_problem(path: str) -> str | None:
    """Why a path is refused, or None. Letters of every script, spaces, `+ @ ( ) ,` and the like are fine.

    Refused is what escapes the folder, what some client cannot write, and what looks like something else.
    """
    if not path:
        return "is empty"
    if any(unicodedata.category(character) in _INVISIBLE for character in path):
        return "holds a control or invisible character"
    if "\\" in path:
        return "holds a backslash"
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        return "is absolute"
    if unicodedata.normalize("NFC", path) != path:
        return "is not in Unicode normal form C"
    if len(path.encode()) > MAX_PATH_BYTES:
        return f"is longer than {MAX_PATH_BYTES} bytes"
    parts = path.split("/")
    if len(parts) > MAX_DEPTH:
        return f"is deeper than {MAX_DEPTH} folders"
    return next((problem for part in parts if (problem := _part_problem(part))), None)


def path_problems(paths: Iterable[str], *, taken: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """(path, why) for each refused path of one folder, those that clash on some file system with another included."""
    files: dict[str, str] = {_folded(path): path for path in taken}
    folders: dict[str, str] = {}
    for path in paths:
        if problem := path_problem(path):
            yield path, problem
            continue
        folded = _folded(path)
        parents = ["/".join(folded.split("/")[:depth]) for depth in range(1, folded.count("/") + 1)]
        if other := files.get(folded):
            yield path, "is given twice" if other == path else f"differs from '{other}' only in case or Unicode form"
        elif other := folders.get(folded):
            yield path, f"is a file, but '{other}' needs a folder of that name"
        elif other := next((files[parent] for parent in parents if parent in files), None):
            yield path, f"needs a folder where '{other}' is a file"
        files.setdefault(folded, path)
        for parent in parents:
            folders.setdefault(parent, path)


def check_path(path: str, *, field: str = "path") -> None:
    """Raises Invalid naming the path."""
    if problem := path_problem(path):
        raise _invalid(path, problem, field)


def check_paths(paths: Iterable[str], *, field: str = "supporting_files") -> None:
    """Raises Invalid for the first path that is unsafe, clashes with another, or takes the place of SKILL.md."""
    for path, problem in path_problems(paths, taken=(DOCUMENT_PATH,)):
        raise _invalid(path, problem, field)


def _invalid(path: str, problem: str, field: str) -> Invalid:
    shown = path.encode("unicode_escape").decode() if "invisible" in problem else path
    message = f"The path '{shown[:300]}' {problem}"
    return Invalid(message, code="invalid_path", fields={field: [message]})


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _part_problem(part: str) -> str | None:
    if part in ("", ".", ".."):
        return f"holds the part '{part}'" if part else "holds an empty part"
    if part[-1] in ". " or part[0] == " ":
        return "holds a part that starts with a space or ends with a space or a dot"
    if len(part.encode()) > MAX_PART_BYTES:
        return f"holds a part longer than {MAX_PART_BYTES} bytes"
    if _WINDOWS_ONLY.search(part) or _DEVICE.fullmatch(part):
        return f"holds '{part}', which Windows cannot write"
    if _GIT.fullmatch(part):
        return f"holds '{part}', which belongs to git"
    return None
