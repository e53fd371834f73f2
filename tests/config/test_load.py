"""Layers, places and sentences of the configuration, from files on disk."""

import os
from pathlib import Path

import pytest

from xreview.config.load import Loaded, load
from xreview.config.paths import Folders, folders, repository_file
from xreview.config.schema import Settings
from xreview.domain.errors import ConfigError, ExitCode
from xreview.domain.report import Severity


class Place:
    """A home with a user's configuration and a repository."""

    def __init__(self, root: Path) -> None:
        self.folders: Folders = folders(
            {"XREVIEW_CONFIG_DIR": str(root / "config"), "XREVIEW_DATA_DIR": str(root / "data")}
        )
        self.folders.config.mkdir()
        self.repository = root / "repository" / ".xreview.toml"
        self.repository.parent.mkdir()

    def user(self, text: str) -> None:
        self.folders.config_file.write_text(text, "utf-8")

    def repo(self, text: str) -> None:
        self.repository.write_text(text, "utf-8")

    def load(
        self, environ: dict[str, str] | None = None, options: dict[str, str] | None = None
    ) -> Loaded:
        return load(self.folders, self.repository, environ or {}, options)

    def problems(self) -> list[str]:
        return [str(problem) for problem in self.load().problems]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_nothing_set_gives_the_defaults(place: Place) -> None:
    loaded = place.load()
    assert loaded.checked() == Settings()
    assert set(loaded.origins.values()) == {"default"}
    assert loaded.files == ()


def test_each_layer_goes_over_the_one_before(place: Place) -> None:
    assert place.load().settings.fail_on is Severity.LOW
    place.user('\nfail_on = "medium"')
    assert place.load().settings.fail_on is Severity.MEDIUM
    assert place.load().origins["fail_on"] == f"{place.folders.config_file}:2"
    place.repo('fail_on = "high"')
    assert place.load().settings.fail_on is Severity.HIGH
    environ = {"XREVIEW_FAIL_ON": "Critical"}
    assert place.load(environ).settings.fail_on is Severity.CRITICAL
    assert place.load(environ).origins["fail_on"] == "$XREVIEW_FAIL_ON"
    loaded = place.load(environ, {"fail_on": "low"})
    assert loaded.settings.fail_on is Severity.LOW
    assert loaded.origins["fail_on"] == "--fail-on"


def test_every_kind_of_value_is_read(place: Place) -> None:
    place.user(
        'theme = "light"\nside_by_side = true\ntab_size = 8\neditor = "code --wait"\n'
        "mouse = false\n"
        'ignore = ["*.lock"]\nconventions = ["Handlers may raise."]\nreview_with = ["economy"]\n'
        '[keys]\n"finding.accept" = ["a", "f2"]\nfinding.reject = "x"\n"finding.undo" = []\n'
    )
    loaded = place.load()
    assert loaded.checked() == Settings(
        theme="light",
        side_by_side=True,
        tab_size=8,
        editor="code --wait",
        mouse=False,
        ignore=("*.lock",),
        conventions=("Handlers may raise.",),
        review_with=("economy",),
        keys={"finding.accept": ("a", "f2"), "finding.reject": ("x",), "finding.undo": ()},
    )
    file = place.folders.config_file
    assert loaded.origins["keys.finding.accept"] == f"{file}:10"
    assert loaded.origins["keys.finding.reject"] == f"{file}:11"


def test_environment_variables_are_read_as_text(place: Place) -> None:
    environ = {
        "XREVIEW_SIDE_BY_SIDE": "yes",
        "XREVIEW_MOUSE": "0",
        "XREVIEW_TAB_SIZE": "2",
        "XREVIEW_IGNORE": "*.lock, vendor/",
        "XREVIEW_REVIEW_WITH": "risk",
        "XREVIEW_THEME": "",
    }
    found = place.load(environ).checked()
    assert (found.side_by_side, found.mouse, found.tab_size) == (True, False, 2)
    assert found.ignore == ("*.lock", "vendor/")
    assert found.review_with == ("risk",)
    assert found.theme == Settings().theme


def test_a_wrong_environment_variable_is_named(place: Place) -> None:
    loaded = place.load({"XREVIEW_TAB_SIZE": "wide", "XREVIEW_MOUSE": "maybe"})
    messages = [str(problem) for problem in loaded.problems]
    assert messages == [
        "$XREVIEW_TAB_SIZE is `wide`: it must be a whole number from 1 to 16.",
        "$XREVIEW_MOUSE is `maybe`: it must be true or false, without quotes.",
    ]


