"""Names as data: each agent is told by what it signs with, and by no half of it."""

import pytest

from tests.repo.attribution.building import commit, told
from xreview.domain.authorship.family import model_family
from xreview.repo.attribution.signatures.conventions import conventions, normal_name
from xreview.repo.attribution.signatures.identities import identity_evidence, writer_of
from xreview.repo.attribution.signatures.message import message_evidence

GITHUB = "users.noreply.github.com"
TOOLS = conventions().tools
PEOPLE = ("ada@example.org", f"1234567+ada@{GITHUB}", "ada@noreply.codeberg.org", "ada@company.ai")


def pairs(field):
    found = [(tool, value) for tool in TOOLS for value in getattr(tool, field)]
    return pytest.mark.parametrize(
        ("tool", "value"), found, ids=[f"{tool.name}: {value}" for tool, value in found]
    )


def evidence_of(line):
    return told(message_evidence(commit(f"Subject\n\nProse.\n\n{line}\n")))


@pytest.mark.parametrize("field", ["emails", "logins", "names", "words"])
def test_no_two_agents_have_the_same(field):
    values = [value for tool in TOOLS for value in set(getattr(tool, field))]
    assert sorted(values) == sorted(set(values))


@pairs("emails")
def test_an_address_tells_the_agent(tool, value):
    for name in (tool.name, "Some Name"):
        writer = writer_of(name, value.replace("*", "x").upper())
        assert writer is not None
        assert writer.tool == tool.name
    assert writer_of("Some Name", f"x{value.replace('*', 'x')}") is None


@pairs("logins")
def test_a_login_tells_the_agent(tool, value):
    numbered = value if "+" in value else f"99+{value}"
    for email in (f"{value}@{GITHUB}", f"{numbered}@{GITHUB}"):
        writer = writer_of("Some Name", email)
        assert writer is not None
        assert writer.tool == tool.name
    assert writer_of("Some Name", f"{value.rpartition('+')[2]}x@{GITHUB}") is None


@pairs("shared")
def test_an_address_that_others_have_too_needs_the_agents_name(tool, value):
    own = (*tool.words, *tool.names)[0]
    assert writer_of("Some Name", value) is None
    writer = writer_of(own, value)
    assert writer is not None
    assert writer.tool == tool.name


@pairs("names")
def test_a_name_is_enough_alone_but_no_part_of_it(tool, value):
    for address in PEOPLE:
        writer = writer_of(value.title(), address)
        assert writer is not None
        assert writer.tool == tool.name
        if value.endswith("]"):
            continue  # nobody's nickname
        for nickname in (f"{value}78", f"x{value}", f"{value}fan", f"{value.title()} Shannon"):
            assert writer_of(nickname, address) is None


@pairs("words")
def test_a_word_that_people_have_needs_a_trailer_or_a_machines_address(tool, value):
    name = value.title()
    for address in PEOPLE:
        assert writer_of(name, address) is None
        assert writer_of(f"{name} Shannon", address) is None
        assert writer_of(f"{value}78", address) is None
    writer = writer_of(name, "noreply@example.org")
    assert writer is not None
    assert writer.tool == tool.name
    (trailer,) = evidence_of(f"Assisted-by: {name}")
    assert trailer[0] == tool.name
    for line in (
        f"Assisted-by: {name} Shannon",
        f"Assisted-by: {value}-generator",
        f"Assisted-by: x{value}",
        f"Written by {name} Shannon",
        f"Created with {value}fan",
    ):
        assert evidence_of(line) == []


@pairs("session")
def test_a_session_tells_the_agent(tool, value):
    (trace,) = evidence_of(f"{value}: 1")
    assert trace == (tool.name, tool.vendor, "")


@pytest.mark.parametrize("login", sorted(conventions().other_logins))
def test_a_reviewer_or_a_robot_wrote_nothing(login):
    assert writer_of(login, f"1+{login}@{GITHUB}") is None


