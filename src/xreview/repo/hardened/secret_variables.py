"""Recognising environment variables that hold keys, so that git and its children don't get them.

git runs programs of the user (filters, credential helpers) that can print anything, and needs no
key to read a repository.
"""

import re
from collections.abc import Iterable, Mapping

_KEY_WORDS = (
    "KEY|APIKEY|KEYS|TOKEN|TOKENS|PAT|SECRET|SECRETS|PASSWORD|PASSWD|PASS|PASSPHRASE|PWD|PGPASSWORD"
    "|CREDENTIAL|CREDENTIALS|CREDS|BEARER|COOKIE|MNEMONIC|DSN"
)
_NAME = re.compile(
    # A word of the name, as in OPENAI_API_KEY or GITHUB_TOKEN_FILE, or its end, as in MYAPIKEY.
    rf"(?:.*_)?(?:{_KEY_WORDS})(?:_.*)?"
    r"|.+(?:APIKEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)"
    r"|(?:AWS|AZURE|ARM|GOOGLE|GCP|CLOUDSDK|VAULT|DOCKER|KUBE\w*|ANTHROPIC|OPENAI|GEMINI)_.*"
    r"|.*_(?:AUTH|AUTHORIZATION)|DATABASE_URL|.*_DATABASE_URL|.*_(?:URI|CONNECTION_STRING)"
    r"|REDIS_URL|MONGO\w*_URL|POSTGRES\w*_URL|MYSQL\w*_URL|AMQP_URL|DOCKER_AUTH_CONFIG",
    re.IGNORECASE,
)
_HARMLESS = frozenset({"PWD", "OLDPWD"})
_FORGES = re.compile(
    r"(?:GH|GITHUB|GH_ENTERPRISE|GITHUB_ENTERPRISE|GITLAB|CI_JOB|GITEA|BITBUCKET|GIT)_TOKEN"
    r"|GIT_(?:PASSWORD|USERNAME)"
)
_private: set[str] = set()


def keep_private(names: Iterable[str]) -> None:
    """Treat these variables as keys too, in this process."""
    _private.update(filter(None, names))


def environ_without_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` without the variables that hold keys, passwords or tokens."""
    return {name: value for name, value in environ.items() if not is_key(name)}


def is_key(name: str) -> bool:
    """Whether a variable with this name holds a key."""
    return name in _private or (name not in _HARMLESS and _NAME.fullmatch(name) is not None)


def forge_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """The keys that the user's credential helper may need to push or fetch."""
    return {
        name: value
        for name, value in environ.items()
        if _FORGES.fullmatch(name) and name not in _private
    }
