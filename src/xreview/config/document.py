"""A TOML file as values with their lines, or as one sentence about why it can't be read."""

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xreview.domain.errors import ConfigError

LARGEST_FILE = 64 * 1024
"""In bytes. A configuration is a page or two; a repository may hand in anything."""

# `tomllib` takes quadratic time for a key of many parts: 20 seconds for one of 30,000.
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
    r"""(?:[ \t]*+\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')){32}""",
    re.ASCII,
)


@dataclass(frozen=True)
class TomlDocument:
    """The top-level values of a file and the line of each key path; `path` is for messages."""

    path: str
    values: dict[str, Any]
    lines: dict[tuple[str, ...], int]


def read_config_file(path: Path, *, is_own: bool) -> bytes | None:
    """The bytes of a configuration file, None where there is none.

    `is_own` says that the file is the user's: then a symbolic link is followed, since people
    keep their dot files elsewhere. Raises ConfigError for what is no readable file of a sane
    size; a named pipe or device is not waited for.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if is_own else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ConfigError(
                "This is not a file.", "Put a TOML file there, or remove it.", path=str(path)
            )
        content = os.read(descriptor, LARGEST_FILE + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(descriptor)
    if len(content) > LARGEST_FILE:
        raise ConfigError(
            f"This file is larger than {LARGEST_FILE // 1024} KiB, which no configuration needs.",
            "Shorten it, or remove it.",
            path=str(path),
        )
    return content


def _unreadable(path: Path, error: OSError) -> ConfigError:
    if error.errno == errno.ELOOP:
        return ConfigError(
            "This is a symbolic link, and those are not followed in a repository.",
            "Put the file itself there.",
            path=str(path),
        )
    reason = os.strerror(error.errno) if error.errno else str(error)
    return ConfigError(f"This can't be read: {reason}.", "Check its permissions.", path=str(path))


def parse_toml(content: bytes, path: str) -> TomlDocument:
    """The document in a file's bytes. Raises ConfigError with the line where it is broken."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            "This is not UTF-8, as TOML must be.",
            "Save it as UTF-8.",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
        ) from error
    text = text.replace("\r\n", "\n")
    if match := _LONG_KEY.search(text):
        raise ConfigError(
            "There is a key of more than 32 parts here.",
            "Settings have short names; see `xreview-tui config example`.",
            path=path,
            line=text.count("\n", 0, match.start()) + 1,
        )
    import tomllib

    from xreview.config.toml_places import lines_of_keys

    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError("Its values are nested too deeply.", path=path) from error
    except ValueError as error:
        raise _broken(error, text, path) from error
    return TomlDocument(path, values, lines_of_keys(text))


_PLACE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


def _broken(error: ValueError, text: str, path: str) -> ConfigError:
    """What `tomllib` says, with the line taken out of its sentence."""
    match = _PLACE.match(str(error))
    if match is None:
        return ConfigError(f"This is not TOML: {error}.", path=path)
    last = max(1, len(text.rstrip("\n").split("\n")))
    line = int(match["line"]) if match["line"] else last
    return ConfigError(
        f"This is not TOML: {match['what']}.",
        "Text values need quotes, lists need square brackets.",
        path=path,
        line=min(line, last),
    )
