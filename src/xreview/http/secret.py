"""Keys and tokens that can't be shown by accident: in a log, a repr, or a traceback with locals."""

from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass
from xreview.hardening.redaction import MASK, know_key, without_keys

_SHORTEST_REDACTED = 4


class Secret:
    """A key, without the surrounding white space that files and shells add.

    Only `reveal` returns its text; don't keep that in a variable.

    Raises ConfigError for characters not allowed in HTTP headers (RFC 9110, section 5.5).
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.strip()
        if not (self._text.isascii() and self._text.isprintable()):
            self._text = ""
            del text  # keep it out of tracebacks that print locals
            raise ConfigError(
                "A key or token contains an invalid character.",
                "Copy it again from where it was made, on one line.",
            )
        know_key(self._text)

    def reveal(self) -> str:
        """Return the key, to send it to its own host."""
        return self._text

    def redact(self, text: str) -> str:
        """Mask this and all other keys in a server's text."""
        if len(self._text) >= _SHORTEST_REDACTED:
            text = text.replace(self._text, MASK)
        return without_keys(text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("Keys can't be serialised.")


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and its header.

    Args:
        header: in lower case: "authorization", "x-api-key".
        scheme: the word before the key: "Bearer"; "" for none.
    """

    header: str
    secret: Secret
    scheme: str = ""

    def headers(self) -> dict[str, str]:
        """Return the header to send; empty without a key."""
        if not self.secret:
            return {}
        return {self.header: f"{self.scheme} {self.secret.reveal()}".strip()}


def bearer(secret: Secret) -> Credential:
    """Return the key as a Bearer token (RFC 6750)."""
    return Credential("authorization", secret, "Bearer")
