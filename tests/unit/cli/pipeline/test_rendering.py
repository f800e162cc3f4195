"""Texts as a pipeline's YAML has them."""

import json

import pytest
import yaml

from rootfi_pulumi.cli.pipeline.rendering import flow_scalar, scalar

UNUSUAL = ["1e3", "yes", "a: b", "x, y", "[a]", "#a", "!!int", "!!bool x", "!!float x", "!!timestamp", "'"]


@pytest.mark.parametrize("text", UNUSUAL)
def test_unusual_text_is_read_as_itself(text: str) -> None:
    assert yaml.safe_load(f"- {scalar(text)}") == [text]
    assert yaml.safe_load(f"[{flow_scalar(text)}]") == [text]


@pytest.mark.parametrize("text", ["dev", "s3://bucket", "a-b.c", "main"])
def test_usual_text_has_no_quotes(text: str) -> None:
    assert scalar(text) == flow_scalar(text) == text


def test_number_of_yaml_1_2_is_quoted() -> None:
    assert scalar("1e3") == json.dumps("1e3")
