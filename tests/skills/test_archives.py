"""Skill folders are read out of anything, and hostile archives are refused whole, each for a named reason."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import random
import stat
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Invalid
from skills.archives import REGISTRY_LIMITS, UPLOAD_LIMITS, Limits, SkillFolder, read_skills

FOLDERS = Path(__file__).parents[3] / "shared" / "data" / "skill-folders.tar.gz"
MIB = 1024 * 1024
SKILL = b"---\nname: one\ndescription: Does. Use when asked.\n---\nbody\n"
FILES = {
    "README.md": b"outside",
    "skills/one/SKILL.md": SKILL,
    "skills/one/scripts/run.sh": b"#!/bin/sh\n",
    "skills/one/assets/logo.bin": bytes(range(256)),
    "skills/one/nested.zip": b"PK\x03\x04 kept as it is",
    "skills/one/parts/inner/SKILL.md": b"---\nname: inner\n---\n",
    "skills/two/skill.md": b"# Two",
}
EXECUTABLE = "skills/one/scripts/run.sh"


def make_zip(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | (0o755 if name == EXECUTABLE else 0o644)) << 16
            if change:
                change(info)
            archive.writestr(info, data)
    return buffer.getvalue()


def make_tar(
    files: dict[str, bytes], change: Callable[[tarfile.TarInfo], None] | None = None, *, gz: bool = True
) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz" if gz else "w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mode = 0o755 if name == EXECUTABLE else 0o644
            if change:
                change(info)
            archive.addfile(info, io.BytesIO(data) if info.isreg() else None)
    return buffer.getvalue()


def make_tree(files: dict[str, bytes], root: Path) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if name == EXECUTABLE else 0o644)
    return root


def read(source: bytes | Path, limits: Limits = UPLOAD_LIMITS) -> dict[str, SkillFolder]:
    skills = read_skills(source, limits)
    found = {folder.source_path: folder for folder in skills}
    assert len(skills) == len(found)
    return found


def refusal(source: bytes | Path, limits: Limits = UPLOAD_LIMITS) -> str:
    with pytest.raises(Invalid) as caught:
        read(source, limits)
    return caught.value.code


# -------------------------------------------------------------------------------------------------- what is read


@pytest.mark.parametrize("form", ["tree", "zip", "tar", "tar.gz"])
def test_every_form_gives_the_same_skills(form: str, tmp_path: Path) -> None:
    root = tmp_path / "collection"
    sources: dict[str, Callable[[], bytes | Path]] = {
        "tree": lambda: make_tree(FILES, root),
        "zip": lambda: make_zip(FILES),
        "tar": lambda: make_tar(FILES, gz=False),
        "tar.gz": lambda: make_tar(FILES),
    }
    found = {path.removeprefix("collection/"): folder for path, folder in read(sources[form]()).items()}
    assert set(found) == {"skills/one", "skills/two"}
    assert found["skills/two"].folder_name == "two"
    files = {f"skills/one/{file.path}": file.data for file in found["skills/one"].files}
    assert files == {name: data for name, data in FILES.items() if name.startswith("skills/one/")}
    assert [file.path for file in found["skills/one"].files if file.executable] == ["scripts/run.sh"]


def test_a_skill_at_the_top_takes_the_name_of_its_folder_or_none(tmp_path: Path) -> None:
    files = {"SKILL.md": SKILL, "a.txt": b""}
    in_tree = read(make_tree(files, tmp_path / "mine"))["mine"]
    assert (in_tree.folder_name, len(in_tree.files)) == ("mine", 2)
    for source in (make_zip(files), make_tar({f"./{name}": data for name, data in files.items()})):
        in_archive = read(source)["."]
        assert (in_archive.folder_name, [file.path for file in in_archive.files]) == (None, ["SKILL.md", "a.txt"])


def test_version_control_and_finder_leftovers_are_left_out(tmp_path: Path) -> None:
    files = {"one/SKILL.md": SKILL, "one/.git/config": b"x", "__MACOSX/one/._SKILL.md": b"x", "one/.gitignore": b""}
    for source in (make_zip(files), make_tar(files), make_tree(files, tmp_path)):
        (folder,) = read(source).values()
        assert [file.path for file in folder.files] == [".gitignore", "SKILL.md"]


def test_members_in_any_order_are_put_together() -> None:
    files = {"a/x": b"1", "b/SKILL.md": SKILL, "a/SKILL.md": SKILL, "b/y": b"2"}
    found = read(make_tar(files))
    assert {path: [file.path for file in folder.files] for path, folder in found.items()} == {
        "a": ["SKILL.md", "x"],
        "b": ["SKILL.md", "y"],
    }


def test_an_archive_without_skills_is_empty() -> None:
    assert read(make_zip({"README.md": b"x"})) == {}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_records_become_skills(pack: Callable[[bytes], bytes]) -> None:
    lines = [
        {
            "name": "one",
            "description": "Use when: asked",
            "body": "# One\n",
            "repo": "o/r",
            "path": "skills/one/SKILL.md",
        }
        | {"license": "MIT"},
        {"name": "one", "description": "", "body": "again", "repo": "o/r", "path": "skills/one/SKILL.md"},
        {"name": "bare", "body": "---\n"},
        {"name": 5, "body": "x"},
        {"body": "x"},
        [1],
    ]
    text = "\n\n".join(json.dumps(line) for line in lines) + "\nnot json"
    found = list(read_skills(pack(text.encode())))
    assert [folder.source_path for folder in found] == [
        *("o/r/skills/one", "o/r/skills/one#2", "bare", "line 7", "line 9", "line 11", "line 12")
    ]
    assert found[0].files[0].data == (b"---\nname: one\ndescription: 'Use when: asked'\nlicense: MIT\n---\n\n# One\n")
    assert found[0].details == {"repo": "o/r", "path": "skills/one/SKILL.md", "license": "MIT"}
    assert [bool(folder.problems) for folder in found] == [False, False, False, True, True, True, True]
    assert found[3].problems == ("line 7: name must be text",)


def test_the_shared_collection_holds_637_skills_of_656_documents() -> None:
    if not FOLDERS.exists():
        pytest.skip("the shared corpus ../shared/data/skill-folders.tar.gz is not on this machine")
    with tarfile.open(FOLDERS) as archive:
        documents = [member.name for member in archive if member.name.endswith("/SKILL.md")]
    found = read(FOLDERS, REGISTRY_LIMITS)
    inside = [document for document in documents if document.removesuffix("/SKILL.md") not in found]
    assert (len(documents), len(found), len(inside)) == (656, 637, 19)
    assert all(any(document.startswith(f"{root}/") for root in found) for document in inside)
    assert not any(folder.problems for folder in found.values())


# ------------------------------------------------------------------------------ what is wrong with one skill only


def as_link(info: tarfile.TarInfo) -> None:
    if info.name.endswith("x"):
        info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc/passwd", 0


def test_links_are_never_followed_and_cost_their_skill_only(tmp_path: Path) -> None:
    files = {"one/SKILL.md": SKILL, "one/x": b"/etc/passwd", "two/SKILL.md": SKILL, "x": b"/etc/passwd"}
    tree = make_tree({name: data for name, data in files.items() if name[-1] != "x"}, tmp_path / "t")
    (tree / "one" / "x").symlink_to("/etc/passwd")
    (tree / "x").symlink_to("/etc", target_is_directory=True)

    def zip_link(info: zipfile.ZipInfo) -> None:
        if info.filename.endswith("x"):
            info.external_attr = (stat.S_IFLNK | 0o777) << 16

    for source in (make_tar(files, as_link), make_zip(files, zip_link), tree):
        found = {path.removeprefix("t/"): folder for path, folder in read(source).items()}
        assert found["one"].problems == ("'x' is a link",)
        assert found["two"].problems == ()
        assert all(b"root:" not in file.data for folder in found.values() for file in folder.files)


def test_a_hard_link_is_a_link() -> None:
    def hard(info: tarfile.TarInfo) -> None:
        if info.name == "one/x":
            info.type, info.linkname, info.size = tarfile.LNKTYPE, "one/SKILL.md", 0

    assert read(make_tar({"one/SKILL.md": SKILL, "one/x": b""}, hard))["one"].problems == ("'x' is a link",)


def test_a_pipe_in_a_tree_is_not_opened(tmp_path: Path) -> None:
    tree = make_tree({"one/SKILL.md": SKILL}, tmp_path)
    os.mkfifo(tree / "one" / "pipe")
    (folder,) = read(tree).values()
    assert folder.problems == ("'pipe' is a special file",)


def test_a_pipe_is_no_source(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "archive_format"


def test_one_file_too_large_costs_its_skill_only() -> None:
    big = random.Random(1).randbytes(5 * MIB + 1)
    for source in (make_zip({"a/SKILL.md": SKILL, "a/big": big}), make_tar({"a/SKILL.md": SKILL, "a/big": big})):
        assert read(source)["a"].problems == (f"'big' has more than {5 * MIB} bytes",)


# ------------------------------------------------------------------------------------------- what is refused whole


@pytest.mark.parametrize(
    "name",
    ["../evil", "a/../../evil", "/etc/passwd", "C:/evil", "c:evil", "a\\..\\evil", "\\\\host\\share", "..", "a/.."],
)
def test_names_that_lead_out(name: str) -> None:
    for make in (make_zip, make_tar):
        assert refusal(make({"a/SKILL.md": SKILL, name: b"x"})) == "archive_path"


def test_a_name_that_hides_its_end() -> None:
    data = make_zip({"a/SKILL.md": SKILL, "a/okXpng": b"x"}).replace(b"okXpng", b"ok\0png")
    assert refusal(data) == "archive_path"


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE])
def test_devices_pipes_and_sparse_files(kind: bytes) -> None:
    def change(info: tarfile.TarInfo) -> None:
        if info.name == "a/dev":
            info.type, info.size = kind, 0

    assert refusal(make_tar({"a/SKILL.md": SKILL, "a/dev": b""}, change)) == "archive_special"


def test_a_device_in_a_zip() -> None:
    def change(info: zipfile.ZipInfo) -> None:
        info.external_attr = (stat.S_IFCHR | 0o666) << 16

    assert refusal(make_zip({"a/SKILL.md": SKILL}, change)) == "archive_special"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name() -> None:
    twice = io.BytesIO(make_zip({"a/SKILL.md": SKILL}))
    with zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("a/SKILL.md", b"other")
    assert refusal(twice.getvalue()) == "archive_duplicate"
    assert refusal(make_tar({"a/SKILL.md": SKILL, "./a/SKILL.md": b"other"})) == "archive_duplicate"


def test_an_encrypted_member() -> None:
    data = bytearray(make_zip({"a/SKILL.md": SKILL}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert refusal(bytes(data)) == "archive_encrypted"


def test_an_unusual_compression() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a/SKILL.md", SKILL)
    assert refusal(buffer.getvalue()) == "archive_method"


def test_a_wrong_checksum() -> None:
    data = bytearray(make_zip({"a/SKILL.md": SKILL}))
    data[data.index(b"PK\x01\x02") + 16] ^= 0xFF
    assert refusal(bytes(data)) == "archive_damaged"
    packed = bytearray(make_tar({"a/SKILL.md": SKILL}))
    packed[-8] ^= 0xFF
    assert refusal(bytes(packed)) == "archive_damaged"


def test_sizes_that_lie() -> None:
    data = bytearray(make_zip({"a/SKILL.md": SKILL, "a/big": bytes(2 * MIB)}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(data)) == "archive_damaged"


def test_an_archive_that_is_two() -> None:
    zipped, tarred = make_zip({"a/SKILL.md": SKILL}), make_tar({"a/SKILL.md": SKILL}, gz=False)
    assert refusal(tarred + zipped) == "archive_polyglot"
    shifted = io.BytesIO(b"PK\x03\x04 something before")
    shifted.seek(0, io.SEEK_END)
    with zipfile.ZipFile(shifted, "a") as archive:
        archive.writestr("a/SKILL.md", SKILL)
    assert refusal(shifted.getvalue()) == "archive_polyglot"


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x7fELF", b"[1]", b"PK\x03\x04", gzip.compress(b"text", mtime=0), b"7z\xbc\xaf"]
)
def test_what_is_no_archive(data: bytes) -> None:
    assert refusal(data) in ("archive_format", "archive_damaged")


@pytest.mark.parametrize("gz", [False, True])
def test_an_archive_that_breaks_off(gz: bool) -> None:
    whole = make_tar({f"s{n}/SKILL.md": SKILL * 50 for n in range(20)}, gz=gz)
    for share in (0.3, 0.5, 0.8):
        assert refusal(whole[: int(len(whole) * share)]) == "archive_damaged"


def test_a_broken_header_in_the_middle_is_not_the_end() -> None:
    data = bytearray(make_tar({"a/SKILL.md": SKILL, "b/SKILL.md": SKILL}, gz=False))
    data[data.index(b"b/SKILL.md")] ^= 0xFF
    assert refusal(bytes(data)) == "archive_damaged"


def test_bombs_are_stopped_while_unpacking() -> None:
    zeros = {"a/SKILL.md": SKILL, "a/zeros": bytes(49 * MIB)}
    sources = [make_zip(zeros), make_tar(zeros), gzip.compress(b'{"name": "x", "body": "' + bytes(49 * MIB))]
    tracemalloc.start()
    try:
        assert [refusal(source) for source in sources] == ["archive_ratio"] * 3
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


def test_more_than_may_be_read() -> None:
    small = Limits(compressed_bytes=10_000, total_bytes=20_000, members=3, member_bytes=5_000, ratio=1_000)
    noise = random.Random(2).randbytes(11_000)
    assert refusal(make_tar({"a/SKILL.md": noise}), small) == "archive_too_large"
    assert refusal(make_tar({"a/SKILL.md": bytes(30_000)}), small) == "archive_too_large"
    for make in (make_zip, make_tar):
        assert refusal(make({f"a/{n}": b"" for n in range(4)}), small) == "archive_too_many_members"
    assert refusal(b'{"name": "x"}\n' * 4, small) == "archive_too_many_members"


def test_a_header_of_unreasonable_size() -> None:
    def change(info: tarfile.TarInfo) -> None:
        info.pax_headers = {"comment": "x" * 100_000}

    assert refusal(make_tar({"a/SKILL.md": SKILL}, change)) == "archive_too_large"


def test_a_member_that_claims_to_be_endless() -> None:
    """In its header, or in the extended one that overrules it: nobody walks to the end of 2^60 bytes."""

    def change(info: tarfile.TarInfo) -> None:
        info.pax_headers = {"size": str(2**60)}

    assert refusal(make_tar({"a/SKILL.md": SKILL}, change)) == "archive_too_large"


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_random_damage_never_escapes_as_another_error(make: Callable[[dict[str, bytes]], bytes]) -> None:
    whole = make(FILES)
    chance = random.Random(3)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(Invalid):
            read(bytes(data))
