"""Security checks for every room: programs, URLs, deceptive text, and keys."""
