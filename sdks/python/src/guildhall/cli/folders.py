"""Skills as folders: read from a folder or an archive, written so that nothing outside the folder is touched."""

from __future__ import annotations

import base64
import os
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from guildhall.cli.failures import NOT_FOUND, Failure

DOCUMENT = "SKILL.md"
MAX_FILES = 500
MAX_BYTES = 11 * 1024 * 1024
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.{0,65536}?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_PLAIN_LINE = re.compile(r"^(name|description):[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)
# Windows takes `C:`, `a?` and `con` for something else, and a skill shall mean the same everywhere.
_UNFIT = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]|[. ]$')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_PASSED_OVER = ("__pycache__", "__MACOSX", "node_modules")


@dataclass(frozen=True)
class File:
    data: bytes
    executable: bool = False


@dataclass(frozen=True)
class Folder:
    """A skill's files by path, SKILL.md among them. `source` is where they were read; `problem` why they cannot be."""

    source: str
    files: dict[str, File]
    problem: str = ""

    @property
    def text(self) -> str:
        """SKILL.md; raises UnicodeDecodeError."""
        return self.files[DOCUMENT].data.decode()

    @property
    def beside(self) -> dict[str, File]:
        return {path: file for path, file in self.files.items() if path != DOCUMENT}

    def names(self) -> tuple[str, str]:
        """Name and description as the front matter has them; the name is else the folder's."""
        found = _front_matter(self.text)
        name = str(found.get("name") or PurePosixPath(self.source).name).strip()
        return name, str(found.get("description") or "").strip()


def folder_of(content: str, files: Iterable[Any]) -> Folder:
    """What the server sent: the text, and files with `path`, `content`, `encoding` and `executable`."""
    found = {DOCUMENT: File(content.encode())}
    for file in files:
        check_path(file.path)
        data = base64.b64decode(file.content) if file.encoding == "base64" else file.content.encode()
        found[file.path] = File(data, file.executable is True)
    _check_together(list(found))
    return Folder("", found)


def check_path(path: str) -> None:
    """Refuses what is no plain relative path, on whatever system."""
    parts = path.split("/")
    fit = all(
        part not in ("", ".", "..") and not _UNFIT.search(part) and not _DEVICES.fullmatch(part) for part in parts
    )
    if not fit or len(path) > 1024:
        raise Failure(f"The skill has a file at {path[:200]!r}, which is no safe path; nothing was written")


def check_name(name: str) -> None:
    """Refuses what is no name of a folder."""
    if "/" in name:
        raise Failure(f"The skill's address {name[:200]!r} is no name of a folder; nothing was written")
    check_path(name)


def _check_together(paths: list[str]) -> None:
    """No two that are one file where case does not count, and none inside another."""
    folded = [path.casefold() for path in paths]
    folders = {parent for path in folded for parent in map(str, PurePosixPath(path).parents)}
    if len(set(folded)) < len(folded) or folders & set(folded):
        raise Failure("The skill has two files at one path; nothing was written")


def write_folder(target: Path, folder: Folder, *, force: bool) -> str:
    """Makes `target` hold these files and no others: whole, or not at all. Returns written, replaced or unchanged."""
    target.parent.mkdir(parents=True, exist_ok=True)
    status = "written"
    if os.path.lexists(target):
        if target.is_dir() and not target.is_symlink() and _contents(target, hidden=True) == folder.files:
            return "unchanged"
        _check_replaceable(target, force)
        status = "replaced"
    scratch = Path(tempfile.mkdtemp(prefix=".guildhall-", dir=target.parent))
    try:
        fresh = scratch / "new"
        for path, file in folder.files.items():
            _write(fresh / path, file)
        if status == "replaced":
            target.rename(scratch / "old")
        fresh.rename(target)
    except BaseException:
        with suppress(OSError):
            (scratch / "old").rename(target)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return status


def _check_replaceable(target: Path, force: bool) -> None:
    if not force:
        raise Failure(f"{target} is already there and says something else", "--force replaces it")
    if target.is_symlink() or not (target / DOCUMENT).is_file():
        raise Failure(f"{target} is no skill's folder, so it is not replaced", "Move it away, or choose another --to")


