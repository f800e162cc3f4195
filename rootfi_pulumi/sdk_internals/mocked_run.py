"""Recognises a unit test that runs the program with `pulumi.runtime.set_mocks`, which has no engine."""

from pulumi.runtime import mocks, settings


def is_mocked() -> bool:
    """Return whether the running program has mocks in place of an engine."""
    engine, get = getattr(mocks, "MockEngine", None), getattr(settings, "get_engine", None)
    return engine is not None and get is not None and isinstance(get(), engine)
