"""What the tests of all wire formats ask."""

from xreview.ports.request import Effort, ModelRequest, Tool

SCHEMA = {
    "type": "object",
    "properties": {"findings": {"type": "array", "items": {"type": "string"}}},
    "required": ["findings"],
    "additionalProperties": False,
}
GREP = Tool(
    "grep",
    "Search the repository.",
    {
        "type": "object",
        "properties": {"pattern": {"type": "string"}},
        "required": ["pattern"],
        "additionalProperties": False,
    },
)
PLAIN = ModelRequest(instructions="Be brief.", question="Review this.")
FULL = ModelRequest(
    instructions="Be brief.",
    shared="The conventions.",
    question="Review this.",
    schema=SCHEMA,
    schema_name="review",
    tools=(GREP,),
    effort=Effort.HIGH,
)
