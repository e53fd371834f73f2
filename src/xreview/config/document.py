"""Reading a TOML file: its values and their lines, or one error message."""

import errno
import os
import re
import stat
from functools import cached_property
from pathlib import Path
from typing import Any

from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass

LARGEST_FILE = 64 * 1024
"""Bytes; a repository can supply anything."""

# `tomllib` takes quadratic time for keys with many parts: 20 seconds for 30,000.
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
    r"""(?:[ \t]*+\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')){32}""",
    re.ASCII,
)


@dataclass(frozen=True)
class TomlDocument:
    """A file's top-level values; `path` is for messages."""

    path: str
    text: str
    values: dict[str, Any]

    @cached_property
    def lines(self) -> dict[tuple[str, ...], int]:
        """The line of each key path."""
        from xreview.config.toml_places import lines_of_keys

        return lines_of_keys(self.text)


def read_config_file(path: Path, *, is_own: bool) -> bytes | None:
    """Return the bytes of a configuration file; None if it doesn't exist.

    Symbolic links are followed only if it is the user's own. Raises ConfigError if it isn't a
    readable file, or too large; never blocks on a pipe or device.
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
                "This isn't a file.", "Replace it with a TOML file, or remove it.", path=str(path)
            )
        content = os.read(descriptor, LARGEST_FILE + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(descriptor)
    if len(content) > LARGEST_FILE:
        raise ConfigError(
            f"This file is larger than {LARGEST_FILE // 1024} KiB.",
            "Shorten it, or remove it.",
            path=str(path),
        )
    return content


def _unreadable(path: Path, error: OSError) -> ConfigError:
    if error.errno == errno.ELOOP:
        return ConfigError(
            "This is a symbolic link, which isn't followed in a repository.",
            "Replace it with the file.",
            path=str(path),
        )
    reason = os.strerror(error.errno) if error.errno else str(error)
    return ConfigError(f"This can't be read: {reason}.", "Check its permissions.", path=str(path))


def parse_toml(content: bytes, path: str) -> TomlDocument:
    """Parse a file's bytes. Raises ConfigError with the line of a syntax error."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            "This isn't UTF-8, which TOML requires.",
            "Save it as UTF-8.",
            path=path,
            line=content.count(b"\n", 0, error.start) + 1,
        ) from error
    text = text.replace("\r\n", "\n")
    if match := _LONG_KEY.search(text):
        raise ConfigError(
            "A key here has more than 32 parts.",
            "See `xreview-tui config example` for the settings.",
            path=path,
            line=text.count("\n", 0, match.start()) + 1,
        )
    import tomllib

    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError("The values are nested too deeply.", path=path) from error
    except ValueError as error:
        raise _broken(error, text, path) from error
    return TomlDocument(path, text, values)


_PLACE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


def _broken(error: ValueError, text: str, path: str) -> ConfigError:
    """Return tomllib's error, with the line moved out of its message."""
    match = _PLACE.match(str(error))
    if match is None:
        return ConfigError(f"This isn't TOML: {error}.", path=path)
    last = max(1, len(text.rstrip("\n").split("\n")))
    line = int(match["line"]) if match["line"] else last
    return ConfigError(
        f"This isn't TOML: {match['what']}.",
        "Text values need quotes, lists need square brackets.",
        path=path,
        line=min(line, last),
    )
