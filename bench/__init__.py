"""Benchmarks: each file is started by itself, through `make bench-NAME`."""
