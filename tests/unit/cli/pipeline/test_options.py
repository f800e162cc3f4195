"""The options of a pipeline: which values are refused, and that a file's first lines give them back."""

from typing import Any

import pytest

from rootfi_pulumi.cli.pipeline.options import Options, PipelineError

EVERYTHING = Options(
    stack=("dev", "acme/prod"),
    backend="s3",
    branch="release/1",
    python="3.12",
    drift_cron="0 5 * * 1-5",
    setup=("make setup", "echo 'a b' >> \"$GITHUB_PATH\""),
    secret=("HTTPS_PROXY_PASSWORD",),
    file=".github/workflows/eu.yml",
)


@pytest.mark.parametrize("options", [Options(), EVERYTHING], ids=["none", "all"])
def test_recorded_options_are_read_back(options: Options) -> None:
    assert Options.parse(options.arguments()) == options


def test_backend_url_keeps_its_scheme_alone() -> None:
    assert Options(backend="postgres://user:pass@host/db").arguments() == " --backend postgres"


@pytest.mark.parametrize(
    "given",
    [
        {"stack": ("dev; rm -rf /",)},
        {"stack": ("a/b/c/d",)},
        {"backend": "S3 bucket"},
        {"branch": "main'"},
        {"python": "3"},
        {"drift_cron": "daily"},
        {"setup": ("make\nsetup",)},
        {"setup": (" ",)},
        {"secret": ("A-B",)},
        {"file": "/etc/passwd"},
        {"file": "../ci.yml"},
    ],
    ids=str,
)
def test_value_that_yaml_or_a_shell_would_misread_is_refused(given: dict[str, Any]) -> None:
    [name] = given
    with pytest.raises(PipelineError, match=f"^--{name.replace('_', '-')} .*: must be "):
        Options(**given)


@pytest.mark.parametrize("text", [" --stack", " --unknown x", " stack dev", " --setup 'x"])
def test_unreadable_record_is_reported(text: str) -> None:
    with pytest.raises(PipelineError, match="options on its first lines cannot be read"):
        Options.parse(text)
