"""The parts of `bench/experiment.py`: commits, arms, known problems, and the table."""
