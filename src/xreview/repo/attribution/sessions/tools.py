"""The agents whose transcripts are searched."""

from xreview.repo.attribution.sessions.aider import AiderSessions
from xreview.repo.attribution.sessions.amp import AmpSessions
from xreview.repo.attribution.sessions.claude_code import ClaudeCodeSessions
from xreview.repo.attribution.sessions.codex import CodexSessions
from xreview.repo.attribution.sessions.copilot_cli import CopilotCliSessions
from xreview.repo.attribution.sessions.crush import CrushSessions
from xreview.repo.attribution.sessions.cursor import CursorSessions
from xreview.repo.attribution.sessions.droid import DroidSessions
from xreview.repo.attribution.sessions.gemini_cli import GeminiCliSessions
from xreview.repo.attribution.sessions.opencode import OpenCodeSessions
from xreview.repo.attribution.sessions.qwen_code import QwenCodeSessions
from xreview.repo.attribution.sessions.tool import SessionTool

TOOLS: tuple[SessionTool, ...] = (
    ClaudeCodeSessions(),
    CodexSessions(),
    GeminiCliSessions(),
    CopilotCliSessions(),
    OpenCodeSessions(),
    AiderSessions(),
    QwenCodeSessions(),
    AmpSessions(),
    DroidSessions(),
    CrushSessions(),
    CursorSessions(),
)
