"""What earlier sessions knew: recognising problems, carrying decisions over, conventions."""
