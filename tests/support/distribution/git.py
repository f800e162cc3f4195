"""Git in a repository that a test made: made-up names, a fixed time, and no settings of this machine's user."""

import os
import subprocess
from pathlib import Path

TIME = 1_700_000_000
"""When each commit is made, in seconds since 1970."""
_ENVIRON = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "someone",
    "GIT_AUTHOR_EMAIL": "someone@example.com",
    "GIT_COMMITTER_NAME": "someone",
    "GIT_COMMITTER_EMAIL": "someone@example.com",
    "GIT_COMMITTER_DATE": f"{TIME} +0000",
}


def git(repository: Path, *arguments: str) -> None:
    """Run a git command there."""
    environ = os.environ | _ENVIRON
    subprocess.run(["git", *arguments], cwd=repository, env=environ, capture_output=True, check=True)
