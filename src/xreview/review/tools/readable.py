"""Which files of a repository a model may read at all."""

from collections.abc import Callable

from xreview.config.ignore import rules_of

SECRET_FILES = (
    ".env",
    ".env.*",
    "!.env.example",
    "!.env.sample",
    "!.env.template",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".htpasswd",
    ".git-credentials",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.tfstate",
    "*.tfstate.*",
    "credentials",
    "credentials.*",
    "secrets.*",
    ".aws/",
    ".ssh/",
    ".gnupg/",
)
"""Files that no model reads, as in a .gitignore file: by custom they hold secrets."""


def is_readable(path: str, ignores: Callable[[str], bool]) -> bool:
    """Whether a model may read a file; `ignores` says what the settings leave out."""
    return not (ignores(path) or rules_of(SECRET_FILES).ignores(path))
