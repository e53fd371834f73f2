"""What an agent may read of the reviewed repository."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

SECRET_NAMES = (".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "id_rsa*", "id_ed25519*")
"""Names of files that hold keys; agents are forbidden to read them where they take rules."""

INSTRUCTIONS = frozenset(
    {
        "gemini.md",
        "agents.md",
        "agents.override.md",
        "claude.md",
        "claude.local.md",
        ".gemini",
        ".claude",
        ".codex",
        ".opencode",
        ".agents",
        ".mcp.json",
        ".env",
        ".geminiignore",
        ".git",
        "opencode.json",
        "opencode.jsonc",
    }
)
"""Files and folders that agents obey, in lower case; a copy for an agent is without them."""


@dataclass(frozen=True)
class ReadableFolder:
    """What an agent may read.

    Args:
        top: the reviewed checkout. Agents that can be hardened there run in it.
        copy_to: fills an empty folder with what may be read (tracked, not secret), for agents that
            obey files of the folder they run in; None where these get the change alone. May raise
            ReviewerError.
    """

    top: Path
    copy_to: Callable[[Path], Awaitable[None]] | None = None
