"""Finds the environment variables that the plugin has, which starts with the engine's."""

import os
from collections.abc import Mapping

import pulumi

from rootfi_pulumi.sdk_internals.engine_process import engine_port, surroundings


def plugin_environ() -> Mapping[str, str] | None:
    """Return the plugin's environment variables, or None if they are unknown.

    A program that the `pulumi` command runs has the same ones. An inline program of the Automation API starts
    the engine, with its workspace's `env_vars` added to its own environment, which only Linux shows.
    """
    # An inline program has no root directory.
    root: str | None = pulumi.runtime.get_root_directory()
    port = None if root else engine_port()
    return surroundings(port)[1] or None if port else os.environ
