"""What it costs to be wrong, and so how much model a piece of work deserves."""
