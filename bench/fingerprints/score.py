"""What was kept, lost and merged between two states of the files."""

from collections import Counter
from dataclasses import dataclass, field

from lines import Lines

from xreview.domain.identity.anchor import normalised
from xreview.domain.report import Report


def keyed(taken: list[tuple[str, Report]]) -> dict[tuple[str, int, str], tuple[str, Report]]:
    return {
        (report.anchor.path, report.anchor.start_line, report.rule): (identity, report)
        for identity, report in taken
    }


@dataclass
class Score:
    """Kept and lost by kind of edit, merged and not provable, for one way to identify."""

    kept: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    carried: int = 0
    merged: int = 0
    moved: int = 0
    collided: int = 0
    identities: int = 0
    examples: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Score") -> "Score":
        self.kept += other.kept
        self.lost += other.lost
        for name in ("carried", "merged", "moved", "collided", "identities"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.examples += other.examples
        return self

    def compare(
        self,
        before: dict[tuple[str, int, str], tuple[str, Report]],
        now: dict[tuple[str, int, str], tuple[str, Report]],
        lines: Lines,
        kinds,
    ) -> None:
        places: dict[str, tuple[str, int, str]] = {}
        expected: dict[tuple[str, int, str], tuple[str, int, str]] = {}
        for key, (identity, report) in before.items():
            places[identity] = key
            found = lines.place(key[0], report.anchor.start_line, report.anchor.end_line)
            if found is not None:
                expected[key] = (*found, key[2])
        for key, wanted in expected.items():
            if wanted not in now:
                continue
            (identity, report), (new_identity, new) = before[key], now[wanted]
            if normalised(report.anchor.quote) != normalised(new.anchor.quote):
                continue
            for kind in kinds(report, new):
                (self.kept if identity == new_identity else self.lost)[kind] += 1
            if identity != new_identity:
                self.examples.append(f"lost {key} → {wanted}: {report.anchor.quote[:70]!r}")
        taken = Counter(identity for identity, _ in now.values())
        self.identities += len(now)
        self.collided += sum(count - 1 for count in taken.values())
        for key, (identity, report) in now.items():
            if (origin := places.get(identity)) is None:
                continue
            self.carried += 1
            if expected.get(origin) == key:
                continue
            if origin in expected and expected[origin] in now:
                self.merged += 1
                self.examples.append(f"merged {origin} → {key}: {report.anchor.quote[:70]!r}")
            elif origin in expected:
                self.merged += 1
                self.examples.append(f"merged* {origin} → {key}: {report.anchor.quote[:70]!r}")
            else:
                self.moved += 1

    def share(self, *kinds: str) -> float:
        kept, lost = (sum(counter[kind] for kind in kinds) for counter in (self.kept, self.lost))
        return kept / (kept + lost) if kept + lost else 1.0

    @property
    def merged_share(self) -> float:
        return (self.merged + self.collided) / max(1, self.carried)
