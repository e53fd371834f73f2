"""Running an agent's process, hardened."""
