from enum import StrEnum


class SourceType(StrEnum):
    GIT = "git"
    HTTP = "http"
    LOCAL = "local"
    ZIP = "zip"

    def __str__(self) -> str:
        return str(self.value)
