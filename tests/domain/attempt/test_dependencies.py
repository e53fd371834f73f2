import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.attempt.texts import diff_of
from xreview.domain.attempt.dependencies import added_dependencies
from xreview.domain.change import FileDiff, FileStatus

PYPROJECT = """
[project]
name = "shop"
dependencies = ["httpx>=0.28", "Pydantic_Core"]
[project.optional-dependencies]
s3 = ["boto3"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
[tool.poetry.dependencies]
python = ">=3.11"
rich = "^14"
"""
CARGO = """
[package]
name = "shop"
[dependencies]
serde = "1"
[target.'cfg(unix)'.dependencies]
nix = { version = "0.29" }
"""
POM = """<project><dependencies>
  <dependency>
    <groupId>org.junit</groupId>
    <artifactId>junit</artifactId>
    <version>5</version>
  </dependency>
</dependencies></project>
"""

CASES = [
    ("pyproject.toml", PYPROJECT, PYPROJECT.replace("0.28", "0.29"), []),
    ("pyproject.toml", PYPROJECT, PYPROJECT.replace("Pydantic_Core", "pydantic-core"), []),
    (
        "a/pyproject.toml",
        PYPROJECT,
        PYPROJECT.replace('"boto3"', '"boto3", "moto[all] >= 5; python_version > \'3.10\'"')
        .replace('"pytest",', '"pytest", "ruff",')
        .replace(
            'rich = "^14"', 'rich = "^14"\n[tool.poetry.group.docs.dependencies]\nmkdocs = "*"'
        ),
        ["moto", "ruff", "mkdocs"],
    ),
    ("requirements-dev.txt", "a==1\n", "# b\na==2\n-r more.txt\nc.d ; x\n", ["c.d"]),
    (
        "requirements/base.in",
        "",
        "git+https://x/y.git#egg=thing\nname @ https://x/y\n",
        ["thing", "name"],
    ),
    (
        "package.json",
        '{"dependencies": {"a": "1"}}',
        '{"dependencies": {"a": "2", "@x/b": "1"}, "devDependencies": {"c": "1"}}',
        ["@x/b", "c"],
    ),
    (
        "go.mod",
        "module x\n\nrequire a.com/b v1\n",
        "module x\n\nrequire (\n\ta.com/b v2\n\tc.com/d v1 // x\n\te.com/f v1 // indirect\n)\n",
        ["c.com/d"],
    ),
    (
        "Cargo.toml",
        CARGO,
        CARGO.replace('serde = "1"', 'serde = "2"\nother = { package = "tokio", version = "1" }')
        + 'libc = "0.2"\n[build-dependencies]\ncc = "1"\n',
        ["tokio", "cc", "libc"],
    ),
    (
        "Gemfile",
        'gem "rails", "7"\n',
        "gem 'rails', '8'\ngroup :test do\n  gem 'rspec'\nend\n",
        ["rspec"],
    ),
    (
        "pom.xml",
        POM,
        POM.replace(
            "</dependencies>",
            "<!-- <dependency><artifactId>no</artifactId></dependency> -->\n"
            "<dependency><groupId>a.b</groupId><artifactId>c</artifactId><exclusions><exclusion>"
            "<artifactId>out</artifactId></exclusion></exclusions></dependency></dependencies>",
        ).replace("<version>5", "<version>6"),
        ["a.b:c"],
    ),
    (
        "app/build.gradle",
        "implementation 'a.b:c:1'\n",
        "plugins {\n id 'org.x.y' version '1'\n}\nimplementation 'a.b:c:2'\n"
        "// api 'no:no:1'\napi group: 'd.e', name: 'f', version: '1'\n",
        ["org.x.y", "d.e:f"],
    ),
    (
        "build.gradle.kts",
        "",
        'dependencies {\n implementation(libs.okhttp)\n testImplementation("g:h:1")\n}\n',
        ["libs.okhttp", "g:h"],
    ),
    (
        "composer.json",
        '{"require": {"php": "8"}}',
        '{"require": {"php": "8.4", "ext-json": "*", "symfony/yaml": "7"}}',
        ["symfony/yaml"],
    ),
    (
        "Shop.csproj",
        '<PackageReference Include="A.B" Version="1" />',
        '<PackageReference Include="A.B" />\n<PackageReference Version="1" Include="C">',
        ["C"],
    ),
    ("readme.md", "", "gem 'rails'", []),
    ("package-lock.json", "{}", '{"dependencies": {"a": "1"}}', []),
]


