import pytest

from rootfi_pulumi.program.config_file import option


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([], None),
        (["pulumi", "up", "--yes"], None),
        (["pulumi", "up", "--config-file", "a.yaml", "--yes"], "a.yaml"),
        (["pulumi", "up", "--config-file=a.yaml"], "a.yaml"),
        (["pulumi", "--config-file", "a.yaml", "up", "--config-file=b.yaml"], "b.yaml"),
        (["pulumi", "up", "-m", "--config-file=x.yaml", "--config-file", "b.yaml"], "b.yaml"),
        (["pulumi", "up", "--config-file"], None),
    ],
)
def test_config_file_is_the_last_that_is_given(arguments: list[str], given: str | None) -> None:
    assert option(arguments) == given
