"""The backend that this machine uses, for a project that does not choose one."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from rootfi_pulumi.cli.pipeline.needs import default_scheme, project_backend
from rootfi_pulumi.cli.pipeline.options import Options, PipelineError
from rootfi_pulumi.project.project import Project, ProjectError

_PULUMI_CLOUD = "https://api.pulumi.com"


def with_backend(options: Options, folder: Path, environ: Mapping[str, str]) -> Options:
    """Return the options with the backend that Pulumi would use here, unless they give one.

    Like Pulumi, this takes PULUMI_BACKEND_URL, else the project's file, else the current login. The generated
    file records the scheme, so that the next machine writes the same file. Raises PipelineError.
    """
    if options.backend:
        return options
    try:
        project = Project.find(folder)
    except ProjectError as error:
        raise PipelineError(str(error)) from None
    url = environ.get("PULUMI_BACKEND_URL", "")
    if project_backend(project):
        is_the_projects = url.partition("://")[0] in ("", default_scheme(project))
        return options if is_the_projects else replace(options, backend=url)
    url = url or current_login(environ)
    return replace(options, backend="cloud" if url.rstrip("/") == _PULUMI_CLOUD else url)


def current_login(environ: Mapping[str, str]) -> str:
    """Return the URL of the backend that `pulumi login` chose, or an empty string.

    Of Pulumi's file of credentials this takes the name of the current backend alone.
    """
    url = None
    # RuntimeError: the machine has no home folder. ValueError: the file is no JSON text.
    with suppress(OSError, RuntimeError, ValueError, AttributeError):
        home = environ.get("PULUMI_CREDENTIALS_PATH") or environ.get("PULUMI_HOME")
        folder = Path(home) if home else Path.home() / ".pulumi"
        url = json.loads((folder / "credentials.json").read_text(encoding="utf-8")).get("current")
    return url if isinstance(url, str) and "://" in url else ""
