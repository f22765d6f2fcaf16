"""Hostile archives and texts, made here, and a process that reads them all: `python -m tests.chaos.corpus`.

It prints a JSON line for each: what was said of it, CPU seconds, and what was written to disk meanwhile.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import resource
import stat
import struct
import sys
import tarfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.skills.test_archives import MIB, SKILL, make_tar, make_zip

ESCAPES = (
    "../evil", "a/../../evil", "/etc/passwd", "C:/evil", "c:evil", "a\\..\\evil", "\\\\host\\share", "..", "a/..",
    "a/./../../b", "//host/share",
)  # fmt: skip
GOOD = {"a/SKILL.md": SKILL}
Change = Callable[[Any], None]


def patched(data: bytes, at: int, *values: int) -> bytes:
    changed = bytearray(data)
    changed[at : at + len(values)] = bytes(values)
    return bytes(changed)


def typed(name: str, kind: bytes, link: str = "") -> Change:
    def change(info: tarfile.TarInfo) -> None:
        if info.name == name:
            info.type, info.size, info.linkname = kind, 0, link

    return change


def moded(name: str, mode: int) -> Change:
    def change(info: zipfile.ZipInfo) -> None:
        if info.filename == name:
            info.external_attr = mode << 16

    return change


def zips() -> Iterator[tuple[str, bytes, str]]:
    """(name, bytes, what must be said: a code, or `problem` where it costs its skill only, or `empty`)"""
    for name in ESCAPES:
        yield f"a zip with {name}", make_zip({**GOOD, name: b"x"}), "archive_path"
    whole = make_zip({**GOOD, "a/more": b"more" * 1000})
    central = whole.index(b"PK\x01\x02")
    yield "a NUL in a name", make_zip({**GOOD, "a/okXpng": b"x"}).replace(b"okXpng", b"ok\0png"), "archive_path"
    yield "a symlink", make_zip({**GOOD, "a/l": b"/etc/passwd"}, moded("a/l", stat.S_IFLNK | 0o777)), "problem"
    for kind in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK):
        yield f"a device {kind}", make_zip({**GOOD, "a/d": b""}, moded("a/d", kind | 0o666)), "archive_special"
    yield "an encrypted member", patched(patched(whole, 6, 1), central + 8, 1), "archive_encrypted"
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            archive.writestr("a/SKILL.md", SKILL)
        yield f"compression {method}", buffer.getvalue(), "archive_method"
    twice = io.BytesIO(make_zip(GOOD))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(twice, "a") as archive:
            archive.writestr("a/SKILL.md", b"other")
    yield "the same name twice", twice.getvalue(), "archive_duplicate"
    yield "two documents", make_zip({**GOOD, "a/skill.md": SKILL}), "problem"
    yield "a wrong checksum", patched(whole, central + 16, 1, 2, 3, 4), "archive_damaged"
    yield "a size that lies", patched(whole, central + 24, 10, 0, 0, 0), "archive_damaged"
    yield "a packed size that lies", patched(whole, central + 20, 0xFF, 0xFF, 0, 0), "archive_damaged"
    yield "sizes of zip64 that are not there", patched(whole, central + 20, *[0xFF] * 8), "archive_damaged"
    yield "a directory beyond the end", patched(whole, len(whole) - 6, 0xFF, 0xFF, 0xFF, 0x7F), "archive_polyglot"
    yield "members that lie over each other", overlapping(), "archive_damaged"
    yield "another name at the member", patched(whole, 30, *b"b/SKILL.md"), "archive_damaged"
    yield "something before it", b"PK\x03\x04 something before" + whole, "archive_polyglot"
    for share in (0.2, 0.6, 0.95):
        yield f"{share} of a zip", whole[: int(len(whole) * share)], "archive_damaged"
    yield "a bomb", make_zip({**GOOD, "a/zeros": bytes(40 * MIB)}), "archive_ratio"
    yield "many small bombs", make_zip({**GOOD, **{f"a/{n}": bytes(MIB) for n in range(20)}}), "archive_ratio"
    yield "501 members", make_zip({**GOOD, **{f"a/{n}": b"" for n in range(501)}}), "archive_too_many_members"
    yield "more than 20 MiB", whole + random.Random(1).randbytes(20 * MIB), "archive_too_large"
    yield "a file above 5 MiB", make_zip({**GOOD, "a/big": random.Random(2).randbytes(6 * MIB)}), "problem"
    yield "an empty zip", make_zip({}), "empty"
    yield "a zip without skills", make_zip({"README.md": b"x"}), "empty"
    yield "a nested bomb, kept as the file it is", make_zip({**GOOD, "a/in.zip": make_zip({"x": bytes(MIB)})}), "kept"


def overlapping() -> bytes:
    """Two entries of the directory for one member."""
    whole = make_zip({"a/SKILL.md": SKILL * 500})
    central, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entry = whole[central:end]
    second = entry.replace(b"a/SKILL.md", b"b/SKILL.md")
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(entry) * 2, central, 0)
    return whole[:central] + entry + second + tail


def tars() -> Iterator[tuple[str, bytes, str]]:
    for name in ESCAPES:
        yield f"a tar with {name}", make_tar({**GOOD, name: b"x"}), "archive_path"
    for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE, tarfile.CONTTYPE):
        code = "kept" if kind == tarfile.CONTTYPE else "archive_special"
        yield f"a tar's {kind!r}", make_tar({**GOOD, "a/d": b""}, typed("a/d", kind)), code
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        for target in ("/etc/passwd", "../../x", "SKILL.md"):
            made = make_tar({**GOOD, "a/l": b""}, typed("a/l", kind, target))
            yield f"a link {kind!r} to {target}", made, "problem"
    plain = make_tar({**GOOD, "b/SKILL.md": SKILL * 900}, gz=False)
    packed = gzip.compress(plain, mtime=0)
    for share in (0.2, 0.5, 0.8):
        yield f"{share} of a tar", plain[: int(len(plain) * share)], "archive_damaged"
        yield f"{share} of a tar.gz", packed[: int(len(packed) * share)], "archive_damaged"
    yield "a wrong checksum of gzip", patched(packed, len(packed) - 8, 1, 2), "archive_damaged"
    yield "a wrong size of gzip", patched(packed, len(packed) - 4, 1, 2), "archive_damaged"
    yield "rubbish after gzip", packed + b"rubbish after the end", "archive_damaged"
    yield "a broken header", patched(plain, plain.index(b"b/SKILL.md"), 0xFF), "archive_damaged"
    yield "a size below zero", resized(plain, b"\xff" * 12), "archive_damaged"
    yield "a size of 2^60", resized(plain, b"\x80\0\0\0\x10" + b"\0" * 7), "archive_too_large"
    yield "a size of letters", resized(plain, b"zzzzzzzzzzz\0"), "archive_damaged"
    yield "the same name twice in a tar", make_tar({**GOOD, "./a/SKILL.md": b"other"}), "archive_duplicate"
    yield "a bomb in a tar", make_tar({**GOOD, "a/zeros": bytes(40 * MIB)}), "archive_ratio"
    yield "501 members of a tar", make_tar({**GOOD, **{f"a/{n}": b"" for n in range(501)}}), "archive_too_many_members"
    yield "a tar and a zip", make_tar(GOOD, gz=False) + make_zip(GOOD), "archive_polyglot"
    for key, value, code in (
        ("path", "../../evil", "archive_path"),
        ("path", "/evil", "archive_path"),
        ("comment", "x" * 100_000, "archive_too_large"),
        ("size", "99999999999", "archive_too_large"),
        ("GNU.sparse.major", "1", "kept"),
    ):
        yield f"a header with {key} {value[:12]}", make_tar(GOOD, headed(key, value), gz=False), code
    yield "a name of 70,000 letters", make_tar({**GOOD, "a/" + "x" * 70_000: b""}, gz=False), "archive_too_large"
    yield "a tar of another age", patched(plain, 257, *b"\0" * 8), "archive_format"
    yield "gzip in gzip", gzip.compress(packed, mtime=0), "archive_format"


def headed(key: str, value: str) -> Change:
    def change(info: tarfile.TarInfo) -> None:
        info.pax_headers = {key: value}

    return change


def resized(tar: bytes, size: bytes) -> bytes:
    """The first member's size field rewritten, under a right checksum."""
    header = bytearray(tar[:512])
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + tar[512:]


