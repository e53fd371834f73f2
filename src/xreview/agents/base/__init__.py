"""What every agent's module builds on."""
