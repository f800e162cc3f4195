"""The fault matrix of docs/faults.md: its rows, its cells, and the player that runs a cell.

`python -m tests.support.faults.matrix` (`make faults`) writes the document.
"""
