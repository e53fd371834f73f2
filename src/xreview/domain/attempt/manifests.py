"""Reading the names of dependencies in the manifests of package managers.

Manifests are hostile input: only TOML and JSON are parsed, by the standard library; XML, Gradle and
Ruby are read line by line, and so is what can't be parsed.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

_LONGEST_LINE = 2_000

ReadNames = Callable[[str], Iterator[str]]
"""Yields the names in a manifest. Raises ValueError or RecursionError if it can't be parsed."""


def manifest_reader(path: str) -> ReadNames | None:
    """What reads a manifest of this name; None for another file."""
    name = path.rpartition("/")[2].lower()
    if re.fullmatch(r"(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)", name) or (
        re.search(r"(?:^|/)requirements/[^/]+\.(?:txt|in)$", path.lower())
    ):
        return _requirements
    if name.endswith((".csproj", ".fsproj", ".vbproj")) or name == "directory.packages.props":
        return _dotnet
    return _READERS.get(name)


_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
"""The name at the start of a requirement (PEP 508)."""


def _requirement(text: object) -> Iterator[str]:
    if isinstance(text, str) and (match := _REQUIREMENT.match(text[:_LONGEST_LINE])):
        yield match[1]


def _requirements(text: str) -> Iterator[str]:
    """The names in a requirements file; an option that names a repository names its egg."""
    for line in _lines(text):
        line = line.strip()
        if egg := re.search(r"#egg=([\w.-]+)", line):
            yield egg[1]
        elif not line.startswith(("-", "#")) and "://" not in line.partition("@")[0]:
            yield from _requirement(line)


def _pyproject(text: str) -> Iterator[str]:
    """The names in the tables of PEP 621, PEP 735, PEP 518, Poetry, PDM and uv."""
    data = _toml(text)
    project = _table(data, "project")
    lists: list[object] = [
        project.get("dependencies"),
        *_table(project, "optional-dependencies").values(),
        *_table(data, "dependency-groups").values(),
        _table(data, "build-system").get("requires"),
        *_table(data, "tool", "pdm", "dev-dependencies").values(),
        _table(data, "tool", "uv").get("dev-dependencies"),
    ]
    for one in lists:
        for requirement in _items(one):
            yield from _requirement(requirement)
    poetry = _table(data, "tool", "poetry")
    groups = [_table(group, "dependencies") for group in _tables(poetry.get("group"))]
    for table in (_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups):
        yield from (name for name in table if name.lower() != "python")


def _toml(text: str) -> Mapping[str, Any]:
    """The data in a TOML file. Raises ValueError.

    A long line is refused: the time for a dotted key grows with the square of its length.
    """
    if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        raise ValueError("a line is too long")
    return tomllib.loads(text)


def _cargo(text: str) -> Iterator[str]:
    """The names in all tables of dependencies, of targets and the workspace too; a renamed one is
    named by its package."""
    data = _toml(text)
    places = [data, _table(data, "workspace"), *_tables(data.get("target"))]
    for place in places:
        for kind in ("dependencies", "dev-dependencies", "build-dependencies"):
            for name, about in _table(place, kind).items():
                package = _as_table(about).get("package")
                yield package if isinstance(package, str) else name


def _npm(text: str) -> Iterator[str]:
    data = _as_table(json.loads(text))
    for kind in ("", "dev", "peer", "optional"):
        yield from _table(data, f"{kind}Dependencies" if kind else "dependencies")


def _composer(text: str) -> Iterator[str]:
    data = _as_table(json.loads(text))
    for kind in ("require", "require-dev"):
        # What has no vendor is PHP itself or an extension.
        yield from (name for name in _table(data, kind) if "/" in name)


def _go(text: str) -> Iterator[str]:
    """The modules in `require` directives; not what they in turn need (`// indirect`)."""
    is_block = False
    for line in _lines(text):
        code, _, remark = line.partition("//")
        words = code.split()
        if is_block and words[:1] == [")"]:
            is_block = False
        elif words[:2] == ["require", "("] or words[:1] == ["require("]:
            is_block = True
        elif words[:1] == ["require"] or is_block:
            words = words if is_block else words[1:]
            if len(words) >= 2 and "indirect" not in remark:
                yield words[0].strip('"`')


_GEM = re.compile(r"\s*(?:gem|\w+\.add_(?:\w+_)?dependency)[\s(]+[\"']([^\"']+)[\"']")


def _gems(text: str) -> Iterator[str]:
    yield from (match[1] for line in _lines(text) if (match := _GEM.match(line)))


