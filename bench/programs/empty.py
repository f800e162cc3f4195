"""The first floor: an empty program, which costs what the engine costs."""
