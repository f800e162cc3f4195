"""The options of a pipeline: which values are refused, and that a file's first lines give them back."""

from typing import Any

import pytest

from rootfi_pulumi.cli.doctor.versions import PYTHON
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
        *(
            {"branch": name}
            for name in ("a..b/", "/", "a//b", "/a", "-a", ".a", "a/.b", "a.", "a.lock", "a.lock/b")
        ),
        {"python": "3"},
        {"python": f"3.{PYTHON[1] - 1}"},
        {"python": "3.1"},
        {"drift_cron": "daily"},
        *(
            {"drift_cron": cron}
            for cron in ("99 99 * * *", "60 0 * * *", "0 24 * * *", "0 0 0 * *", "0 0 32 * *", "0 0 * 13 *")
        ),
        *({"drift_cron": f"{minute} 0 * * *"} for minute in ("-", "1-", ",", "*/0", "1,,2", "٣")),
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


@pytest.mark.parametrize(
    "given",
    [
        *({"branch": name} for name in ("release/1.x", "a.b", "a.lock.b", "v1.2/fix_3-a")),
        {"python": f"3.{PYTHON[1]}"},
        *(
            {"drift_cron": cron}
            for cron in ("*/15 0-23/2 1,15 12 0-6", "00 05 01 09 7", "59 23 31 1-12 1,3-5", "0/5 * * * *")
        ),
    ],
    ids=str,
)
def test_value_that_git_and_the_forge_accept_is_taken(given: dict[str, Any]) -> None:
    assert Options.parse(Options(**given).arguments()) == Options(**given)


@pytest.mark.parametrize("text", [" --stack", " --unknown x", " stack dev", " --setup 'x"])
def test_unreadable_record_is_reported(text: str) -> None:
    with pytest.raises(PipelineError, match="options on its first lines cannot be read"):
        Options.parse(text)
