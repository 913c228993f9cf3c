"""Refusals, told the same way everywhere: `{"error": {"code", "message"}}`, message in French."""

from __future__ import annotations

from aiohttp import web


class Refusal(Exception):
    """A request that will not be served.

    Args:
        status: HTTP status.
        code: stable name of the reason, for programs.
        message: plain French, for people.
        retry_after: seconds to wait before trying again, if that helps.
    """

    def __init__(
        self, status: int, code: str, message: str, retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after

    def response(self) -> web.Response:
        """The refusal as JSON."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        body = {"error": {"code": self.code, "message": self.message}}
        return web.json_response(body, status=self.status, headers=headers)