def added(path: str, old: str, new: str) -> list[str]:
    file = diff_of(old.encode("utf-8", "replace"), new.encode("utf-8", "replace"), path)
    found = added_dependencies([file], {path: old}.get, {path: new}.get)
    end = f" ({path})"
    assert all(one.endswith(end) for one in found)
    return [one.removesuffix(end) for one in found]


@pytest.mark.parametrize(("path", "old", "new", "expected"), CASES, ids=[one[0] for one in CASES])
def test_what_is_added(path, old, new, expected):
    assert sorted(added(path, old, new)) == sorted(expected)


def test_a_manifest_that_can_not_be_parsed_is_read_by_lines():
    old = '[project]\ndependencies = [\n  "httpx>=1",\n'
    assert added("pyproject.toml", old, old + '  "requests==2",\n  "rich",\n') == [
        "requests",
        "rich",
    ]
    broken = '{\n  "dependencies": {\n    "a": "1",\n<<<<<<<\n    "@x/b": "2",\n'
    assert added("package.json", '{"dependencies": {"a": "1"}}', broken) == ["@x/b"]


def test_a_new_manifest_adds_all_and_a_deleted_or_renamed_one_nothing():
    new = FileDiff("go.mod", FileStatus.ADDED)
    assert added_dependencies([new], lambda _: "no", lambda _: "require a.b/c v1") == (
        "a.b/c (go.mod)",
    )
    gone = FileDiff("go.mod", FileStatus.DELETED)
    assert added_dependencies([gone], lambda _: "require a.b/c v1", lambda _: None) == ()
    moved = FileDiff("b/go.mod", FileStatus.RENAMED, old_path="go.mod")
    text = {"go.mod": "require a.b/c v1", "b/go.mod": "require a.b/c v1\nrequire d.e/f v1"}
    assert added_dependencies([moved], text.get, text.get) == ("d.e/f (b/go.mod)",)


HOSTILE = [
    "[" * 100_000,
    '{"dependencies": ' * 5_000,
    '{"dependencies": [1, {"a": null}], "devDependencies": 7}',
    "project = 1\ntool = []\n",
    "[project]\ndependencies = [1, [2], {a = 1}]\n[tool]\npoetry = 3\n",
    "<!DOCTYPE x [<!ENTITY a '&b;'>]>" + "<dependency>" * 10_000,
    "<dependency " * 20_000,
    "\x1b]0;owned\x07 \u202e\0 \ud800",
    "gem '" + "a" * 100_000 + "'",
    "a" * 5_000_000,
    "<!--" * 200_000,
    "\n".join(["<" + "a" * 1_990] * 400),
    "\n".join(["api" * 660] * 400),
    "[" + "a." * 300_000 + "a]",
]


@pytest.mark.parametrize(
    "path",
    [
        "pyproject.toml",
        "package.json",
        "Cargo.toml",
        "pom.xml",
        "go.mod",
        "Gemfile",
        "requirements.txt",
        "build.gradle",
        "composer.json",
        "a.csproj",
    ],
)
def test_hostile_manifests_never_fail(path):
    for text in HOSTILE:
        assert len(added(path, "", text)) <= 2
        added(path, text, "")


@given(st.sampled_from([one[0] for one in CASES]), st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read(path, old, new):
    found = added(path, old, new)
    assert len(found) == len(set(found))
    assert added(path, new, new) == []
