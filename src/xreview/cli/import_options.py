"""The options that say which findings of other tools to import."""

import argparse
from pathlib import Path

from xreview.domain.errors import UsageError


def imports_in(arguments: argparse.Namespace, folder: Path) -> list[Path]:
    """The files to import, relative to `folder`.

    Pipes are read here, where Ctrl+C ends the wait for them.
    """
    if not arguments.imports:
        return []
    from xreview.imports.source import STANDARD_INPUT, take_pipes

    if arguments.patch == str(STANDARD_INPUT) and str(STANDARD_INPUT) in arguments.imports:
        raise UsageError(
            "Standard input can't be both the patch and the findings.",
            "Name a file for one of them.",
        )
    paths = [
        STANDARD_INPUT if name == str(STANDARD_INPUT) else folder / name
        for name in arguments.imports
    ]
    take_pipes(paths)
    return paths


def import_root_in(arguments: argparse.Namespace, folder: Path) -> str | None:
    """The folder in which imported tools ran; its absolute path if it exists here."""
    said: str | None = arguments.import_root
    if said is None:
        return None
    if not arguments.imports:
        raise UsageError("--import-root needs --import.", "Name a file to import.")
    here = folder / said
    return str(here.resolve()) if here.is_dir() else said
