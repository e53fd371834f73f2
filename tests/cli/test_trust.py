"""`trust` as a person and a program call it."""

import json

from tests.cli.program import Program
from tests.repo.builder import Builder


def test_the_change_and_its_files_are_told_highest_first(
    program: Program, repository: Builder
) -> None:
    repository.write("README.md", "More.\n")
    repository.write("src/refunds.py", "def refund(order):\n    return order\n")

    done = program.run("trust")

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(
        "5 decide: worktree against HEAD (1 file at decide, 1 at skip)\n\n"
        "5 decide  src/refunds.py\n    what a mistake costs: it touches money\n"
    )
    assert done.out.index("5 decide  src/refunds.py") < done.out.index("1 skip  README.md")


def test_json_is_versioned_and_a_folder_can_be_named(program: Program, repository: Builder) -> None:
    repository.write("src/refunds.py", "def refund(order):\n    return order\n")

    found = json.loads(program.run("-C", "/", "trust", "--json", str(repository.top)).out)

    assert (found["schema"], found["level"], found["word"]) == (1, 5, "decide")
    assert found["files"][0]["topics"] == ["money"]
    first = found["files"][0]["reasons"][0]
    assert first == {
        "question": "cost", "words": "it touches money", "path": "src/refunds.py", "raises": True,
    }  # fmt: skip


def test_a_policy_raises_and_a_change_of_it_does_not_count_yet(
    program: Program, repository: Builder
) -> None:
    repository.write(".xreview.toml", '[attention]\nstudy = ["*.md"]\n')
    repository.commit("policy")
    repository.write(".xreview.toml", "")
    repository.write("README.md", "More.\n")

    done = program.run("trust")

    _, _, readme = done.out.partition("4 study  README.md\n")
    assert "    what the repository demands: the settings demand at least study\n" in readme
    assert ".xreview.toml" in done.err


def test_require_human_fails_until_a_person_looked(program: Program, repository: Builder) -> None:
    repository.write("src/refunds.py", "def refund(order):\n    return order\n")

    assert program.run("review").code == 0
    done = program.run("review", "--require-human", "study")
    assert done.code == 1
    assert "A person has to look" in done.err
    assert program.run("review", "--require-human", "much").code == 2
