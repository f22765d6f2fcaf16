"""Parts of the command line: folders of which nothing leads outside or is done by half, errors, choices, texts."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from guildhall import GuildhallError
from guildhall.cli.asking import chosen_of
from guildhall.cli.exchange import patiently, write_installed
from guildhall.cli.failures import Failure, failure_of
from guildhall.cli.folders import MAX_FILES, File, Folder, folder_of, read_folders, write_folder
from guildhall.cli.following import follow
from guildhall.cli.output import line, plain

ESCAPES = [
    "../outside.txt",
    "scripts/../../outside.txt",
    "/etc/passwd",
    "C:/outside.txt",
    "scripts\\..\\outside.txt",
    "./SKILL.md",
    "a//b",
    "",
    "nul.txt",
    "ends-in-a-dot.",
    "line\nbreak",
    "x" * 1025,
]


def sent(path: str, content: str = "x", **more: Any) -> SimpleNamespace:
    """A file as the server sends it."""
    return SimpleNamespace(**{"path": path, "content": content, "encoding": None, "executable": False, **more})


@pytest.mark.parametrize("path", ESCAPES, ids=range(len(ESCAPES)))
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(Failure, match="no safe path"):
        folder_of("# Text", [sent("fine.txt"), sent(path)])


@pytest.mark.parametrize("paths", [("skill.md",), ("a.txt", "A.txt"), ("scripts", "scripts/run.sh")])
def test_two_files_at_one_path_are_refused(paths: tuple[str, ...]) -> None:
    with pytest.raises(Failure, match="two files at one path"):
        folder_of("# Text", [sent(path) for path in paths])


@pytest.mark.parametrize("slug", ["..", ".", "a/b", ""])
def test_the_folder_itself_stays_where_it_belongs(slug: str, tmp_path: Path) -> None:
    with pytest.raises(Failure):
        write_installed(tmp_path / "skills", slug, "# Text", [], force=True)
    assert list(tmp_path.iterdir()) == []


def test_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while an installed skill is replaced leaves what was there."""
    target = tmp_path / "skills" / "sweep"
    assert write_folder(target, folder_of("# One", [sent("run.sh", executable=True)]), force=False) == "written"
    assert (target / "run.sh").stat().st_mode & stat.S_IXUSR
    write_bytes = Path.write_bytes

    def fill_up(path: Path, data: bytes) -> int:
        if path.name == "late.txt":
            raise OSError(28, "No space left on device")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(OSError, match="No space"):
        write_folder(target, folder_of("# Two", [sent("late.txt")]), force=True)
    assert (target / "SKILL.md").read_text() == "# One"
    assert [path.name for path in target.parent.iterdir()] == ["sweep"]


def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    write_folder(elsewhere, folder_of("# Mine", []), force=False)
    (tmp_path / "sweep").symlink_to(elsewhere)
    with pytest.raises(Failure, match="not replaced"):
        write_folder(tmp_path / "sweep", folder_of("# Theirs", []), force=True)
    assert (elsewhere / "SKILL.md").read_text() == "# Mine"


def archive(path: Path, members: dict[str, bytes], links: tuple[str, ...] = ()) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            kind = stat.S_IFLNK if name in links else stat.S_IFREG
            info.external_attr = (kind | (0o755 if name.endswith(".sh") else 0o644)) << 16
            file.writestr(info, data)
    return path


def test_an_archive_is_read_without_unpacking_it(tmp_path: Path) -> None:
    members = {
        "kits/sweep/SKILL.md": b"---\nname: sweep\ndescription: Sweeps\n---\n",
        "kits/sweep/run.sh": b"echo",
        "kits/sweep/inner/SKILL.md": b"# A file of sweep",
        "kits/sweep/link": b"/etc/passwd",
        "kits/other/SKILL.md": b"# Other",
        "__MACOSX/kits/SKILL.md": b"# No skill",
    }
    sweep, other = sorted(
        read_folders(archive(tmp_path / "kits.zip", members, links=("kits/sweep/link",))),
        key=lambda one: -len(one.files),
    )
    assert sweep.files == {
        "SKILL.md": File(members["kits/sweep/SKILL.md"]),
        "run.sh": File(b"echo", executable=True),
        "inner/SKILL.md": File(b"# A file of sweep"),
    }
    assert sweep.names() == ("sweep", "Sweeps")
    assert other.names() == ("other", "")


