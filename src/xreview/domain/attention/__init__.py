"""How much human reading a change, a file or a finding deserves, and why."""
