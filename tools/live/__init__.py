"""Asks the real RootFi what its documentation leaves open, and prints the answers as a table.

See `python -m tools.live --help`; docs/live.md says what it asks and what it leaves behind.
"""
