"""SARIF 2.1.0 with errata 01 (OASIS), from any tool."""

from xreview.imports.format import Format
from xreview.imports.formats.sarif.log import matches, read_sarif

FORMAT = Format("SARIF 2.1.0", matches, read_sarif)
