"""A key that can not be shown by accident: not in a log, a repr or a traceback with locals."""

from dataclasses import dataclass

from xreview.hardening.redaction import MASK, know_key, without_keys
from xreview.ports.failure import Failure, ModelError

_SHORTEST_REDACTED = 4


class Secret:
    """A key. Its text comes out of `reveal` and nowhere else; do not keep that in a variable.

    Surrounding white space is dropped: it comes from files and shells, never from a vendor.

    Raises ModelError where the key holds what no HTTP header may (RFC 9110, section 5.5).
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        if not (self._text.isascii() and self._text.isprintable()):
            self._text = ""
            del text  # a traceback that prints locals must not show it
            raise ModelError(
                Failure.KEY,
                "The key holds a character that no key has.",
                "Copy it again from the vendor's console, on one line.",
            )
        know_key(self._text)

    def reveal(self) -> str:
        """The key itself, to be sent to the host it belongs to."""
        return self._text

    def redact(self, text: str) -> str:
        """The text with this key and all others masked, for what a server says back."""
        if len(self._text) >= _SHORTEST_REDACTED:
            text = text.replace(self._text, MASK)
        return without_keys(text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("A key is not written anywhere.")


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and the header it travels in.

    Args:
        header: its name in lower case: "authorization", "x-api-key", "x-goog-api-key".
        scheme: what stands before the key: "Bearer"; "" for nothing.
    """

    header: str
    secret: Secret
    scheme: str = ""

    def headers(self) -> dict[str, str]:
        """The header to send; empty where there is no key."""
        if not self.secret:
            return {}
        return {self.header: f"{self.scheme} {self.secret.reveal()}".strip()}


def bearer(secret: Secret) -> Credential:
    """The key as a Bearer token (RFC 6750)."""
    return Credential("authorization", secret, "Bearer")
