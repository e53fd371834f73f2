"""Gemini over `generateContent` (reference `providers.md`, section 4)."""