MODELS = {
    "nvidia": ["llama-3.1-nemotron-70b", "Nemotron 3"],
    "anthropic": ["Claude Opus 9.5", "claude-sonnet-9", "Claude 3.5 Sonnet", "Sonnet 4.5"],
    "openai": ["gpt-5.5", "GPT-5.6 Sol", "gpt-4o", "gpt4o", "gpt-oss-120b", "o4-mini"],
    "google": ["Gemini 3 Pro (Preview)", "gemini-2.5-flash", "gemma-3.1"],
    "xai": ["grok-4", "grok-code-fast-1"],
    "deepseek": ["deepseek-v3.2", "deepseek-reasoner"],
    "meta": ["llama-3.3", "llama3.1:8b"],
    "mistral": ["mistral-large", "devstral-2"],
    "qwen": ["qwen3.7-plus", "qwen3-coder", "Qwen 3"],
    "moonshot": ["kimi-k2.5", "Kimi K3"],
    "zhipu": ["GLM-5", "glm4.6"],
    "minimax": ["MiniMax-M2"],
    "xiaomi": ["mimo-v2-pro"],
    "cursor": ["composer-1", "Cursor Composer"],
    "cognition": ["swe-1.5"],
    "cohere": ["command-r-plus"],
    "amazon": ["nova-pro"],
}


def test_every_family_has_models_here():
    assert list(MODELS) == [family.vendor for family in conventions().families]


@pytest.mark.parametrize(
    ("vendor", "name"), [(vendor, name) for vendor, names in MODELS.items() for name in names]
)
def test_a_models_name_tells_its_family(vendor, name):
    assert {one for _, one, _ in evidence_of(f"AI-Model: {name}")} == {vendor}
    writer = writer_of(name, "person@example.org")
    assert writer is not None
    assert writer.vendor == vendor


@pytest.mark.parametrize(
    ("vendor", "word"),
    [(family.vendor, word) for family in conventions().families for word in family.alone],
)
def test_a_familys_word_alone_needs_a_trailer_about_agents(vendor, word):
    assert [one for _, one, _ in evidence_of(f"Assisted-by: {word.title()}")] == [vendor]
    for other in (f"{word.title()} Shannon", f"{word}78", f"{word}4free", f"x{word}", f"{word}s"):
        assert evidence_of(f"Assisted-by: {other}") == []
        assert evidence_of(f"Generated with {other}") == []
        assert identity_evidence(commit(author=(other, "person@example.org"))) == ()
    assert identity_evidence(commit(author=(word.title(), "person@example.org"))) == ()


@pytest.mark.parametrize(
    "name",
    [
        "claude78", "kimi2000", "gpt4free", "gpt-engineer", "mistral99", "sonnet4u", "qwen3", "o3",
        "Opus Dei", "Sonnet 18", "Haiku 5", "Fable 3", "Gemma 2", "Composer 2", "Composer 2.7.1",
        "Claude 2nd", "Claude-Michel 2", "Claude van Damme 3", "Claude Dupont (Airbus A320)",
        "Claude (work laptop 2)", "Gemini 3 Mission Team", "Gemma Arterton2", "Claude Monet",
        "Codex Leicester", "Codex Team", "Copilot Systems", "Antigravity Research", "Grok Lee",
        "Ada (claude78)", "Ada (gpt4free)", "Ada (Sonnet)", "Ada (SWE 2)", "Ada (Replit)",
        "Ada (Zed)", "Jules Verne", "Cody Rhodes", "Devin Townsend", "Amp Fiddler", "Charlie",
    ],
)  # fmt: skip
def test_a_nickname_a_person_or_a_program_is_no_agent(name):
    for address in PEOPLE:
        assert identity_evidence(commit(author=(name, address))) == ()
        assert evidence_of(f"Co-authored-by: {name} <{address}>") == []


def test_a_tag_in_an_address_is_no_agent_where_it_may_be_a_projects():
    assert writer_of("Ada", "ada+zed@example.org") is None
    assert writer_of("Ada", "ada+goose@example.org") is None
    writer = writer_of("Ada", "ada+claude-code@example.org")
    assert writer is not None
    assert writer.tool == "claude-code"


def test_jules_by_its_address_but_nobody_else_there():
    assert told(identity_evidence(commit(author=("Jules", "jules@google.com")))) == [
        ("jules", "google", "")
    ]
    assert identity_evidence(commit(author=("Jules Martin", "jules@google.com"))) == ()


def test_no_name_is_also_a_reviewers():
    names = {normal_name(name) for tool in TOOLS for name in (*tool.names, *tool.words)}
    assert not names & conventions().other_names
    assert not {name for name in names if model_family(name) and "review" in name}
