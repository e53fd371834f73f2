"""Finding the coding agent whose edits occur in an uncommitted change, from its transcripts.

Transcripts contain prompts and secrets: only tool, model, path and time are kept. None of the
formats is stable (shared reference `authorship.md`, section 5), so unknown content is skipped.
"""
