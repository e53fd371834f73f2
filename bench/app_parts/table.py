"""The figures as one table, plain or in Markdown."""

from collections.abc import Sequence

from app_parts.aims import Figure

Row = tuple[str, ...]


def rows_of(figures: Sequence[Figure], *, has_before: bool) -> list[Row]:
    head = ("", "what", "baseline", *(("before",) if has_before else ()), "now", "aim", "")
    return [head, *(_row(figure, has_before=has_before) for figure in figures)]


def plain(rows: Sequence[Row]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
             for row in rows)  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def markdown(rows: Sequence[Row]) -> str:
    head, *rest = rows
    lines = [head, ("---",) * len(head), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _row(figure: Figure, *, has_before: bool) -> Row:
    aim = figure.aim
    base = "" if aim.base is None else f"{aim.against} {_value(figure.base, aim.unit)}"
    before = (_cell(figure, figure.before, figure.judged_before),) if has_before else ()
    return (
        figure.workload,
        aim.what,
        base,
        *before,
        _cell(figure, figure.ours, figure.judged),
        _aim(figure),
        "" if figure.most is None else "**missed**" if figure.is_missed else "met",
    )


def _cell(figure: Figure, value: float | None, ratio: float | None) -> str:
    """The value, and the ratio that is judged, as `5.3 ms, 1.36×`."""
    text = _value(value, figure.aim.unit)
    return text if figure.aim.base is None or ratio is None else f"{text}, {ratio:.2f}×"


def _aim(figure: Figure) -> str:
    if figure.most is None:
        return ""
    return f"≤ {figure.most:g}" + (f" {figure.aim.unit}" if figure.aim.base is None else "×")


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "not measured"
    if unit == "ms" and value >= 10_000:
        return f"{value / 1000:.1f} s"
    return f"{value:.{1 if unit == 'ms' and value < 100 else 0}f} {unit}".rstrip()
