"""Chat Completions, which most servers speak (reference `providers.md`, section 3)."""
