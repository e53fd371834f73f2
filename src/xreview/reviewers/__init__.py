"""What reads a change and reports problems: the protocol, and one module for each kind."""
