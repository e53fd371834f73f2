"""Settings: their files, their meaning, and their problems."""
