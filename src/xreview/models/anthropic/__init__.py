"""Anthropic's Messages API (reference `providers.md`, section 1)."""

from xreview.models.http.format import WireFormat

PROVIDER = WireFormat(
    name="anthropic",
    label="Anthropic",
    order=10,
    vendor="anthropic",
    adapter="xreview.models.anthropic.adapter:AnthropicModel",
    base_url="https://api.anthropic.com",
    headers={"anthropic-version": "2026-10-21"},
    key_header="x-api-key",
    key_variables=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    bearer_variables=("ANTHROPIC_AUTH_TOKEN",),
)
