from enum import StrEnum


class SourceType(StrEnum):
    AUTO_GENERATED = "auto_generated"
    MANUAL = "manual"
    MARKETPLACE = "marketplace"

    def __str__(self) -> str:
        return str(self.value)
