from enum import StrEnum


class SavedCategoriesStatus(StrEnum):
    PARTIAL = "partial"
    UPDATED = "updated"

    def __str__(self) -> str:
        return str(self.value)
