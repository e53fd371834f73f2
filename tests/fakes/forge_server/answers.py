"""What the double receives and answers."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class ForgeRequest:
    """A request as it is logged: no token in it, only whose it is.

    Args:
        account: the login that the token belongs to; "" without one, "?" if nobody has it.
        scheme: how the token was sent: "bearer", "token", "basic", "private-token"; "" for none.
        headers: with names in lower case, without those that hold a token.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes = field(default=b"", repr=False)
    account: str = ""
    scheme: str = ""

    @property
    def body(self) -> Any:
        """The JSON that it holds; None for none."""
        return json.loads(self.raw) if self.raw else None

    @property
    def accepts(self) -> str:
        return self.headers.get("accept", "")

    def number(self, name: str, default: int) -> int:
        """A number of the query; the default for none and for what isn't one."""
        text = self.query.get(name, "")
        return int(text) if text.isdecimal() else default


def read_query(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True))


@dataclass
class Answer:
    """A reply; `value` is JSON unless it's bytes."""

    status: int = 200
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json; charset=utf-8"
    delay: float = 0.0
    cut: int | None = None
    """After how many bytes the connection is closed."""

    def content(self) -> bytes:
        if isinstance(self.value, bytes):
            return self.value
        if self.status in (204, 304):
            return b""
        return json.dumps(self.value, ensure_ascii=False).encode("utf-8", "surrogatepass")


class RefusedError(Exception):
    """A forge's refusal, as its API words it."""

    def __init__(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {value}")
        self.answer = Answer(status, value, headers or {})
