"""The environment matrix: what each stack declares, what is deployed, and where the two part."""
