"""What a route answers where it cannot do what it was asked."""

from typing import Any

from kefu.errors import KefuError


class ApiError(KefuError):
    """An answer with an HTTP status; ``errors`` name rows and fields."""

    def __init__(self, status: int, message: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.errors = errors or []

    def to_json(self) -> dict[str, Any]:
        """Give the body of the answer."""
        body: dict[str, Any] = {"error": str(self)}
        if self.errors:
            body["errors"] = self.errors
        return body
