"""`xreview-tui config`, in real processes."""

import json
import tomllib

from tests.cli.program import Program


def test_path_names_both_files(program: Program) -> None:
    done = program.run("config", "path")
    assert done.code == 0
    assert done.out.splitlines() == [
        str(program.config / "config.toml"),
        str(program.folder / ".xreview.toml"),
    ]


def test_show_says_what_holds_and_why(program: Program, repository) -> None:
    (program.config / "config.toml").write_text('tab_size = 8\nkeys.app.quit = "x"\n')
    repository.write(".xreview.toml", '\nignore = ["*.lock"]\n')
    done = program.run("config", "show", XREVIEW_THEME="light", EDITOR="ed")
    assert done.code == 0
    user = program.config / "config.toml"
    rows = done.out.splitlines()
    assert f"tab_size = 8  # {user}:1" in rows
    assert 'theme = "light"  # $XREVIEW_THEME' in rows
    assert 'editor = "ed"  # $EDITOR' in rows
    assert f'ignore = ["*.lock"]  # {program.folder / ".xreview.toml"}:2' in rows
    assert f'keys."app.quit" = ["x"]  # {user}:2' in rows
    assert 'fail_on = "low"  # default' in rows
    assert tomllib.loads(done.out)["tab_size"] == 8


def test_show_tells_problems_beside_what_holds(program: Program) -> None:
    (program.config / "config.toml").write_text('tab_size = 99\ntheme = "light"\n')
    done = program.run("config", "show")
    assert done.code == 2
    assert 'theme = "light"' in done.out
    assert "config.toml:1: `tab_size` can't be set to this" in done.err


def test_values_of_the_repository_can_not_write_to_the_terminal(
    program: Program, repository
) -> None:
    repository.write(".xreview.toml", 'conventions = ["\\u001b]52;c;aGk=\\u0007\\u202e"]\n')
    done = program.run("config", "show")
    assert done.code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(done.out)


def test_example_is_toml_that_changes_nothing(program: Program) -> None:
    done = program.run("config", "example")
    assert done.code == 0
    assert tomllib.loads(done.out) == {}
    (program.config / "config.toml").write_text(done.out)
    shown = program.run("config", "show")
    assert (shown.code, shown.err) == (0, "")
    assert {row.partition("  # ")[2] for row in shown.out.splitlines()} == {"default"}


def test_schema_is_the_shipped_one(program: Program) -> None:
    from xreview.config.example import schema_document

    done = program.run("config", "schema")
    assert json.loads(done.out) == schema_document()
