from enum import StrEnum


class Scope(StrEnum):
    PUBLISH = "publish"
    READ = "read"
    WRITE = "write"

    def __str__(self) -> str:
        return str(self.value)
