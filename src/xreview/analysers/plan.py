"""Choosing the files that the analysers read, and the reasons for skipping the others."""

import re
from dataclasses import dataclass

from xreview.analysers.tools.installed import lacking
from xreview.domain.change import BIG_FILE_BYTES, FileDiff, FileStatus
from xreview.domain.tests import is_test

_EXTENSIONS = {
    "python": "py pyi",
    "javascript": "js jsx mjs cjs",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "go": "go",
    "java": "java",
    "rust": "rs",
    "ruby": "rb rake gemspec",
    "c": "c",
    # A header can be C or C++; the grammar of C++ reads both.
    "cpp": "h cc cpp cxx hh hpp hxx",
    "bash": "sh bash",
}
LANGUAGES = {end: language for language, ends in _EXTENSIONS.items() for end in ends.split()}
"""The language of a file by its extension."""

LONGEST_LINE = 5000
"""Characters; a source file with a longer line is generated."""

NO_LINES = "none of its lines changed"

_SUBMODULE, _LINK, _EXECUTABLE = "160000", "120000", "100755"
_WORKFLOW = re.compile(r"^\.github/workflows/[^/]+\.ya?ml$|(^|/)action\.ya?ml$")
_SHELL_SCRIPT = re.compile(rb"#!\s*/(usr/)?bin/(env\s+(-S\s+)?)?(ba|da|k)?sh\b")
_VENDORED = re.compile(
    r"(^|/)(vendor|vendored|_vendor|node_modules|bower_components|third[_-]?party|site-packages"
    r"|Godeps|single_include|amalgamat(ed|ion)|deno_dist)/|^(deps|extern|external)/"
)
_GENERATED_NAME = re.compile(
    r"(\.min\.(js|mjs|css)|[._-]pb2(_grpc)?\.pyi?|\.pb(\.gw)?\.(go|cc|h)|\.(generated|gen|g)\.\w+"
    r"|[._]generated\.\w+|\.bundle\.js|(^|/)zz_generated[^/]*\.go|_(mock|string)\.go"
    r"|(^|/)mock_[^/]*\.go|\.designer\.\w+)$"
    r"|(^|/)(generated|__generated__|generated-sources|autogen)/"
)
_GENERATED = re.compile(
    rb"^\W{0,8}("
    rb"Code generated .{0,200}DO NOT EDIT|@generated\b"
    rb"|(this|the) ((source )?file|code) (is|was|has been) (auto\W?|automatically )?generated\b"
    rb"|(auto\W?|automatically )generated (by|from|with|file|code)\b"
    rb"|.{0,80}\bgenerated\b.{0,80}\bdo not (edit|modify|change)\b"
    rb"|do not (edit|modify|change)\b.{0,80}\bgenerated\b)",
    re.IGNORECASE | re.MULTILINE,
)
_HEAD_BYTES = 2000
_SHOWS = re.compile(
    r"(^|/)(playgrounds?|samples?|demos?|sandbox|tutorials?|snippets|docs?_src|smoke-tests?"
    r"|[a-z]+[_-]tests?)/|(^|/)docs?/.*\.\w+$"
)
_BUILT = re.compile(r"(^|/)dist/.*\.[cm]?js$")
_DECLARES = re.compile(r"\.d\.[cm]?ts$|\.pyi$")


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a file is skipped, and whether that is expected of this reviewer."""

    why: str
    expected: bool = True


def is_aside(path: str, content: bytes = b"") -> bool:
    """Whether a file isn't part of the product that people write: a test, a sample, a declaration,
    or generated, built or vendored code.

    Problems there have the lowest severity. Nothing is skipped: a name and a comment are easy to
    write.
    """
    if is_test(path) or _GENERATED.search(content[:_HEAD_BYTES]):
        return True
    patterns = (_SHOWS, _DECLARES, _VENDORED, _GENERATED_NAME, _BUILT)
    return any(pattern.search(path) for pattern in patterns)


def rules_language(path: str, content: bytes = b"") -> str | None:
    """The language of a file by its name or first line; None if there are no rules for it."""
    name = path.rpartition("/")[2]
    if _WORKFLOW.search(path):
        return "github-actions"
    if "." not in name and _SHELL_SCRIPT.match(content):
        return "bash"
    if name in ("Rakefile", "Gemfile"):
        return "ruby"
    return LANGUAGES.get(name.rpartition(".")[2].lower()) if "." in name else None


def unreadable(file: FileDiff) -> Skip | None:
    """Why the lines of a file can't be read; None if they can."""
    if file.status is FileStatus.UNMERGED:
        return Skip("it has merge conflicts", expected=False)
    if _SUBMODULE in (file.old_mode, file.new_mode):
        return Skip("a submodule, whose content isn't part of this repository")
    if file.binary:
        return Skip(f"binary, or larger than {BIG_FILE_BYTES >> 20} MiB")
    if not file.body and file.notice:
        return Skip(file.notice.removeprefix("Not read: ").rstrip("."), expected=False)
    return None


def unchanged_reason(file: FileDiff) -> Skip | None:
    """Why a file has nothing to read; None if a line changed."""
    if file.body:
        return None
    if changes_mode(file):
        return Skip(f"only its mode changed, from {file.old_mode} to {file.new_mode}")
    return Skip(NO_LINES)


def changes_mode(file: FileDiff) -> bool:
    """Whether the change alters the file's permissions or type."""
    return bool(file.old_mode and file.new_mode) and file.old_mode != file.new_mode


def skip(file: FileDiff) -> Skip | None:
    """Why the analysers skip a file, judged without its content."""
    if (skipped := unreadable(file) or unchanged_reason(file)) is not None:
        return skipped
    if file.status is FileStatus.DELETED:
        return Skip("deleted; the analysers read only the new side")
    if file.new_mode == _LINK:
        return Skip("a symbolic link")
    is_maybe_script = file.new_mode == _EXECUTABLE and "." not in file.path.rpartition("/")[2]
    return None if is_maybe_script else skip_language(file.path)


def skip_language(path: str, content: bytes = b"") -> Skip | None:
    """Why a file is skipped for its language: no rules, or no linter that reads it."""
    language = rules_language(path, content)
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    kind = f".{ending} files" if dot and ending else "this kind of file"
    if language is None:
        return Skip(f"the analysers have no rules for {kind}")
    if (linter := lacking(language)) is not None:
        return Skip(f"{linter.package} isn't installed. {linter.advice}")
    return None


def skip_content(content: bytes) -> Skip | None:
    """Why a file is skipped for its content, which wasn't written by hand."""
    if b"\0" in content[:8000]:
        return Skip("binary")
    if any(len(line) > LONGEST_LINE for line in content.split(b"\n")):
        return Skip(f"has a line of over {LONGEST_LINE:,} characters")
    return None
