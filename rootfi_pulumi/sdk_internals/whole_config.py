"""Returns all of the running program's config, of which `pulumi.runtime` gives only one key at a time.

The engine passes it to a program in the environment, and the Automation API to an inline program in the
context variable that `set_all_config` sets, which unit tests set as well.
"""

from typing import Any

from pulumi.runtime import config


def whole_config() -> dict[str, Any]:
    """Return the value of each key, as `get_config` would."""
    given = getattr(config, "CONFIG", None)
    return config.get_config_env() | (given.get() if given else {})
