"""What several tests use, imported by its full name."""
