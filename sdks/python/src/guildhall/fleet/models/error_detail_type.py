from enum import StrEnum


class ErrorDetailType(StrEnum):
    MISSING = "missing"
    VALUE_ERROR = "value_error"

    def __str__(self) -> str:
        return str(self.value)
