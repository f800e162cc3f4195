"""A throw-away copy of this project in front of an emulated RootFi, for `make demo` and `make play`."""
