"""What messages tell, and what they do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.attribution.building import ID, commit, told
from xreview.domain.authorship.author import EvidenceKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.signatures.message import message_evidence

GITHUB = "users.noreply.github.com"
CLAUDE = ("claude-code", "anthropic", "")


def evidence_of(message):
    return told(message_evidence(commit(message)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Co-Authored-By: Claude Opus 9.5 (1M context) <noreply@anthropic.com>",
            [("claude-code", "anthropic", "Claude Opus 9.5")],
        ),
        ("co-authored-by: claude <NoReply@Anthropic.com>", [CLAUDE]),
        (
            "Co-authored-by: Claude Opus 4.6 (1M context) <noreply@anthropic.com",
            [("claude-code", "anthropic", "Claude Opus 4.6")],
        ),
        (
            "* Co-authored-by: Claude Fable 5 <noreply@anthropic.com>",
            [("claude-code", "anthropic", "Claude Fable 5")],
        ),
        (
            "    Co-authored-by: Codex <noreply@openai.com>",
            [("codex", "openai", "")],
        ),
        (
            "Co-authored-by: openai/gpt-6-astra <noreply@openai.com>",
            [("codex", "openai", "gpt-6-astra")],
        ),
        ("Co-Authored-By: Codex (GPT-5.5)", [("codex", "openai", "GPT-5.5")]),
        ("Co-Authored-By: Codex <noreply@anthropic.com>", [("claude-code", "openai", "")]),
        (
            "Co-authored-by: aider (openai/proxy/gemini-2.5-pro) <aider@aider.chat>",
            [("aider", "google", "gemini-2.5-pro")],
        ),
        (
            "Co-authored-by: OpenHands-GPT-4.1 openhands@all-hands.dev",
            [("openhands", "openai", "GPT-4.1")],
        ),
        (
            f"Co-Authored-By: eu.anthropic.claude-opus-5 via Crush <charmcrush@{GITHUB}>",
            [("crush", "anthropic", "claude-opus-5")],
        ),
        (
            "Co-authored-by: Copilot <1+Copilot@users.noreply.github.com>",
            [("copilot", "", "")],
        ),
        (
            "Co-authored-by: Copilot <198982749+Copilot@users.noreply.github.com>",
            [("copilot-agent", "", "")],
        ),
        (
            "Co-authored-by: A <a@b.c>, Claude <noreply@anthropic.com>",
            [CLAUDE],
        ),
        (
            "Assisted-by: Claude:claude-3-opus coccinelle sparse",
            [("", "anthropic", "claude-3-opus")],
        ),
        (
            "Assisted-by: Claude Code - Claude Sonnet 4.5",
            [("claude-code", "anthropic", "Claude Sonnet 4.5")],
        ),
        ("Assisted-By: Claude/sonnet-4.5", [("", "anthropic", "sonnet-4.5")]),
        (
            "Assisted-by: Crush:accounts/fireworks/models/kimi-k2p6",
            [("crush", "moonshot", "kimi-k2p6")],
        ),
        ("Assisted-by: GLM 4.6 via Crush <person@example.org>", [("crush", "zhipu", "GLM 4.6")]),
        ("Assisted-by: Claude Code (gpt-5.4)", [("claude-code", "openai", "gpt-5.4")]),
        ("Assisted-by: Claude Code, Codex", [("codex", "openai", ""), CLAUDE]),
        ("Generated-by: Jetbrains Junie", [("junie", "", "")]),
        ("Co-authored-by: Kiro <noreply@kiro.example>", [("kiro", "", "")]),
        ("Generated-by: ChatGPT 5", [("chatgpt", "openai", "ChatGPT 5")]),
        ("Assisted-by: Cluade Code", [("claude-code", "anthropic", "")]),
        ("Assisted-by: Cladue Sonet 5", [("", "anthropic", "claude sonnet 5")]),
        ("AI-Tool: kiro", [("kiro", "", "")]),
        (
            "Claude-Generated-By: Claude Code (cli/claude-opus-4-5=100%)",
            [("claude-code", "anthropic", "claude-opus-4-5")],
        ),
        ("Made-with: Cursor", [("cursor", "", "")]),
        ("Claude-Session: https://claude.ai/code/session_1", [CLAUDE]),
        ("https://claude.ai/code/session_1", [CLAUDE]),
        ("Link to Devin run: https://app.devin.ai/sessions/1", [("devin", "", "")]),
        ("Amp-Thread-ID: https://ampcode.com/threads/T-1", [("amp", "", "")]),
        ("🤖 Generated with [Claude Code](https://claude.com/claude-code)", [CLAUDE]),
        ("Generated with [OpenAI Codex](https://openai.com/codex)", [("codex", "openai", "")]),
        ("💘 Generated with Crush", [("crush", "", "")]),
        ("Generated with Claude Opus 4.5", [("", "anthropic", "Claude Opus 4.5")]),
        ("Generated with Qodo Gen", [("qodo", "", "")]),
        ("Generated with Plandex", [("plandex", "", "")]),
        ("Generated with SWE-agent", [("swe-agent", "", "")]),
        ("🤖 Generated with [Tembo](https://tembo.io)", [("tembo", "", "")]),
        ("🤖 Made with Goose", [("goose", "", "")]),
        ("Made with Cursor", [("cursor", "", "")]),
        ("PR created automatically by Jules for task 1", [("jules", "google", "")]),
        ("Co-authored by: Claude <noreply@anthropic.com>", [CLAUDE]),
        ("Co authored by: Claude <noreply@anthropic.com>", [CLAUDE]),
        ("Co-authored-by Claude <noreply@anthropic.com>", [CLAUDE]),
        ("**Co-authored-by:** Claude <noreply@anthropic.com>", [CLAUDE]),
        ("Assisted by: Codex", [("codex", "openai", "")]),
        ("Co-authored-by: GitLab Duo <duo@gitlab.com>", [("gitlab-duo", "", "")]),
        ("Co-authored-by: Jules <noreply@jules.google>", [("jules", "google", "")]),
        ("Duo-Session: https://gitlab.com/g/p/-/automate/1", [("gitlab-duo", "", "")]),
        ("Co-developed-by: iFlow <noreply@iflow.cn>", [("iflow", "", "")]),
        ("Co-authored-by: Cody (Sourcegraph)", [("cody", "", "")]),
        (
            f"Co-authored-by: Codegen <131295404+codegen-sh[bot]@{GITHUB}>",
            [("codegen-sh", "", "")],
        ),
        ("Co-authored-by: CharlieHelps <charlie@charlielabs.ai>", [("charlie-labs", "", "")]),
        (
            "Co-authored-by: Kilo Code <moonshotai/kimi-k2.5:free>",
            [("kilo-code", "moonshot", "")],
        ),
        ("Assisted-by: Claude via Crush", [("crush", "anthropic", "")]),
        ("AI-assisted: partially (Claude Code)", [CLAUDE]),
        ("Assisted-by: Claude for the tests", [("", "anthropic", "")]),
        (
            "Generated with OpenAI Codex\\nCo-authored-by: Codex <codex@openai.com>",
            [("codex", "openai", ""), ("codex", "openai", "")],
        ),
    ],
)
def test_a_line_tells(line, expected):
    assert evidence_of(f"Subject\n\nProse.\n\n{line}\n") == expected
    assert evidence_of(f"Subject\n\n{line}\n\nProse below.\n") == expected


@pytest.mark.parametrize(
    "message",
    [
        "docs: mention Claude Code and Codex in README\n",
        "Generated with Claude Code\n\nas a subject",
        'Subject\n\nRemove the "Generated with Claude Code" footer\n',
        "Subject\n\nThis text was\nGenerated with Claude Code\nand so on.\n",
        "Subject\n\nGenerated with Claude Code we once had a footer that is gone now.\n",
        "Subject\n\n* agent: claude can be chosen\n* model: gemini-2.5-pro is the default\n",
        "Subject\n\nModel: llama-3.1\n",
        "Subject\n\n```\nCo-authored-by: Claude <noreply@anthropic.com>\n```\n",
        "Subject\n\nCo-authored-by: Claude Example <claude.example@example.org>\n",
        "Subject\n\nCo-authored-by: Devin Example <devin@example.org>\n",
        "Subject\n\nCo-authored-by: Jules <jules@example.org>\n",
        "Subject\n\nAssisted-by: Claude Shannon <shannon@example.org>\n",
        "Subject\n\nAssisted-by: Jules Verne <verne@example.org>\n",
        "Subject\n\nCo-authored-by: Ada <ada@anthropic.com>\n",
        "Subject\n\nCo-authored-by: Castiron <noreply@openai.com>\n",
        f"S\n\nCo-authored-by: Copilot Autofix powered by AI <175728472+Copilot@{GITHUB}>\n",
        f"S\n\nCo-authored-by: gemini-code-assist[bot] <1+gemini-code-assist[bot]@{GITHUB}>\n",
        f"S\n\nCo-authored-by: copilot-reviewer[bot] <1+copilot-reviewer[bot]@{GITHUB}>\n",
        f"S\n\nCo-authored-by: renovate[bot] <29139614+renovate[bot]@{GITHUB}>\n",
        "Subject\n\nGenerated-By: openstack/project-config:roles/claude/functions\n",
        "Subject\n\nGenerated-By: scripts/codex.sh\n",
        "Subject\n\nAssisted-by: Claudel <paul@example.org>\n",
        "Subject\n\nGenerated-by: cargo release\n",
        "Subject\n\nAI-Origin: human\n",
        "Subject\n\nAI-Assisted: no (written by hand, then checked with Claude Code)\n",
        "Subject\n\nAI-Assisted: none; Codex not used\n",
        "Subject\n\nAI-assisted: nope, Claude was down\n",
        "Subject\n\nAI-generated: 0% (Claude Code)\n",
        "Subject\n\nAssisted-by: human (reviewed by Claude Code)\n",
        "Subject\n\nGenerated with no AI (Claude Code was down)\n",
        "Subject\n\nAssisted-by: Xcode\n",
        "Subject\n\nAssisted-by: Unicode\n",
        "Subject\n\nAssisted-by: codec\n",
        "Subject\n\nAssisted-by: Claudel\n",
        "Subject\n\nAssisted-by: Claude Shannon\n",
        "Subject\n\nAssisted-by: Devin Townsend\n",
        "Subject\n\nGenerated-by: gpt-partition-tool\n",
        "Subject\n\nGenerated-by: google-java-format\n",
        "Subject\n\nGenerated-by: codegen\n",
        "Subject\n\nGenerated-by: composer 2.7\n",
        "Subject\n\nWritten by Claude Shannon\n",
        "Subject\n\nWritten by Jules\n",
        "Subject\n\nWritten by Cody\n",
        "Subject\n\nGenerated with Composer 2.7.1\n",
        "Subject\n\nGenerated with Google Docs\n",
        "Subject\n\nGenerated with Opus 1.5\n",
        "Subject\n\nCreated with gptfdisk\n",
        "Subject\n\nCreated with gpt fdisk 1.0.9\n",
        "Subject\n\nBuilt with gpt4all\n",
        "Subject\n\nBuilt with Llama 3.1\n",
        "Subject\n\nBuilt with grok 1.2 parser\n",
        "Subject\n\nBuilt with Gemini\n",
        "Subject\n\nBuilt with Codex Leicester\n",
        "Subject\n\nBuilt with Copilot Homes\n",
        "Subject\n\nMade with Crush\n",
        "Subject\n\nAi-assisted: true\n",
        "aider: 0.5 -> 0.6\n",
        "",
    ],
)
def test_a_message_tells_nothing(message):
    assert evidence_of(message) == []


FOOTER = (
    "🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\n"
    "Co-Authored-By: Claude <noreply@anthropic.com>\n"
    "https://claude.ai/code/session_1\n"
)


@pytest.mark.parametrize(
    ("before", "prefix", "after"),
    [
        ("The bot wrote:\n\n", "> ", ""),
        ("The bot wrote:\n\n", ">", ""),
        ("* the bot wrote\n", "  > ", ""),
        ("> > nested\n", "> > ", ""),
        ("```\n", "", "```\n"),
        ("````text\n```\n", "", "````\n"),
        ("~~~ text\n", "", "~~~\n"),
        ("* an example:\n  ```\n", "  ", "  ```\n"),
        ("<blockquote>\n", "", "</blockquote>\n"),
        ("<!-- template\n", "", "-->\n"),
    ],
)
def test_what_a_message_quotes_tells_nothing(before, prefix, after):
    quoted = "".join(f"{prefix}{line}\n" for line in FOOTER.splitlines())
    assert evidence_of(f"Subject\n\n{before}{quoted}{after}") == []
    assert evidence_of(f"Subject\n\n{before}{quoted}{after}\n{FOOTER}") != []


@pytest.mark.parametrize("opening", ["```", "~~~", "<!--", "<blockquote>"])
def test_what_is_never_closed_hides_no_trailer(opening):
    assert CLAUDE in evidence_of(f"Subject\n\n{opening}\nexample\n\n{FOOTER}")


def test_the_authors_of_squashed_commits():
    lines = (
        "commit 0123456\nAuthor: Claude <noreply@anthropic.com>\nDate:   Mon\n\n    One\n\n"
        "commit 1234567\nAuthor: Ada <ada@example.org>\nDate:   Mon\n\n    Two\n"
    )
    (trace,) = message_evidence(commit(f"Squashed commit of the following:\n\n{lines}"))
    assert (trace.kind, trace.vendor, trace.confidence) == (
        EvidenceKind.IDENTITY,
        "anthropic",
        Confidence.HIGH,
    )
    (mentioned,) = message_evidence(commit(f"Fix what came with\n\n{lines}"))
    assert mentioned.confidence is Confidence.LOW


def test_written_by_claude_is_weak():
    (trace,) = message_evidence(commit("Subject\n\nWritten by Claude\n"))
    assert (trace.vendor, trace.confidence) == ("anthropic", Confidence.LOW)


def test_two_vendors_are_two_traces():
    message = (
        "Subject\n\nCo-Authored-By: Claude Opus 5 <noreply@anthropic.com>\n"
        "Co-authored-by: Codex <noreply@openai.com>\n"
    )
    assert {vendor for _, vendor, _ in evidence_of(message)} == {"anthropic", "openai"}


def test_a_trace_is_checkable():
    line = "Co-Authored-By: Claude Opus 5 <noreply@anthropic.com>"
    (trace,) = message_evidence(commit(f"Subject\n\n{line}\n{line}\n"))
    assert (trace.kind, trace.pointer, trace.commit) == (EvidenceKind.TRAILER, line, ID)
    assert trace.confidence is Confidence.HIGH


def test_a_bare_tool_name_is_weak_and_no_model_an_identity():
    (trace,) = message_evidence(
        commit("Subject\n\nCo-Authored-By: Claude Code <noreply@anthropic.com>\n")
    )
    assert (trace.kind, trace.confidence) == (EvidenceKind.IDENTITY, Confidence.LOW)


def test_a_model_beside_an_agent():
    message = "Subject\n\nCoding-Agent: claude-code\nModel: claude-opus-4-6\n"
    assert ("claude-code", "anthropic", "claude-opus-4-6") in evidence_of(message)


def test_aiders_subject_is_a_weak_trace():
    (trace,) = message_evidence(commit("aider: Colour the models differently.\n"))
    assert (trace.tool, trace.vendor, trace.confidence) == ("aider", "", Confidence.LOW)


PIECES = (
    "Co-authored-by: ", "Assisted-by: ", "🤖 Generated with ", "https://claude.ai/code/", "```",
    "<", "noreply@anthropic.com", "Claude", " via ", "(", "~~~", "> ", "<!--", "-->",
    "Author: ", "gpt-5.5", "\n", "\n\n", "\\n", ": ", "Model: ",
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_no_message_is_an_error(message):
    for trace in message_evidence(commit(message)):
        assert len(trace.pointer) <= 200
        assert "\n" not in trace.pointer


@pytest.mark.parametrize(
    "piece",
    ["Co-authored-by: ", "a@", "<", " ", "[", "Generated with ", "```\n", "*", ": ", "https://",
     "```x\n~~~x\n", "<!--\n", "claude-", "gpt ", "Co-authored by ", "4.", "> "],
)  # fmt: skip
def test_no_message_takes_for_ever(piece):
    message_evidence(commit(f"Subject\n\n{piece * (500_000 // len(piece))}"))
    rows = f"{piece * 20}\n" * 5_000
    message_evidence(commit(f"Subject\n\nCo-authored-by: {piece * 1000}\n{rows}"))
