"""The members of a folder tree, a zip or a tar archive, one after the other, under names that cannot escape."""

from __future__ import annotations

import os
import re
import stat
import tarfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, Final, Literal, Self, TypeAlias

from skills.archives.limits import CHUNK_BYTES, CountingReader, Limits, damage_named, refused

Kind: TypeAlias = Literal["file", "link", "special"]
# What version control and macOS leave behind.
IGNORED_FOLDERS: Final = frozenset({".git", ".hg", ".svn", "__MACOSX"})
_MAX_TAR_HEADER: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """`name` is relative with forward slashes; `read(n)` gives at most n bytes, and only until the next member."""

    name: str
    kind: Kind
    executable: bool
    read: Callable[[int], bytes]


class Members(ABC):
    """Can be gone through several times; `checked()` does so once with everything read, and refuses as a whole."""

    # Where skills stand that lie at the very top; None leaves their folder without a name.
    root_name: str | None = None

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    @abstractmethod
    def __iter__(self) -> Iterator[Member]: ...

    def checked(self) -> Iterator[Member]:
        seen: set[str] = set()
        for member in self:
            if member.name in seen:
                raise refused("duplicate", f"The archive holds '{member.name}' twice")
            seen.add(member.name)
            if len(seen) > self._limits.members:
                raise refused("too_many_members", f"The archive holds more than {self._limits.members} files")
            yield member


class TreeMembers(Members):
    """A folder on disk. Links are not followed; sockets and devices are left alone."""

    def __init__(self, root: Path, limits: Limits) -> None:
        super().__init__(limits)
        self._root = root
        self.root_name = root.resolve().name or None

    def __iter__(self) -> Iterator[Member]:
        for folder, folders, names in os.walk(self._root):
            folders[:] = sorted(set(folders) - IGNORED_FOLDERS)
            links = [name for name in folders if Path(folder, name).is_symlink()]
            for name in sorted([*names, *links]):
                path = Path(folder, name)
                mode = path.lstat().st_mode
                yield Member(path.relative_to(self._root).as_posix(), _kind(mode), _executable(mode), _reader(path))


class ZipMembers(Members):
    _METHODS: ClassVar = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    _ENCRYPTED: ClassVar = 0x1

    def __init__(self, opened: Callable[[], BinaryIO], *, limits: Limits, size: int) -> None:
        super().__init__(limits)
        self._opened = opened
        self._size = size

    @staticmethod
    def ends_as_zip(opened: Callable[[], BinaryIO]) -> bool:
        with opened() as file:
            return zipfile.is_zipfile(file)

    def __iter__(self) -> Iterator[Member]:
        with self._opened() as file, damage_named(), zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                if member := self._member(archive, info):
                    yield member

    def checked(self) -> Iterator[Member]:
        """Unpacks every member once, which proves its checksum, and counts what really comes out."""
        with self._opened() as file, damage_named(), zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if sum(info.compress_size for info in infos) > self._size:
                raise refused("damaged", "The archive is damaged: members overlap")
            if min((info.header_offset for info in infos), default=0):
                raise refused("polyglot", "The archive does not start at the start of the file")
            allowed = self._limits.unpacked_bytes(self._size)
            for info in infos:
                allowed -= self._unpacked_size(archive, info, allowed)
        yield from super().checked()

    def _unpacked_size(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowed: int) -> int:
        if info.flag_bits & self._ENCRYPTED:
            raise refused("encrypted", f"'{info.filename}' is encrypted")
        if info.compress_type not in self._METHODS:
            raise refused("method", f"'{info.filename}' is compressed in an unusual way; use deflate")
        size = 0
        with archive.open(info) as unpacked:
            while chunk := unpacked.read(CHUNK_BYTES):
                size += len(chunk)
                if size > allowed:
                    raise refused("ratio", "The archive unpacks to far more than its size allows")
        return size

    @staticmethod
    def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member | None:
        name = member_name(info.orig_filename)
        if info.is_dir() or is_ignored(name):
            return None
        mode = info.external_attr >> 16

        def read(limit: int) -> bytes:
            with archive.open(info) as unpacked:
                return unpacked.read(limit)

        return Member(name, _archive_kind(name, _kind(mode) if stat.S_IFMT(mode) else "file"), _executable(mode), read)


class TarMembers(Members):
    def __init__(self, opened: Callable[[], CountingReader], limits: Limits) -> None:
        super().__init__(limits)
        self._opened = opened

    def __iter__(self) -> Iterator[Member]:
        with (
            self._opened() as reader,
            damage_named(),
            tarfile.open(fileobj=reader, mode="r|", tarinfo=_BoundedTarInfo) as archive,
        ):
            for info in archive:
                # tarfile passes over a member in steps of 10 KiB, also where nothing is left to pass over.
                if info.size > self._limits.total_bytes:
                    raise refused("too_large", f"'{info.name[:200]}' claims to have {info.size} bytes")
                if member := self._member(archive, info):
                    yield member
            end = archive.offset
            reader.drain()
            # tarfile stops silently at a broken header or a cut: only zeros may follow the last member.
            if reader.content_end > end or reader.position < end + tarfile.BLOCKSIZE:
                raise refused("damaged", "The archive is damaged: it breaks off before its end")

    @staticmethod
    def _member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member | None:
        name = member_name(info.name)
        if info.isdir() or is_ignored(name):
            return None
        regular = info.isreg() and not info.issparse()
        kind: Kind = "file" if regular else "link" if info.issym() or info.islnk() else "special"

        def read(limit: int) -> bytes:
            file = archive.extractfile(info)
            return file.read(limit) if file else b""

        return Member(name, _archive_kind(name, kind), _executable(info.mode), read)


class _BoundedTarInfo(tarfile.TarInfo):
    """tarfile holds long names and extended headers in memory at their declared size: they are kept small here."""

    _HEADERS: ClassVar = (b"x", b"g", b"X", b"L", b"K")

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        info = super().frombuf(buf, encoding, errors)
        if info.type in cls._HEADERS and info.size > _MAX_TAR_HEADER:
            raise refused("too_large", "The archive has a header of unreasonable size")
        return info


def member_name(raw: str) -> str:
    """The name of an archive's member without a leading `./`; refuses every way out of the archive."""
    if "\0" in raw or "\\" in raw:
        raise refused("path", f"The archive holds a name with a backslash or a NUL: {raw[:200]!r}")
    if raw.startswith("/") or re.match(r"[A-Za-z]:", raw) or ".." in raw.split("/"):
        raise refused("path", f"The archive holds a name that leads out of it: {raw[:200]!r}")
    name = raw.rstrip("/")
    while name.startswith("./"):
        name = name[2:]
    return name


def is_ignored(name: str) -> bool:
    return not IGNORED_FOLDERS.isdisjoint(name.split("/")[:-1])


def _archive_kind(name: str, kind: Kind) -> Kind:
    if kind == "special":
        raise refused("special", f"'{name}' is neither a file nor a folder")
    return kind


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return "file"
    return "link" if stat.S_ISLNK(mode) else "special"


def _executable(mode: int) -> bool:
    return bool(mode & 0o111)


def _reader(path: Path) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with open(path, "rb", opener=_no_follow) as file:
            return file.read(limit)

    return read


def _no_follow(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)
