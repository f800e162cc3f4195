"""Stack files to read: the corpus in tests/corpus/, and files generated at random."""
