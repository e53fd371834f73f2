"""Telling whether a call is of a certain function, from names, folders and imports.

Without types that is a guess, so it errs on the side of "no": a hint about a namesake is worse than
none.
"""

import re
from pathlib import PurePosixPath

from xreview.analysers.signatures import AlteredSignature, CallSite
from xreview.domain.record import dataclass

_SELF = ("self", "this", "cls", "super", "super()", "Self", "@")
_SCRIPTS = ("javascript", "typescript", "tsx")
_ONE_SPACE = ("c", "cpp")
"""Languages in which a free function is known everywhere."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A function that a change altered: where it is defined after it, or was before."""

    signature: AlteredSignature
    path: str
    language: str

    @property
    def name(self) -> str:
        """Its name."""
        return self.signature.before.name

    @property
    def _modules(self) -> frozenset[str]:
        """The names by which its module can be imported."""
        place = PurePosixPath(self.path)
        return frozenset({place.name.partition(".")[0], *place.parent.parts[-2:]} - {"src", "lib"})

    def is_called(self, call: CallSite, path: str, text: str) -> bool:
        """Whether a call in a file can be of this function."""
        if call.name != self.name:
            return False
        if self.signature.before.owner:
            return self._is_method_of(call, path, text)
        if call.receiver:
            return _last_word(call.receiver) in self._modules and path != self.path
        return path == self.path or self._is_known(path, text)

    def _is_method_of(self, call: CallSite, path: str, text: str) -> bool:
        owner = self.signature.before.owner
        if not call.receiver or call.receiver in _SELF:
            return path == self.path
        return re.search(rf"\b{re.escape(owner)}\b", text) is not None

    def _is_known(self, path: str, text: str) -> bool:
        """Whether its bare name means it in another file."""
        if self.language in _ONE_SPACE:
            return True
        if self.language == "go":
            return PurePosixPath(path).parent == PurePosixPath(self.path).parent
        if self.language in ("python", *_SCRIPTS, "rust"):
            sources = _imports(text, self.name)
            return bool(sources) and all(self._is_module(source) for source in sources)
        return False

    def _is_module(self, source: str) -> bool:
        words = re.findall(r"\w+", source)
        ends = self._modules | {"crate", "super", "self", "index"}
        return bool(words) and any(word in ends for word in words)


def _imports(text: str, name: str) -> list[str]:
    """Where a file imports a name from, as it's written there."""
    word = re.escape(name)
    listed = rf"(?:\([^)]{{0,2000}}|[^(\n]{{0,500}})\b{word}\b"
    forms = (
        rf"^[ \t]*from\s+([\w.]+)\s+import\s+{listed}",
        rf"import\b[^;'\"]{{0,500}}\b{word}\b[^;'\"]{{0,500}}from\s*['\"]([^'\"]+)",
        rf"\b{word}\b[^;\n]{{0,200}}=\s*require\(\s*['\"]([^'\"]+)",
        rf"\buse\s+([\w:]+)::(?:{word}\b|\{{[^}}]{{0,500}}\b{word}\b)",
    )
    return [found for form in forms for found in re.findall(form, text, re.MULTILINE)]


def binds_otherwise(text: str, name: str) -> bool:
    """Whether a file gives the name a meaning that isn't a function's definition."""
    word = re.escape(name)
    kinds = r"class|struct|type|interface|trait|macro_rules!|static|alias|alias_method"
    bound = rf"(?:\b(?:{kinds})|#\s*define)\s+:?{word}\b|(?<!\w){word}\s*:?=(?!=)"
    return re.search(bound, text) is not None


def is_imported(text: str, name: str) -> bool:
    """Whether a file may import the name, from wherever."""
    wanted = rf"\b(?:import|use|using)\b[^;'\"]{{0,500}}\b{re.escape(name)}\b"
    return re.search(wanted, text) is not None


def may_hold(text: str, name: str) -> bool:
    """Whether a parameter or a part of a value may have the name: a call could be of that."""
    word = re.escape(name)
    listed = rf"[(,\[]\s*(?:\.\.\.)?{word}\s*[,:)\]]"
    taken_apart = rf"\b(?:const|let|var)\s*\{{[^}}]{{0,500}}\b{word}\b"
    return re.search(f"{listed}|{taken_apart}", text) is not None


def _last_word(receiver: str) -> str:
    words = re.findall(r"\w+", receiver)
    return words[-1] if words else ""