def others() -> Iterator[tuple[str, bytes, str]]:
    for data in (
        b"",
        b"hello",
        b"\x7fELF\0",
        b"[1]",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a\x07",
        b"%PDF-1.7",
        b"\0" * 2000,
    ):
        yield f"no archive: {data[:8]!r}", data, "archive_format"
    yield "an end of zip alone", b"PK\x03\x04", "archive_damaged"
    yield "records of no JSON", b'{"name": "x"}\n{"name": ', "problem"
    yield "records nested deep", b'{"name": ' + b"[" * 100_000, "problem"
    yield "a record that is a list", b'{"name": "x"}\n[1]\n', "problem"
    yield "records not in UTF-8", b'{"name": "\xff"}', "problem"
    yield "records without a name", b'{"body": "x"}', "problem"
    yield "a record with numbers for texts", b'{"name": 5, "body": {}}', "problem"
    yield "a bomb of one record", gzip.compress(b'{"name": "x", "body": "' + b"x" * 40 * MIB + b'"}'), "archive_ratio"
    yield "501 records", b'{"name": "x"}\n' * 501, "archive_too_many_members"


def documents() -> Iterator[tuple[str, str, str]]:
    """(name, SKILL.md, the rule that names what is wrong, or '' where it is kept as it is)"""
    levels = "\n".join(f"l{n}: [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9))
    for name, raw, rule in (
        ("an alias bomb", f"l0: &l0 [x]\n{levels}", "anchor"),
        ("an alias of nothing", "a: *x", "alias"),
        ("a Python object", "a: !!python/object/apply:os.system [ls]", "tag"),
        ("a tag of its own", "a: !x y", "tag"),
        ("a merge", "a: &a {b: 1}\nc:\n  <<: *a", "anchor"),
        ("20 levels", "a: " + "[" * 20 + "]" * 20, "too-deep"),
        ("30,000 brackets", "a: " + "[" * 30_000, "too-deep"),
        ("30,000 braces", "a: " + "{b: " * 10_000, "too-deep"),
        ("levels by indent", "\n".join(" " * n + f"k{n}:" for n in range(60)), "too-deep"),
        ("70,000 characters", "a: " + "x" * 70_000, "too-large"),
        ("10,000 keys", "\n".join(f"k{n}: {n}" for n in range(10_000)), "too-large"),
        ("the same key twice", "name: a\nname: b", "duplicate-key"),
        ("a list", "- a\n- b", "not-a-mapping"),
        ("words", "just words", "not-a-mapping"),
        ("a key that is a list", "? [a]\n: b", "invalid-yaml"),
        ("two YAML documents", "name: x\n...\nother: y", "invalid-yaml"),
        ("an unclosed quote", 'name: "x\ndescription: y', "invalid-yaml"),
        ("tabs for indent", "a:\n\t- b", "invalid-yaml"),
        ("a control character", "name: a\x07b", "invalid-yaml"),
    ):
        yield name, f"---\n{raw}\n---\n# Body\n", rule
    yield "front matter that never ends", "---\nname: x\n# Body\n", "unclosed"


def texts() -> Iterator[tuple[str, str]]:
    """Markdown that is slow, deep or not meant to be shown."""
    yield "quotes in quotes", "> " * 20_000 + "x"
    yield "lists in lists", "\n".join("  " * n + "- x" for n in range(1000))
    yield "open brackets", "[" * 50_000
    yield "open emphasis", "*a _b " * 25_000
    yield "open code", "`" * 30_000 + "x " + "``x " * 10_000
    yield "open links", "[a](" * 30_000
    yield "references", "".join(f"[a{n}]: /x\n" for n in range(5000)) + "[a1] " * 5000
    yield "a wide table", "|".join(["x"] * 3000) + "\n" + "|".join(["-"] * 3000) + "\n"
    yield "entities", "&" * 50_000 + "&#0;&#xD800;&#1114112;"
    yield "HTML", "<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=javascript:alert(1)>"
    yield (
        "links that run",
        "[x](javascript:alert(1)) [y](data:text/html,x) [z](VBSCRIPT:x) <javascript:alert(1)> ![i](http://x/y)",
    )


class Watch:
    """What this process writes outside the folder for temporary files."""

    def __init__(self) -> None:
        self.written: list[str] = []
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self.written.append(str(arguments[0]))
        elif event in (
            "os.mkdir",
            "os.rename",
            "os.symlink",
            "os.link",
            "os.remove",
            "os.chmod",
            "subprocess.Popen",
            "os.system",
        ):
            self.written.append(f"{event} {arguments[0]}")


def said_of_archive(data: bytes) -> str:
    from core.errors import Invalid
    from skills.archives import UPLOAD_LIMITS, read_skills

    try:
        folders = list(read_skills(data, UPLOAD_LIMITS))
    except Invalid as refusal:
        return refusal.code
    from skills.validation import validate_folder

    if not folders:
        return "empty"
    for folder in folders:
        report = validate_folder({file.path: file.data for file in folder.files}, folder.folder_name)
        if folder.problems or not report.passed("importable"):
            return "problem"
    return "kept"


def said_of_document(text: str) -> str:
    from skills.document import parse

    problems = parse(text).problems
    return problems[0].code if problems else ""


def said_of_text(text: str) -> str:
    from core.markdown import render_markdown

    html = render_markdown(text).lower()
    bad = ("<script", "<img", "<iframe", "onerror=", 'href="javascript', 'href="data', 'href="vbscript')
    return next((word for word in bad if word in html and word != "onerror="), "safe")


def main() -> None:
    import django

    django.setup()
    cases: list[tuple[str, Any, str, Callable[[Any], str]]] = []
    for source in (zips, tars, others):
        cases += [(name, data, wanted, said_of_archive) for name, data, wanted in source()]
    cases += [(name, text, wanted, said_of_document) for name, text, wanted in documents()]
    cases += [(name, text, "safe", said_of_text) for name, text in texts()]
    for _, text, _ in list(documents())[:1]:
        said_of_document(text)
    said_of_archive(make_zip(GOOD)), said_of_text("x")  # what is imported late is imported now
    forget_peak()
    watch = Watch()
    for name, data, wanted, say in cases:
        begun = time.process_time()
        said = say(data)
        seconds = time.process_time() - begun
        line = {"name": name, "said": said, "wanted": wanted, "seconds": round(seconds, 3), "peak": peak_bytes()}
        sys.stdout.write(json.dumps(line | {"written": watch.written}) + "\n")


def forget_peak() -> None:
    """What building them took does not count, where the system can tell them apart."""
    forgetting = Path("/proc/self/clear_refs")
    if forgetting.exists():
        forgetting.write_text("5")


def peak_bytes() -> int:
    """The most memory this process has held since `forget_peak`."""
    status = Path("/proc/self/status")
    if status.exists():
        return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
