"""The parts of `bench/offline_findings.py`."""
