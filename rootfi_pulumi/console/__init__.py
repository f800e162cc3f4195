"""What the commands show to a person: help pages, usage errors and text that fits a terminal.

Uses the standard library only, since the emulator's command runs without the extra `cli`.
"""
