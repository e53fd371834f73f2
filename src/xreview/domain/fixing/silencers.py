"""Lines that keep a check from speaking up: comments that silence a rule, commands that can't fail,
code that behaves differently in tests."""

import re

_COMMENTS = re.compile(
    rb"#\s*(ruff\s*:\s*)?noqa\b|#\s*(type|pyright|mypy|ty|pyre|pytype)\s*:\s*(ignore|disable)"
    rb"|#\s*pylint\s*:\s*disable|#\s*nosec\b|#\s*pragma\s*:\s*no\s*(cover|branch)"
    rb"|#\s*(lgtm|yamllint\s+disable|shellcheck\s+disable|zizmor\s*:\s*ignore|hadolint\s+ignore)"
    rb"|\bmypy:\s*ignore-errors|@no_type_check\b|@typing\.no_type_check\b"
    rb"|\beslint-disable|@ts-(ignore|expect-error|nocheck)|\bbiome-ignore|\btslint:disable"
    rb"|\boxlint-disable|\bstylelint-disable|\b(istanbul|c8|v8)\s+ignore|\bdeno-lint-ignore"
    rb"|//\s*nolint\b|//\s*#nosec|//\s*lint:ignore|//\s*coverage:ignore"
    rb"|#!?\[\s*(allow|expect)\s*\(|#!?\[\s*cfg_attr\([^)]*allow|#\[\s*coverage\(off"
    rb"|@SuppressWarnings|@SuppressFBWarnings|\bNOSONAR\b|//\s*noinspection"
    rb"|#pragma\s+warning\s+disable|\bSuppressMessage\b|\bExcludeFromCodeCoverage\b"
    rb"|#nullable\s+disable|\brubocop:(disable|todo)|:nocov:|\bnosemgrep\b|\bast-grep-ignore"
    rb"|\bphpcs:(ignore|disable)|@phpstan-ignore|@psalm-suppress|\bcodeql\[|\bNOLINT\b",
    re.IGNORECASE,
)
_COMMANDS = re.compile(
    rb"\|\|\s*(true\b|:(\s|$|\")|exit\s+0|echo\b|/bin/true)|;\s*true\s*[\"']?$|;\s*exit\s+0\b"
    rb"|^\+?\s*set\s+\+e\b|continue-on-error\s*:\s*[\"']?(true|\$\{)|allow_failure\s*:\s*true"
    rb"|--no-verify\b|--passWithNoTests\b|--pass-with-no-tests\b|--exit-zero\b|--deselect\b"
    rb"|--ignore(-glob)?[= ]\S*test|\s-k\s+[\"']?not\s|-DskipTests|-Dmaven\.test\.skip"
    rb"|skipTests\s*>\s*true|testFailureIgnore|ignoreFailures\s*=\s*true|\bexcludeTestsMatching"
    rb"|--cov-fail-under[= ]0\b|--skip-tests\b"
    rb"|^\+?\t-@?\S",
    re.IGNORECASE | re.MULTILINE,
)
_DETECTION = re.compile(
    rb"PYTEST_CURRENT_TEST|PYTEST_VERSION|[\"'](pytest|unittest)[\"']\s+in\s+sys\.modules"
    rb"|JEST_WORKER_ID|VITEST_WORKER_ID|NODE_ENV\b.{0,6}==.{0,4}test\b|import\.meta\.vitest"
    rb"|\btesting\.Testing\(\)|flag\.Lookup\(\"test\.|cfg!\(\s*test\s*\)|#\[\s*cfg\(\s*not\(\s*test"
)
_WORDS = (
    *(b"noqa", b"ignore", b"disable", b"nosec", b"no cover", b"nocover", b"no branch", b"lint"),
    *(
        b"no_type_check",
        b"expect",
        b"nocheck",
        b"#[",
        b"#![",
        b"suppress",
        b"nosonar",
        b"noinspect",
    ),
    *(b"noinspect", b"rubocop", b"lgtm"),
    *(b"exclude", b"nocov", b"nosem", b"codeql", b"||", b"true", b"exit 0", b"+e", b"continue-on"),
    *(b"allow", b"no-verify", b"withnotests", b"with-no-tests", b"exit-zero", b"deselect", b" -k"),
    *(b"skip", b"fail-under", b"\t-", b"pytest", b"unittest", b"worker_id", b"node_env", b"vitest"),
    *(b"testing()", b"flag.lookup", b"cfg!(", b"coverage"),
)
"""In lower case; each match of the patterns above holds one."""


def silencing_comment(line: bytes) -> str:
    """What in a line silences a rule; "" for nothing."""
    return _found(_COMMENTS, line)


def loose_command(line: bytes) -> str:
    """What in a line of a script lets a check fail unnoticed; "" for nothing."""
    return _found(_COMMANDS, line)


def detects_tests(line: bytes) -> str:
    """What in a line of code finds out that tests run; "" for nothing."""
    return _found(_DETECTION, line)


def may_silence(text: bytes) -> bool:
    """Whether a line or a whole diff can hold anything of this; tells quickly."""
    lowered = text.lower()
    return any(word in lowered for word in _WORDS)


def _found(wanted: re.Pattern[bytes], line: bytes) -> str:
    match = wanted.search(line)
    return match[0].strip().decode("utf-8", "replace") if match else ""
