"""Gemini over `generateContent` (reference `providers.md`, section 4)."""

from xreview.models.http.format import WireFormat

PROVIDER = WireFormat(
    name="google",
    label="Google",
    order=30,
    vendor="google",
    adapter="xreview.models.google.adapter:GoogleModel",
    base_url="https://generativelanguage.googleapis.com/v1",
    key_header="x-goog-api-key",  # never in the URL, which gets logged
    key_variables=("GOOGLE_API_KEY", "GEMINI_API_KEY"),
)
