"""Takes from the processes that `pulumi` starts what not every system has. See docs/platforms.md."""

from tests.support.changed_sdk import PLUGIN, PROGRAM, change_sdk
from tests.support.pulumi_project import Project

NO_POLL = """
import select
del select.poll
"""
NO_PRIORITY = """
import os
del os.setpriority, os.getpriority
"""
# Every way in which pathlib and os look at a file.
NO_PROC = """
import functools, io, os
def without_proc(function):
    @functools.wraps(function)
    def wrapper(path=".", *args, **kwargs):
        if not isinstance(path, int) and os.fsdecode(path).startswith("/proc/"):
            raise FileNotFoundError(2, os.strerror(2), path)
        return function(path, *args, **kwargs)
    return wrapper
for name in ("listdir", "scandir", "stat", "lstat", "readlink", "open"):
    setattr(os, name, without_proc(getattr(os, name)))
os.access = lambda path, *args, access=os.access, **kwargs: (
    not os.fsdecode(path).startswith("/proc/") and access(path, *args, **kwargs)
)
io.open = open = __import__("builtins").open = without_proc(io.open)
"""
# A system other than Linux, macOS and Windows. Of an unknown one psutil, which the tests install, wants nothing.
NO_LINUX = """
import sys, sysconfig
sysconfig.get_config_vars() # from a module with the platform's name
sys.platform = "freebsd14"
"""
NO_LSOF = """
import functools, shutil
def without_lsof(name, *args, which=shutil.which, **kwargs):
    return None if name == "lsof" else which(name, *args, **kwargs)
shutil.which = without_lsof
"""
ANOTHER = NO_PROC + NO_LSOF + NO_POLL + NO_PRIORITY + NO_LINUX


def take_away(project: Project, code: str = ANOTHER) -> None:
    """Let the project's program and plugin run on a system that lacks these."""
    change_sdk(project, (PLUGIN, code), (PROGRAM, code))
