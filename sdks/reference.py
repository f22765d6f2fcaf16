"""`make sdks`: docs/reference/cli.md, from the help of the command `guildhall`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference" / "cli.md"


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE
    command: list[str | Path] = [Path(sys.executable).parent / "typer", "guildhall.cli.app", "utils", "docs"]
    command += ["--name", "guildhall", "--title", "The command `guildhall`", "--output", target]
    # `install --to` would show where this machine keeps its skills.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GUILDHALL_")}
    source = str(ROOT / "sdks" / "python" / "src")
    subprocess.run(command, check=True, env=environment | {"PYTHONPATH": source}, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