def test_the_editor_comes_from_the_user_and_never_from_the_repository(place: Place) -> None:
    environ = {"EDITOR": "ed", "VISUAL": "vim"}
    assert place.load({"EDITOR": "ed"}).settings.editor == "ed"
    assert place.load(environ).settings.editor == "vim"
    assert place.load(environ).origins["editor"] == "$VISUAL"
    place.user('editor = "hx"')
    assert place.load(environ).settings.editor == "hx"
    place.repo('editor = "sh -c evil"')
    loaded = place.load(environ)
    assert loaded.settings.editor == "hx"
    (problem,) = loaded.problems
    assert "A repository under review can't set" in problem.message
    assert str(place.folders.config_file) in problem.advice


def test_an_editor_variable_that_is_no_command_is_passed_over(place: Place) -> None:
    loaded = place.load({"VISUAL": 'vim "', "EDITOR": "ed"})
    assert loaded.checked().editor == "ed"


@pytest.mark.parametrize(
    "line",
    [
        'theme = "x"',
        "side_by_side = true",
        "tab_size = 2",
        'editor = "x"',
        "mouse = true",
        'reviewers = ["x"]',
        '[keys]\n"app.quit" = "x"',
    ],
)
def test_what_a_repository_may_not_set_is_refused(place: Place, line: str) -> None:
    place.repo(f"# a comment\n{line}\n")
    loaded = place.load()
    assert loaded.settings == Settings()
    (problem,) = loaded.problems
    assert (problem.path, problem.line) == (str(place.repository), 2)
    assert "`conventions`" in problem.advice
    with pytest.raises(ConfigError) as raised:
        loaded.checked()
    assert raised.value.exit_code is ExitCode.USAGE


def test_patterns_and_conventions_of_user_and_repository_add_up(place: Place) -> None:
    place.user('ignore = ["secrets/", "*.lock"]\nconventions = ["One.", "Two."]')
    place.repo('ignore = ["!secrets/", "gen/"]\nconventions = ["Two.", "Three."]')
    loaded = place.load()
    found = loaded.checked()
    assert found.conventions == ("One.", "Two.", "Three.")
    assert found.ignores("gen/a.py")
    assert found.ignores("poetry.lock")
    assert found.ignores("secrets/key.pem"), "a repository can't bring back what the user left out"
    assert not found.ignores("src/a.py")
    assert loaded.origins["ignore"] == f"{place.folders.config_file}:1, {place.repository}:1"


def test_all_problems_of_all_files_are_told_at_once(place: Place) -> None:
    place.user('them = "x"\ntab_size = 99\nmouse = "yes"\nfail_on = "hgih"\n')
    place.repo('conventoins = []\neditor = "x"\n')
    own, repo = place.folders.config_file, place.repository
    assert place.problems() == [
        f"{own}:1: Unknown setting `them`. Did you mean `theme`?",
        f"{own}:2: `tab_size` can't be set to this: it must be a whole number from 1 to 16.",
        f"{own}:3: `mouse` can't be set to this: it must be true or false, without quotes.",
        f"{own}:4: `fail_on` can't be set to this: it must be one of "
        '"low", "medium", "high", "critical".',
        f"{repo}:1: Unknown setting `conventoins`. Did you mean `conventions`?",
        f"{repo}:2: A repository under review can't set `editor`, since it must not choose "
        "commands, reviewers, keys or the display. It can set `fail_on`, `require_human`, "
        f"`ignore`, `conventions`, `attention`; move the rest to {own}.",
    ]
    with pytest.raises(ConfigError) as raised:
        place.load().checked()
    assert str(raised.value).splitlines() == place.problems()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('theme = "x"\nmouse = tru\n', 2, "This isn't TOML"),
        ("theme = x", 1, "This isn't TOML"),
        ('a = 1\n\nlist = ["a"\n', 3, "This isn't TOML"),
        ("mouse = true\nmouse = false", 2, "This isn't TOML"),
        ("a = " + "[" * 5000 + "]" * 5000, None, "nested too deeply"),
        (".".join("a" * 20_000) + " = 1", 1, "more than 32 parts"),
        ("# x\n[" + ".".join(['"a"'] * 9_000) + "]", 2, "more than 32 parts"),
        ("tab_size = " + "9" * 5000, None, "This isn't TOML"),
        ("theme = 1979-05-27", 1, "text in quotes"),
        ("tab_size = true", 1, "whole number"),
        ("tab_size = 4.0", 1, "whole number"),
        ('theme = "a\\nb"', 1, "one line"),
        ("editor = 'vim \"'", 1, "command line"),
        ('ignore = "*.lock"', 1, "a list of texts"),
        ('ignore = ["a", 3]', 1, "`3` isn't"),
        ('ignore = ["[a"]', 1, "the pattern `[a` has an unclosed ["),
        ('conventions = [" "]', 1, "empty entry"),
        ("conventions = " + str(["x"] * 101), 1, "101 entries; at most 100"),
        ("conventions = ['" + "x" * 501 + "']", 1, "501 characters; at most 500"),
        ("reviewers = []", 1, "it must consist of tables"),
        ("[reviewers.x]\nprovider = 'openai'", 1, "needs a `model`"),
        ("budget = -1", 1, "an amount of US dollars"),
        ('review_with = ["risk", "risk"]', 1, "has a duplicate"),
        ("keys = 3", 1, "must be a table"),
        ('[keys]\n"finding.accept" = 3', 1, "`finding.accept` must be a key"),
        ('[keys]\nfinding.accept = ["a", 3]', 1, "`finding.accept` must be a key"),
        ('"a\\u001b[2J\\nb" = 1', 1, "`a␛[2J␊b`"),
    ],
)
def test_each_way_to_be_wrong_has_its_line_and_sentence(
    place: Place, text: str, line: int | None, words: str
) -> None:
    place.user(text)
    (problem,) = place.load().problems
    assert problem.path == str(place.folders.config_file)
    assert problem.line == line
    assert words in str(problem)
    assert "\n" not in str(problem)


