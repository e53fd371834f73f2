"""The agents whose transcripts are searched."""

from xreview.repo.attribution.sessions.aider import Aider
from xreview.repo.attribution.sessions.amp import Amp
from xreview.repo.attribution.sessions.claude_code import ClaudeCode
from xreview.repo.attribution.sessions.codex import Codex
from xreview.repo.attribution.sessions.copilot_cli import CopilotCli
from xreview.repo.attribution.sessions.crush import Crush
from xreview.repo.attribution.sessions.cursor import Cursor
from xreview.repo.attribution.sessions.droid import Droid
from xreview.repo.attribution.sessions.gemini_cli import GeminiCli
from xreview.repo.attribution.sessions.opencode import OpenCode
from xreview.repo.attribution.sessions.qwen_code import QwenCode
from xreview.repo.attribution.sessions.tool import SessionTool

TOOLS: tuple[SessionTool, ...] = (
    ClaudeCode(),
    Codex(),
    GeminiCli(),
    CopilotCli(),
    OpenCode(),
    Aider(),
    QwenCode(),
    Amp(),
    Droid(),
    Crush(),
    Cursor(),
)