def test_what_is_too_much_is_refused_alone(tmp_path: Path) -> None:
    endless = {"bomb/SKILL.md": b"# Bomb", "bomb/zeros": bytes(12 * 2**20)}
    many = {"many/SKILL.md": b"# Many"} | {f"many/{number}": b"" for number in range(MAX_FILES)}
    found = {
        one.source: one for one in read_folders(archive(tmp_path / "kits.zip", endless | many | {"a/SKILL.md": b""}))
    }
    assert "more than" in found["bomb"].problem
    assert "more than" in found["many"].problem
    assert found["a"].problem == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("---\nname: sweep\ndescription: >-\n  Sweeps\n  floors\n---\n", ("sweep", "Sweeps floors")),
        ("---\nname: 'sweep'\ndescription: Use: when dirty\n---\n", ("sweep", "Use: when dirty")),
        ("\ufeff---\r\nname: yes\r\ndescription: 1.10\r\n---\r\n", ("yes", "1.10")),
        ("# No front matter\n---\nname: no\n---\n", ("folder", "")),
        ("---\nname: never closed\n", ("folder", "")),
        ("---\n- a list\n---\n", ("folder", "")),
    ],
    ids=["yaml", "colon", "texts", "later", "open", "list"],
)
def test_names(text: str, names: tuple[str, str]) -> None:
    assert Folder("kits/folder", {"SKILL.md": File(text.encode())}).names() == names


def test_texts_cannot_steer_the_terminal() -> None:
    hostile = "a\x1b]0;owned\x07b\x9b2J\u202ec\rd\ne"
    assert plain(hostile) == "a]0;ownedb2Jcd\ne"
    assert line(hostile) == "a]0;ownedb2Jcd e"


class Lost:
    """A job whose events end in an exception."""

    id = "a-job"

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def events(self) -> Iterator[Any]:
        raise self.error
        yield


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (httpx.ReadError("cut"), 5)])
def test_who_stops_listening_is_told_how_to_go_on(error: BaseException, code: int) -> None:
    job: Any = Lost(error)
    with pytest.raises(Failure, match="guildhall jobs follow a-job") as ended:
        follow(job)
    assert ended.value.code == code


def test_too_much_at_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    answers = [GuildhallError(429, "Too many"), GuildhallError(429, "Too many"), None]

    def save() -> str:
        if (refusal := answers.pop(0)) is not None:
            raise refusal
        return "saved"

    assert patiently(save) == "saved"
    assert slept == [5, 15]
    answers.append(GuildhallError(400, "Wrong"))
    with pytest.raises(GuildhallError, match="Wrong"):
        patiently(save)


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (GuildhallError(401, "Unknown key"), 3, "guildhall login"),
        (GuildhallError(403, "Needs the scope publish"), 1, "guildhall whoami"),
        (GuildhallError(404, "Not there"), 4, "Not there."),
        (GuildhallError(409, "It is there\nalready"), 1, "It is there already."),
        (GuildhallError(500, "Oh", request_id="r-1"), 1, "r-1"),
        (GuildhallError(503, "Down"), 5, "Try again"),
        (GuildhallError(301, ""), 1, "https"),
        (httpx.ReadTimeout(""), 5, "ReadTimeout"),
        (OSError(28, "No space left on device", "/full"), 1, "/full: No space left on device."),
        (KeyError("jobs"), 1, "GUILDHALL_DEBUG"),
    ],
)
def test_how_errors_end(error: Exception, code: int, told: str) -> None:
    failure = failure_of(error, "http://guildhall.test")
    assert failure.code == code
    assert told in str(failure)
    assert "\n" not in str(failure)


@pytest.mark.parametrize(
    ("typed", "several", "is_free", "chosen"),
    [
        ("2", False, False, "Blue"),
        ("blue", False, False, "Blue"),
        ("2, red", True, False, ["Blue", "Red"]),
        ("green", False, False, None),
        ("green", False, True, "green"),
        ("3", False, True, None),
    ],
)
def test_choices(typed: str, several: bool, is_free: bool, chosen: Any) -> None:
    assert chosen_of(typed, ["Red", "Blue"], several=several, is_free=is_free) == chosen
