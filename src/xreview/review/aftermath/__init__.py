"""Finds in git's history what came of reviewed changes: reverts, and fixes of the same lines."""
