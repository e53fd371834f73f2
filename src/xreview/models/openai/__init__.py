"""OpenAI's Responses API (reference `providers.md`, section 2)."""

from xreview.models.http.format import WireFormat

PROVIDER = WireFormat(
    name="openai",
    label="OpenAI",
    order=20,
    vendor="openai",
    adapter="xreview.models.openai.adapter:OpenAIModel",
    base_url="https://api.openai.com/v1",
    key_variables=("OPENAI_API_KEY",),
)
