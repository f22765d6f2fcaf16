"""The command `guildhall`: the registry and its workshop from a terminal, or from a script with `--json`."""

from guildhall.cli.app import main

__all__ = ["main"]
