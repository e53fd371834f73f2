"""In which language and for which runner a test is written, by the file that it is about.

Only what decides the form of the file: its name, how it comments, and how it is run.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Language:
    """A language that tests are written in.

    Args:
        name, framework: in words, for the prompt.
        comment: what begins a comment to the end of the line.
        file_name: the test's name, with `{name}` for what tells it apart.
        run: how a person runs it, with `{file}` for its path.
    """

    name: str
    framework: str
    comment: str
    file_name: str
    run: str


PYTHON = Language("Python", "pytest", "#", "test_{name}.py", "python -m pytest {file}")
_TYPESCRIPT = Language(
    "TypeScript", "the repository's test runner", "//", "{name}.test.ts", "npx vitest run {file}"
)
_JAVASCRIPT = Language("JavaScript", "node:test", "//", "{name}.test.mjs", "node --test {file}")
_BY_SUFFIX = {
    ".py": PYTHON,
    ".pyi": PYTHON,
    ".js": _JAVASCRIPT,
    ".mjs": _JAVASCRIPT,
    ".cjs": _JAVASCRIPT,
    ".jsx": _JAVASCRIPT,
    ".ts": _TYPESCRIPT,
    ".tsx": _TYPESCRIPT,
    ".go": Language("Go", "go test", "//", "{name}_test.go", "go test {file}"),
    ".rs": Language(
        "Rust", "cargo test", "//", "{name}.rs", "copy {file} to tests/ and run cargo test"
    ),
    ".rb": Language("Ruby", "minitest", "#", "{name}_test.rb", "ruby {file}"),
    ".java": Language(
        "Java", "JUnit 5", "//", "{name}Test.java", "copy {file} to the tests and run them"
    ),
    ".c": Language("C", "a main() with assert", "//", "{name}.c", "cc {file} and run it"),
    ".h": Language("C", "a main() with assert", "//", "{name}.c", "cc {file} and run it"),
    ".cpp": Language("C++", "a main() with assert", "//", "{name}.cpp", "c++ {file} and run it"),
    ".cc": Language("C++", "a main() with assert", "//", "{name}.cpp", "c++ {file} and run it"),
    ".sh": Language("shell", "plain sh", "#", "{name}.sh", "sh {file}"),
}


def measure_language(path: str) -> Language | None:
    """The language of a test about a file; None where tests in it are not usual."""
    return _BY_SUFFIX.get(PurePosixPath(path).suffix.lower())
