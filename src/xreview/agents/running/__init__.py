"""An agent's process: its environment, its folder, its pipes, its end."""
