"""Ask the real RootFi what its documents leave open, once, and print the answers as a table.

`python -m tools.live --help`; docs/live.md says what it asks and what it leaves behind.
"""
