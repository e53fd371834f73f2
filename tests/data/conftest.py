"""The tests in the tasks are material, not tests of this project."""

collect_ignore = ["tasks"]
