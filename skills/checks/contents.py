"""Files that are no text: programs, archives, and what is too large to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skills.checks.findings import Finding

# The first bytes tell, whatever the name says.
_PROGRAMS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x7fELF", "Linux"),
    (b"MZ", "Windows"),
    (b"\xfe\xed\xfa\xce", "macOS"),
    (b"\xfe\xed\xfa\xcf", "macOS"),
    (b"\xce\xfa\xed\xfe", "macOS"),
    (b"\xcf\xfa\xed\xfe", "macOS"),
    (b"\xca\xfe\xba\xbe", "Java or macOS"),
    (b"\x00asm", "WebAssembly"),
    (b"dex\n", "Android"),
    (b"!<arch>\n", "a library"),
)
_ARCHIVES: Final = (
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!",
    b"\x28\xb5\x2f\xfd",
)  # fmt: skip
_DOCUMENTS: Final = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".dotx", ".xltx", ".potx")
_HARMLESS: Final = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"RIFF", b"wOFF", b"wOF2", b"OTTO", b"ttcf",
    b"\x00\x01\x00\x00\x00", b"true\x00", b"\x00\x00\x01\x00", b"BM", b"ID3", b"OggS", b"fLaC", b"SQLite format 3\x00",
    b"II*\x00", b"MM\x00*", b"\xff\xfe", b"\xfe\xff", b"\xff\xfb", b"\x1aE\xdf\xa3",
)  # fmt: skip
# MP4 and its kin name their kind behind a length.
_BOXED: Final = b"ftyp"
LARGE: Final = 1024 * 1024


def binary_findings(path: str, data: bytes) -> Iterator[Finding]:
    """Of a file that is not text."""
    program = next((system for magic, system in _PROGRAMS if data.startswith(magic)), None)
    if program and not (program == "Windows" and len(data) < 64):
        yield Finding(
            "file.program", "high", path, None, f"A compiled program ({program}); nobody can read what it does"
        )
    elif path.lower().endswith(_DOCUMENTS) and data.startswith(b"PK"):
        return
    elif data.startswith(_ARCHIVES):
        yield Finding("file.archive", "low", path, None, "An archive; its files are not checked here")
    elif not data.startswith(_HARMLESS) and data[4:8] != _BOXED:
        yield Finding("file.binary", "medium", path, None, "Binary data of no known kind")


def size_findings(path: str, size: int) -> Iterator[Finding]:
    if size > LARGE:
        message = f"{size / 1024**2:.1f} MiB; more than an agent should read"
        yield Finding("file.oversized", "low", path, None, message)


def mode_findings(path: str, executable: bool, is_script: bool) -> Iterator[Finding]:
    if executable and not is_script:
        yield Finding("file.executable", "low", path, None, "Marked to be run, and it is no script")
