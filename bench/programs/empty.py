"""The first floor: what the engine costs with nothing to do."""
