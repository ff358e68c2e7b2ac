"""Rates and peak memory, beside raw limits measured in the same run. `make bench` runs it; no test is timed."""
