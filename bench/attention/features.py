"""What is measured of a hunk before anything is known of its future.

The measures are those of Kamei et al., "A large-scale empirical study of just-in-time quality
assurance", TSE 39(6), 2013, taken from the change down to the hunk, and the words of its lines, as
in Pornprasit & Tantithamthavorn, "JITLine", MSR 2021.
"""

import math
import re

from traced import COMMENT, YEAR, TracedHunk

_CLOSES = re.compile(r"\s*[\]})]*[,;]?\s*$|\s*(end|else|try|do|finally)\s*:?\s*\{?\s*$")
_WORDS = {
    "imports": r"^\s*(import|from \S+ import|use|#\s*include|require|package|(pub )?mod)\b",
    "declarations": r"^\s*((pub|public|private|static|export|async)\s+)*"
    r"(def|func|function|fn|class|struct|interface|type|enum|impl|trait)\b",
    "branches": r"\b(if|else|elif|elsif|unless|switch|case|match|when|for|while|until|loop)\b"
    r"|&&|\|\||\?\?|\b(and|or)\b",
    "error handling": r"\b(try|except|catch|rescue|finally|ensure|raise|throws?|panic|unwrap|err"
    r"|errno|error|Error|Exception|reject)\b",
    "concurrency": r"\b(async|await|threads?|lock|mutex|atomic|synchronized|volatile|chan|select"
    r"|spawn|Promise|then|future|signal|timeout|cancel|wait)\b",
    "arithmetic": r"[\w\])]\s*(\+|-|\*|/|%|<<|>>|<=?|>=?)\s*[\w(]|\[[^\]]+\]|\+\+|--|[+-]=",
    "parsing": r"\b(reg_?exp?|match|parse\w*|split|strip|replace|trim|(en|de)code|(un)?escape|quote"
    r"|slice|sub(string|str)|charset|url|path|header|token|pattern)\b",
    "nothing": r"\b(null|None|nil|undefined|NULL|nullptr|empty)\b",
    "calls": r"\w\s*\(",
}
_WORD_PATTERNS = {name: re.compile(pattern) for name, pattern in _WORDS.items()}


def features_of(hunk: TracedHunk) -> dict[str, float]:
    """The measures by name; counts are in logarithms."""
    return {**_of_text(hunk.added), **_of_place(hunk), **_of_lines(hunk), **_of_change(hunk)}


def _of_text(added: list[str]) -> dict[str, float]:
    telling = [
        line
        for line in added
        if line.strip() and not COMMENT.match(line) and not _CLOSES.match(line)
    ]
    widths = [len(line.expandtabs(4)) - len(line.lstrip()) for line in telling]
    lengths = [len(line.strip()) for line in telling]
    found = {
        f"lines with {name}": sum(map(bool, map(pattern.search, telling))) / len(added)
        for name, pattern in _WORD_PATTERNS.items()
    }
    found["lines of code"] = len(telling) / len(added)
    found["nesting"] = _log(_mean(widths))
    found["length of lines"] = _log(_mean(lengths))
    return found


def _of_place(hunk: TracedHunk) -> dict[str, float]:
    commits, recent, fixes, recent_fixes, authors, own, age, since = hunk.past
    return {
        "lines added": _log(len(hunk.added)),
        "lines removed": _log(len(hunk.removed)),
        "lines of the file": _log(hunk.file_lines),
        "new file": float(hunk.is_new_file),
        "commits": _log(commits),
        "commits in a year": _log(recent),
        "fixes": _log(fixes),
        "fixes in a year": _log(recent_fixes),
        "share of fixes": fixes / (commits + 1),
        "authors": _log(authors),
        "author's commits here": _log(own),
        "age of the file": _log(age),
        "days since the last": _log(since),
    }


def _of_lines(hunk: TracedHunk) -> dict[str, float]:
    now, near, removed = hunk.change.at, hunk.near, hunk.removed
    ages = sorted(now - one.at for one in near if not one.is_base)
    return {
        "lines from fixes near": sum(one.is_fix for one in near) / (len(near) + 5),
        "young lines near": sum(age < YEAR / 2 for age in ages) / (len(near) + 5),
        "age of the lines near": _log(ages[len(ages) // 2] / 86400) if ages else 8.0,
        "changes near": _log(len({one.number for one in near})),
        "authors near": _log(len({one.author for one in near})),
        "fixed lines removed": sum(one.is_fix for one in removed) / (len(removed) + 3),
    }


def _of_change(hunk: TracedHunk) -> dict[str, float]:
    change = hunk.change
    sizes = [size for size in change.sizes.values() if size]
    total = sum(sizes)
    return {
        "files of the change": _log(len(sizes)),
        "lines of the change": _log(total),
        "entropy of the change": -sum(size / total * math.log2(size / total) for size in sizes),
        "no tests in the change": float(not change.has_tests),
        "the change is a fix": float(change.is_fix),
        "author's experience": _log(change.experience),
    }


def _log(count: float) -> float:
    return math.log1p(max(count, 0))


def _mean(numbers: list[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