def test_what_is_not_utf8_is_named_with_its_line(place: Place) -> None:
    place.folders.config_file.write_bytes(b'theme = "x"\n# caf\xe9\n')
    (problem,) = place.load().problems
    assert (problem.line, problem.message) == (2, "This isn't UTF-8, which TOML requires.")


def test_windows_line_ends_and_a_byte_order_mark_are_read(place: Place) -> None:
    place.folders.config_file.write_bytes(b'\xef\xbb\xbftheme = "x"\r\ntab_size = 99\r\n')
    loaded = place.load()
    assert loaded.settings.theme == "x"
    assert loaded.problems[0].line == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(place: Place) -> None:
    place.user("")
    place.folders.config_file.chmod(0)
    assert "can't be read: Permission denied" in place.problems()[0]


def test_a_folder_in_the_files_place_is_named(place: Place) -> None:
    place.repository.mkdir()
    assert place.problems() == [
        f"{place.repository}: This isn't a file. Replace it with a TOML file, or remove it."
    ]


def test_a_named_pipe_is_not_waited_for(place: Place) -> None:
    os.mkfifo(place.repository)
    assert "This isn't a file." in place.problems()[0]


def test_a_repositorys_symbolic_link_is_not_followed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text('conventions = ["x"]')
    place.repository.symlink_to(tmp_path / "elsewhere.toml")
    assert "symbolic link" in place.problems()[0]
    assert place.load().settings.conventions == ()


def test_the_users_symbolic_link_is_followed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text('theme = "x"')
    place.folders.config_file.symlink_to(tmp_path / "dotfiles.toml")
    assert place.load().checked().theme == "x"


def test_a_file_without_end_is_not_read_to_its_end(place: Place) -> None:
    place.repository.write_bytes(b"#" * 70_000)
    assert "larger than 64 KiB" in place.problems()[0]


def test_the_repositorys_file_is_found_from_a_subfolder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert repository_file(tmp_path / "a" / "b", {}) == tmp_path / ".xreview.toml"


def test_a_worktrees_git_file_counts_as_its_top(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".git").write_text("gitdir: ../.git/worktrees/tree")
    assert repository_file(tmp_path / "tree", {}) == tmp_path / "tree" / ".xreview.toml"


def test_gits_own_variables_say_where_the_top_is(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    below = tmp_path / "a"
    below.mkdir()
    assert repository_file(below, {"GIT_DIR": "../.git"}) == below / ".xreview.toml"
    environ = {"GIT_DIR": "../.git", "GIT_WORK_TREE": str(tmp_path)}
    assert repository_file(below, environ) == tmp_path / ".xreview.toml"


def test_outside_of_a_repository_there_is_no_file(tmp_path: Path) -> None:
    assert repository_file(tmp_path, {}) is None


def test_folders_follow_the_platform_and_the_overrides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    found = folders({})
    assert all(path.is_absolute() for path in (found.config, found.data, found.cache, found.state))
    assert len({found.config, found.data, found.cache, found.state}) >= 2
    moved = folders({"XREVIEW_DATA_DIR": "relative", "XREVIEW_CONFIG_DIR": str(tmp_path / "c")})
    assert moved.config_file == tmp_path / "c" / "config.toml"
    assert moved.data == Path("relative").absolute()
    assert {moved.cache.parent, moved.state.parent} == {moved.data}
