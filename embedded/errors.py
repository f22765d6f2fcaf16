"""The ways a start can be refused or fail; each has its own exit code and a message fit to show."""

from __future__ import annotations


class Refused(Exception):
    """Something the person at the keyboard has to change. Nothing was started, or all of it has been stopped."""

    exit_code = 2


class DataFolderTaken(Refused):
    exit_code = 3


class PortTaken(Refused):
    exit_code = 4


class ToolMissing(Refused):
    """A program that this door needs, and that does not come from PyPI, is not on the machine."""

    exit_code = 5


class Failed(Exception):
    """A process did not start or ended on its own; the message carries the last lines of its log."""

    exit_code = 1


class StopRequested(Exception):
    """Ctrl-C, SIGTERM or SIGHUP arrived."""

    exit_code = 0