_TAG = re.compile(r"<(/?)([A-Za-z.]++)[^<>]*+>([^<>]*+)")
_AROUND_DEPENDENCIES = ("dependency", "plugin", "extension")


def _maven(text: str) -> Iterator[str]:
    """`group:artifact` of dependencies and plugins, from the tags in their order."""
    names: dict[str, str] = {}
    is_inside = ""
    first, *commented = text.split("<!--")
    shown = first + "".join(one.partition("-->")[2] for one in commented)
    for line in _lines(shown):
        for close, tag, content in _TAG.findall(line):
            if tag in _AROUND_DEPENDENCIES:
                if close and is_inside == tag and "artifactId" in names:
                    yield ":".join(filter(None, (names.get("groupId"), names["artifactId"])))
                names, is_inside = {}, "" if close else tag
            elif tag == "exclusions":
                is_inside = "exclusions" if not close else "dependency"
            elif not close and is_inside in _AROUND_DEPENDENCIES:
                names.setdefault(tag, content.strip())


_COORDINATES = re.compile(r"[\"']([\w.-]+:[\w.-]+)(?::[^\"']*)?[\"']")
_MAPPED = re.compile(r"group\s*[:=]\s*[\"']([\w.-]+)[\"']\s*,\s*name\s*[:=]\s*[\"']([\w.-]+)[\"']")
_CATALOGUED = re.compile(r"\b(\w++)[\s(]++(libs\.[\w.]++)")
_CONFIGURATIONS = ("implementation", "api", "only", "processor", "classpath", "kapt", "ksp")
_PLUGIN = re.compile(r"\s*(?:id|alias)[\s(]+[\"']?([\w.-]+)[\"']?")


def _gradle(text: str) -> Iterator[str]:
    is_plugins = False
    for line in _lines(text):
        if line.lstrip().startswith(("//", "*")):
            continue
        is_plugins = (is_plugins or bool(re.match(r"\s*plugins\b", line))) and "}" not in line
        yield from _COORDINATES.findall(line)
        yield from (f"{group}:{name}" for group, name in _MAPPED.findall(line))
        for configuration, name in _CATALOGUED.findall(line):
            if configuration.lower().endswith(_CONFIGURATIONS):
                yield name
        if is_plugins and (match := _PLUGIN.match(line)):
            yield match[1]


_PACKAGE = re.compile(
    r"<(?:PackageReference|PackageVersion|GlobalPackageReference)\b[^<>]*\bInclude\s*=\s*"
    r"[\"']([^\"'<>]+)[\"']"
)


def _dotnet(text: str) -> Iterator[str]:
    yield from (name.strip() for line in _lines(text) for name in _PACKAGE.findall(line))


_READERS: Mapping[str, ReadNames] = {
    "pyproject.toml": _pyproject,
    "cargo.toml": _cargo,
    "package.json": _npm,
    "composer.json": _composer,
    "go.mod": _go,
    "gemfile": _gems,
    "gems.rb": _gems,
    "pom.xml": _maven,
    "build.gradle": _gradle,
    "build.gradle.kts": _gradle,
}


_NAMED = re.compile(
    r"[\s\"']*((?:@[\w.-]+/)?[A-Za-z][\w./-]*)[\"']?\s*(?:[=:<>~^!@\[]|[\"'],?\s*$)"
)
_SETTINGS = """name version description license authors author readme main scripts type dependencies
requires require devdependencies repository homepage keywords private python edition path features
optional package classifiers"""
_NOT_NAMES = frozenset(_SETTINGS.split())


def likely_names(text: str) -> Iterator[str]:
    """What looks like a name with a version, in a manifest that can't be parsed."""
    for line in _lines(text):
        if (match := _NAMED.match(line)) and match[1].lower() not in _NOT_NAMES:
            yield match[1]


def _lines(text: str) -> Iterator[str]:
    """The lines that are short enough to be written by hand."""
    return (line for line in text.splitlines() if len(line) <= _LONGEST_LINE)


def _table(data: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """The table at a path of keys; an empty one where there is none."""
    found: object = data
    for key in keys:
        found = _as_table(found).get(key)
    return _as_table(found)


def _as_table(data: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", data) if isinstance(data, dict) else {}


def _tables(data: object) -> list[Mapping[str, Any]]:
    """The tables in a table."""
    return [_as_table(one) for one in _as_table(data).values()]


def _items(data: object) -> Sequence[object]:
    return cast("Sequence[object]", data) if isinstance(data, list) else ()
