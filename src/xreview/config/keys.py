"""Where a reviewer's key comes from: an environment variable, or the OS keyring.

Nothing here keeps, prints or writes a key; what looks one up wraps it at once.
"""

from collections.abc import Mapping

from xreview.config.reviewers import Provider, ReviewerSettings

KEYRING_USER = "xreview-tui"
"""The user name under which a key lies in the keyring, beside the service that is configured."""

_USUAL: Mapping[Provider, tuple[str, ...]] = {
    Provider.ANTHROPIC: ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    Provider.OPENAI: ("OPENAI_API_KEY",),
    Provider.GOOGLE: ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
}
_BY_HOST = {"https://openrouter.ai/": "OPENROUTER_API_KEY"}
BEARER_VARIABLES = ("ANTHROPIC_AUTH_TOKEN",)
"""Variables that hold a token which is sent as `Authorization: Bearer`, whatever is usual."""


class FoundKey:
    """A key, and in words where it was found: "$OPENAI_API_KEY", "the keyring (openai)"."""

    __slots__ = ("_text", "variable", "words")

    def __init__(self, text: str, words: str, variable: str = "") -> None:
        self._text = text
        self.words = words
        self.variable = variable

    def reveal(self) -> str:
        """The key itself; do not keep it in a variable."""
        return self._text

    def __repr__(self) -> str:
        return f"FoundKey({self.words})"


def variables_of(reviewer: ReviewerSettings) -> tuple[str, ...]:
    """The environment variables looked at for a reviewer's key, the first one set wins."""
    if reviewer.key_variable:
        return (reviewer.key_variable,)
    if reviewer.base_url:
        # A vendor's key must not go to another host because of a base URL.
        return tuple(v for start, v in _BY_HOST.items() if reviewer.base_url.startswith(start))
    return _USUAL.get(reviewer.provider, ())


def find_key(reviewer: ReviewerSettings, environ: Mapping[str, str]) -> FoundKey | None:
    """The reviewer's key; None where there is none, or where the keyring can't be opened."""
    for variable in variables_of(reviewer):
        if text := environ.get(variable, "").strip():
            return FoundKey(text, f"${variable}", variable)
    if reviewer.keyring:
        import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(reviewer.keyring, KEYRING_USER)
        except KeyringError:
            return None
        if text:
            return FoundKey(text, f"the keyring ({reviewer.keyring})")
    return None
