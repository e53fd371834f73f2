"""Finding a reviewer's key: in an environment variable, or in the OS keyring."""

from collections.abc import Mapping

from xreview.ports.provider import ReviewerSettings, find_provider

KEYRING_USER = "xreview-tui"
"""The user name of keys in the keyring; the service is configured."""


class FoundKey:
    """A key, and where it was found, in words: "$OPENAI_API_KEY", "the keyring (openai)"."""

    __slots__ = ("_text", "variable", "words")

    def __init__(self, text: str, words: str, variable: str = "") -> None:
        self._text = text
        self.words = words
        self.variable = variable

    def reveal(self) -> str:
        """Return the key; don't keep it in a variable."""
        return self._text

    def __repr__(self) -> str:
        return f"FoundKey({self.words})"


def variables_of(reviewer: ReviewerSettings) -> tuple[str, ...]:
    """Return the environment variables for a reviewer's key; the first one set wins."""
    if reviewer.key_variable:
        return (reviewer.key_variable,)
    provider = find_provider(reviewer.provider)
    return provider.variables_for(reviewer.base_url) if provider else ()


def find_key(reviewer: ReviewerSettings, environ: Mapping[str, str]) -> FoundKey | None:
    """Return the reviewer's key; None if there isn't one or the keyring can't be opened."""
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
