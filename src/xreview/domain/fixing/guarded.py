"""Which files decide how a change is tested, linted and measured, by their paths.

A fixer that edits one can make any check green.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_PIPELINES = re.compile(
    r"(^|/)\.(github/(workflows|actions)|circleci|buildkite|ci|gitlab|husky|woodpecker|semgrep"
    r"|teamcity)/"
    r"|(^|/)(\.gitlab-ci|\.travis|\.drone|\.woodpecker|\.cirrus|\.?appveyor|bitbucket-pipelines"
    r"|azure-pipelines[^/]*|\.pre-commit-config|\.?lefthook|\.?codecov|\.coveralls|codefresh"
    r"|cloudbuild|buildspec)\.(ya?ml|toml)$"
    r"|(^|/)(Jenkinsfile|Earthfile|sonar-project\.properties)$"
)
_SETTINGS = re.compile(
    r"(^|/)(\.eslintrc[^/]*|eslint\.config\.\w+|\.eslintignore|biome\.jsonc?|\.?oxlintrc\.json"
    r"|\.prettierrc[^/]*|\.prettierignore|\.stylelintrc[^/]*|tslint\.json|[tj]sconfig[^/]*\.json"
    r"|\.?ruff\.toml|\.flake8|\.?pylintrc(\.toml)?|\.?mypy\.ini|pyrightconfig\.json|\.?bandit"
    r"(\.ya?ml)?|\.?pytest\.(ini|toml)|tox\.ini|noxfile\.py|\.coveragerc|\.?conftest\.py"
    r"|sitecustomize\.py|usercustomize\.py"
    r"|jest\.(config|setup)\.\w+|vite(st)?\.(config|setup|workspace)\.\w+|karma\.conf\.\w+"
    r"|(playwright|cypress|ava|wdio|stryker)\.con(fig|f)\.\w+|\.mocharc[^/]*|\.nycrc[^/]*|\.c8rc[^/]*"
    r"|setup-?tests?\.[jt]sx?|\.golangci\.\w+|\.?clippy\.toml|\.?rustfmt\.toml|deny\.toml"
    r"|\.?nextest\.toml|\.?tarpaulin\.toml|\.rubocop[^/]*|\.rspec|\.simplecov|\.reek[^/]*"
    r"|(checkstyle|pmd|spotbugs|findbugs)[^/]*\.xml|detekt[^/]*\.ya?ml|lint\.xml|lombok\.config"
    r"|\.editorconfig|\.globalconfig|[^/]*\.ruleset|Directory\.Build\.(props|targets)"
    r"|stylecop\.json|[^/]*\.runsettings|xunit\.runner\.json|phpunit\.xml[^/]*|phpstan\.neon[^/]*"
    r"|psalm\.xml|\.phpcs\.xml[^/]*|\.semgrep[^/]*|\.snyk|\.gitleaks[^/]*|\.trivyignore[^/]*"
    r"|\.?hadolint\.ya?ml|\.shellcheckrc|\.yamllint[^/]*|zizmor\.yml|codeql-config\.yml)$"
)
_MIXED = re.compile(r"(^|/)(pyproject\.toml|setup\.cfg|package\.json|Cargo\.toml)$")
_LOCKS = re.compile(
    r"(^|/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?"
    r"|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|Gemfile\.lock"
    r"|composer\.lock|packages\.lock\.json|gradle\.lockfile|flake\.lock|deno\.lock)$"
)
_EXPECTED = re.compile(
    r"(^|/)(__snapshots__|snapshots?|golden(s|_files)?|approvals|__fixtures__|fixtures?|testdata"
    r"|test[_-]data|cassettes)/|\.(snap|ambr|golden|approved\.\w+|verified\.\w+|expected)$"
)
_PROSE = re.compile(r"\.(md|markdown|rst|txt|adoc|html?|svg)$|(^|/)(LICENSE|CHANGELOG|NOTICE)$")
_SCRIPTS = re.compile(
    r"(^|/)((GNU)?[Mm]akefile|[Jj]ustfile|Dockerfile|Rakefile|Procfile|package\.json|deno\.jsonc?"
    r"|pom\.xml|tox\.ini|setup\.cfg)$|\.(mk|sh|bash|zsh|ya?ml|toml|gradle|kts|bat|ps1|csproj)$"
)

_TOML_TABLES = re.compile(
    r"tool\.(pytest|coverage|ruff|mypy|pyright|basedpyright|pylint|bandit|flake8|tox|nox|isort"
    r"|black|hatch\.envs|pdm\.scripts|poe|taskipy|interrogate|vulture|mutmut|ty|pyrefly)\b"
    r"|lints\b|workspace\.lints\b|profile\.test\b|\[?test\b"
)
_INI_SECTIONS = re.compile(r"(flake8|mypy|tool:pytest|coverage|pylint|isort|pycodestyle|bandit)\b")
_JSON_KEYS = re.compile(
    r"(jest|vitest|mocha|ava|nyc|c8|tap|eslintConfig|eslintIgnore|stylelint|prettier|xo|husky"
    r"|lint-staged|pre-commit|size-limit|commitlint)$"
)
_JSON_SCRIPT = re.compile(
    r'\s*"(pre|post)?(test|lint|type-?check|types|tsc|check|coverage|cover|ci|e2e|audit)\b[^"]*"\s*:'
)
_TABLE = re.compile(r"\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(#.*)?$")
_KEY = re.compile(r'(\s*)"([^"]+)"\s*:')


@lru_cache(1 << 12)
def is_lock_file(path: str) -> bool:
    """Whether a tool generates the file from what the project depends on."""
    return _LOCKS.search(path) is not None


@lru_cache(1 << 12)
def is_pipeline(path: str) -> bool:
    """Whether the file says what runs on each push or commit."""
    return _PIPELINES.search(path) is not None


@lru_cache(1 << 12)
def is_check_settings(path: str) -> bool:
    """Whether the whole file configures tests, linters, types or coverage."""
    return _SETTINGS.search(path) is not None


def is_mixed_settings(path: str) -> bool:
    """Whether parts of the file do (`guarded_part`)."""
    return _MIXED.search(path) is not None


@lru_cache(1 << 12)
def is_expected_output(path: str) -> bool:
    """Whether tests compare with the file: a snapshot, a golden file, a fixture."""
    return _EXPECTED.search(path) is not None


def is_prose(path: str) -> bool:
    """Whether nothing in the file runs."""
    return _PROSE.search(path) is not None


def is_script(path: str) -> bool:
    """Whether the file can hold commands of checks."""
    return _SCRIPTS.search(path) is not None


def guarded_part(path: str, lines: Sequence[str], number: int, changed: str) -> str:
    """The part of a mixed file that a changed line is in, if it configures checks; else "".

    Args:
        lines: the whole new side. number: 1-based, where the line is or was.
        changed: the line itself.
    """
    if path.endswith("package.json"):
        return _guarded_key(lines, number, changed)
    wanted = _INI_SECTIONS if path.endswith("setup.cfg") else _TOML_TABLES
    own = _TABLE.match(changed)
    if own is not None:
        return own[1] if wanted.match(own[1]) else ""
    for index in range(min(number, len(lines)) - 1, -1, -1):
        if table := _TABLE.match(lines[index]):
            return table[1] if wanted.match(table[1]) else ""
    return ""


def _guarded_key(lines: Sequence[str], number: int, changed: str) -> str:
    if _JSON_SCRIPT.match(changed):
        return changed.strip().split('"')[1]
    outer = min((len(key[1]) for row in lines if (key := _KEY.match(row))), default=0)
    rows = [changed, *(lines[index] for index in range(min(number, len(lines)) - 1, -1, -1))]
    for row in rows:
        key = _KEY.match(row)
        if key is not None and len(key[1]) <= outer:
            return key[2] if _JSON_KEYS.match(key[2]) else ""
    return ""
