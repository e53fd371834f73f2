"""`who`, `--author` and `--reviewer` as a person types them."""

import json

import pytest

from tests.cli.program import Program
from tests.repo.builder import Builder

CLAUDE = "Second\n\nCo-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>"
CODEX = "Third\n\nCo-authored-by: Codex <noreply@openai.com>"


def committed(repository: Builder, path: str, text: str, message: str) -> None:
    repository.write(path, text)
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", message)


@pytest.fixture
def written(repository: Builder) -> Builder:
    committed(repository, "a.py", "x = 1\ny = 2\n", CLAUDE)
    committed(repository, "b.py", "z = 1\nw = 2\nq = 3\n", CODEX)
    return repository


def test_a_range_of_two_families_is_mixed_and_told_by_file(program: Program, written: Builder):
    done = program.run("who", "HEAD~2..HEAD")
    assert done.code == 0
    assert done.out.startswith("author: mixed: openai 60 %, anthropic 40 % (trailer, high)\n")
    assert "    Co-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>\n" in done.out
    assert done.err == ""


def test_json_says_it_to_programs(program: Program, written: Builder):
    found = json.loads(program.run("who", "HEAD~1", "--json").out)
    assert found["author"]["vendor"] == "anthropic"
    assert found["author"]["confidence"] == "high"
    assert found["files"][0]["path"] == "a.py"
    assert found["evidence"][0]["kind"] == "trailer"
    assert len(found["evidence"][0]["commit"]) == 40


def test_silence_is_unknown(program: Program, repository: Builder):
    committed(repository, "a.py", "x = 1\n", "by hand")
    done = program.run("who", "HEAD")
    assert (done.code, done.out.splitlines()[0]) == (0, "author: unknown")


def test_an_answer_is_remembered_for_the_branch_until_it_is_forgotten(
    program: Program, repository: Builder
):
    committed(repository, "a.py", "x = 1\n", "by hand")
    assert program.run("who", "--set", "gpt-6").out.startswith("Remembered for the branch ")
    assert program.run("who", "HEAD").out.startswith("author: openai gpt-6 (your answer, high)")
    repository.git("checkout", "--quiet", "-b", "other")
    assert program.run("who", "HEAD").out.startswith("author: unknown")
    repository.git("checkout", "--quiet", "-")
    assert program.run("who", "--forget").code == 0
    assert program.run("who", "HEAD").out.startswith("author: unknown")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("who", "--set", "nonsense"), "known model family"),
        (("who", "--set", "openai:claude-4"), "is a model of anthropic"),
        (("who", "--set", "openai", "--forget"), "can't be combined"),
        (("who", "HEAD", "--forget"), "Remove the revision"),
        (("who", "nowhere"), "nowhere"),
        (("--author", "openai", "who"), "`who` doesn't accept --author"),
        (("review", "--author", "\x1b[2Jx"), "known model family"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    program: Program, repository: Builder, words: tuple[str, ...], said: str
):
    done = program.run(*words)
    assert done.code == 2
    assert said in done.err
    assert "\x1b" not in done.err


def test_a_headless_review_says_who_wrote_it_and_who_reads_it(program: Program, written: Builder):
    done = program.run("review", "--commit", "HEAD")
    assert "author: openai codex (identity, high)" in done.err
    assert "the analysers risk and economy read it" in done.err


def test_the_author_that_is_given_goes_before_what_is_found(program: Program, written: Builder):
    done = program.run("review", "--author", "google", "--reviewer", "risk", "--commit", "HEAD")
    assert "author: google (your answer, medium)" in done.err
    assert "Your answer names google, the identity openai: your answer counts" in done.err
    assert "the analyser risk reads it" in done.err


def test_a_reviewer_that_there_is_not_is_a_sentence(program: Program, written: Builder):
    done = program.run("review", "--reviewer", "nobody")
    assert done.code == 3
    assert "Unknown reviewer “nobody”" in done.err


def test_hostile_names_are_shown_and_not_executed(program: Program, repository: Builder):
    message = "x\n\nAssisted-by: Crush:gpt-6\x1b]52;c;aGk=\x07"
    committed(repository, "a.py", "x = 1\n", message)
    done = program.run("who", "HEAD")
    assert "\x1b" not in done.out
    assert "\x07" not in done.out
