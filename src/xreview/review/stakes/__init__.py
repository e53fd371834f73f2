"""What is at stake in a task or a change, read from its words, its paths and its tests."""
