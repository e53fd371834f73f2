"""What an agent may read of the reviewed repository."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

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
        top: the reviewed checkout. No agent runs in it, nor finds a program in it.
        copy_to: fills the empty folder in which the agent runs with what may be read (not ignored,
            not secret); None where it gets the change alone. May raise ReviewerError.
    """

    top: Path
    copy_to: Callable[[Path], Awaitable[None]] | None = None
