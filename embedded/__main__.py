"""The doors, `python3 -m embedded up | demo | …`; plain enough for an old Python to refuse."""

import os
import sys


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the message for those who have an older one
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            f"Guildhall needs Python 3.11 or newer; {sys.executable} is {found}. "
            "With make: `make up PYTHON=python3.12`.\n"
        )
        return 2
    if os.name != "posix":
        sys.stderr.write("Guildhall's embedded servers need Linux or macOS (on Windows: WSL).\n")
        return 2
    from embedded.doors import open_door

    return open_door(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
