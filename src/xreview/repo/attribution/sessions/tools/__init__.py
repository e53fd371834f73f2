"""One file for each coding agent; each provides its `SessionTool` as `TOOL`."""
