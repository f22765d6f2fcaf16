"""What the content checks cost (processor time) and flag on real folders, beside validation, in one run.

    python -m bench.content_checks skill-folders.tar.gz

Exit code 1 where the mean of a skill is 10 ms or more.
"""

from __future__ import annotations

import statistics
import sys
import tarfile
import time
from collections import Counter, defaultdict
from pathlib import Path, PurePosixPath

LIMIT_MS = 10.0
# Of a path: its bytes and whether it is executable.
Folder = dict[str, tuple[bytes, bool]]


def main() -> int:
    import django

    django.setup()
    folders = read(Path(sys.argv[1]))
    checking, validating, flagged, rules = measure(folders)
    mean, beside = statistics.fmean(checking), statistics.fmean(validating)
    print(f"{len(folders)} skills, {sum(len(data) for one in folders.values() for data, _ in one.values()):,} bytes")
    print(f"checks      mean {mean:.1f} ms, median {statistics.median(checking):.1f}, most {max(checking):.0f}")
    print(f"validation  mean {beside:.1f} ms, median {statistics.median(validating):.1f}, most {max(validating):.0f}")
    print(f"ratio of the means {mean / beside:.1f}")
    for severity in ("high", "medium", "low", "any"):
        print(f"flagged {severity:8}{flagged[severity]:5}{flagged[severity] / len(folders):8.1%}")
    for rule, count in rules.most_common():
        print(f"    {rule:32}{count:5}")
    return 0 if mean < LIMIT_MS else 1


def measure(folders: dict[str, Folder]) -> tuple[list[float], list[float], Counter[str], Counter[str]]:
    from skills.checks import check_document
    from skills.files import file_entry
    from skills.validation import validate_folder

    checking, validating, flagged, rules = [], [], Counter[str](), Counter[str]()
    for root, folder in folders.items():
        files = [file_entry(path, data, executable=runs) for path, (data, runs) in folder.items() if path != "SKILL.md"]
        content = folder["SKILL.md"][0].decode()
        started = time.process_time()
        findings = check_document(content, files)
        checked = time.process_time()
        validate_folder({path: data for path, (data, _) in folder.items()}, PurePosixPath(root).name)
        checking.append((checked - started) * 1000)
        validating.append((time.process_time() - checked) * 1000)
        flagged.update({finding.severity for finding in findings} | ({"any"} if findings else set()))
        rules.update({finding.rule for finding in findings})
    return checking, validating, flagged, rules


def read(archive: Path) -> dict[str, Folder]:
    files: Folder = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isfile() else None
            if source:
                files[member.name] = (source.read(), bool(member.mode & 0o100))
    roots = {str(PurePosixPath(name).parent) for name in files if name.endswith("/SKILL.md")}
    folders: dict[str, Folder] = defaultdict(dict)
    for name, file in files.items():
        root = next((str(parent) for parent in PurePosixPath(name).parents if str(parent) in roots), None)
        if root:
            folders[root][name[len(root) + 1 :]] = file
    return folders


if __name__ == "__main__":
    sys.exit(main())