def _write(path: Path, file: File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.data)
    path.chmod(0o755 if file.executable else 0o644)


def read_folders(source: Path) -> Iterator[Folder]:
    """Every skill below a folder, or in a .zip. What lies below a SKILL.md belongs to its skill, other SKILL.md too."""
    if source.is_dir():
        for root in _roots(source):
            yield _read(root)
    elif source.is_file() and zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            yield from _unpacked(archive, source.stem)
    elif source.exists():
        raise Failure(f"{source} is neither a folder nor a .zip")
    else:
        raise Failure(f"{source} does not exist", code=NOT_FOUND)


def _roots(source: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(source):
        if DOCUMENT in files:
            folders.clear()
            yield Path(name)
        folders[:] = sorted(folder for folder in folders if not _is_passed_over(folder))


def _is_passed_over(name: str, hidden: bool = False) -> bool:
    return (name.startswith(".") and not hidden) or name in _PASSED_OVER


def _read(root: Path) -> Folder:
    source = root.resolve().as_posix()
    try:
        return Folder(source, _contents(root))
    except Failure as failure:
        return Folder(source, {}, failure.message)


def _contents(root: Path, *, hidden: bool = False) -> dict[str, File]:
    """The files below a folder, without links and, unless they are wanted, hidden ones."""
    found: dict[str, File] = {}
    size = 0
    for name, folders, files in os.walk(root):
        folders[:] = sorted(folder for folder in folders if not _is_passed_over(folder, hidden))
        for file in sorted(files):
            path = Path(name, file)
            mode = path.lstat()
            if _is_passed_over(file, hidden) or not stat.S_ISREG(mode.st_mode):
                continue
            size += mode.st_size
            _check_size(len(found) + 1, size)
            found[path.relative_to(root).as_posix()] = File(path.read_bytes(), bool(mode.st_mode & stat.S_IXUSR))
    return found


def _check_size(count: int, size: int) -> None:
    if count > MAX_FILES or size > MAX_BYTES:
        raise Failure(f"it has more than {MAX_FILES} files, or more than {MAX_BYTES // 2**20} MiB")


def _unpacked(archive: zipfile.ZipFile, name: str) -> Iterator[Folder]:
    members = {
        info.filename: info
        for info in archive.infolist()
        if not info.is_dir() and not any(_is_passed_over(part) for part in PurePosixPath(info.filename).parts)
    }
    documents = sorted(PurePosixPath(path).parent for path in members if PurePosixPath(path).name == DOCUMENT)
    roots = [root for root in documents if not any(other in root.parents for other in documents)]
    for root in roots:
        inside = {
            str(PurePosixPath(path).relative_to(root)): one for path, one in members.items() if _is_in(path, root)
        }
        source = name if root == PurePosixPath() else str(root)
        try:
            yield Folder(source, _members(archive, inside))
        except Failure as failure:
            yield Folder(source, {}, failure.message)


def _is_in(path: str, root: PurePosixPath) -> bool:
    return root in PurePosixPath(path).parents


def _members(archive: zipfile.ZipFile, inside: dict[str, zipfile.ZipInfo]) -> dict[str, File]:
    found: dict[str, File] = {}
    size = 0
    for path, info in inside.items():
        mode = info.external_attr >> 16
        if stat.S_ISLNK(mode):
            continue
        try:
            with archive.open(info) as member:
                data = member.read(MAX_BYTES + 1 - size)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise Failure(f"{path} cannot be unpacked: {error}") from error
        size += len(data)
        _check_size(len(found) + 1, size)
        found[path] = File(data, bool(mode & stat.S_IXUSR))
    return found


def _front_matter(text: str) -> dict[str, Any]:
    """Of YAML that cannot be read (an unquoted colon, mostly) the lines that say name and description."""
    opened = _FRONT_MATTER.match(text)
    if opened is None:
        return {}
    with suppress(yaml.YAMLError, ValueError, RecursionError):
        found = yaml.load(opened[1], Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes texts alone
        if isinstance(found, dict):
            return found
    return {name: value.strip("'\"") for name, value in _PLAIN_LINE.findall(opened[1])}
