import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.cli.capture.entries import Entry, build_entries
from rootfi_pulumi.cli.capture.program import config_key, literal, render_program

PROGRAM = """\
import pulumi
from rootfi_pulumi import FromEnv, IntegrationType, RootFiIntegration

config = pulumi.Config()

xero = RootFiIntegration(
    "xero",
    integration_type=IntegrationType.XERO,
    client_id="app",
    # pulumi config set --secret mine:xeroClientSecret
    client_secret=config.require_secret("xeroClientSecret"),
    adopt=7,
)

zoho_books = RootFiIntegration(
    "zoho-books",
    integration_type=IntegrationType.ZOHO_BOOKS,
    client_id="app",
    client_secret=FromEnv("ZOHO_BOOKS_CLIENT_SECRET"),
    is_rootfi_identity=True,
    is_disabled=True,
    adopt=8,
)
"""


def entry(name: str | None = None, **members: Any) -> Entry:
    shown: dict[str, Any] = {"rootfi_id": 7, "integration_type": "XERO", "client_id": "app"}
    [made] = build_entries([Integration(**(shown | {"client_secret": "hunter2"} | members))], {}, name=name)
    return made


def test_program_has_a_resource_for_each_entry() -> None:
    zoho: dict[str, Any] = {"rootfi_id": 8, "integration_type": "ZOHO_BOOKS", "client_secret": None}
    second = entry(**zoho, is_disabled=True, is_rootfi_identity=True)
    assert render_program("mine", [entry(), second]) == PROGRAM


def test_program_imports_only_what_it_uses() -> None:
    shown = render_program("mine", [entry(client_secret=None)])
    assert shown.startswith("from rootfi_pulumi import FromEnv, IntegrationType, RootFiIntegration\n\nxero =")
    assert "FromEnv" not in render_program("mine", [entry()])


def test_project_named_rootfi_gets_another_namespace() -> None:
    shown = render_program("rootfi", [entry()])
    assert 'config = pulumi.Config("clientSecrets")' in shown
    assert "# pulumi config set --secret clientSecrets:xeroClientSecret\n" in shown


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("zoho-books", "zoho_books"),
        ("2nd xero", "integration_7"),
        ("class", "integration_7"),
        ("list", "integration_7"),
        ("pulumi", "integration_7"),
        ("config", "integration_7"),
        ("é", "integration_7"),
        ("x" * 61, "integration_7"),
        ("A/é/b", "a_b"),
    ],
)
def test_variable_is_a_free_identifier(name: str, variable: str) -> None:
    assert f"\n{variable} = RootFiIntegration(\n" in render_program("mine", [entry(name)])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("zoho-books", "mine:zohoBooksClientSecret"),
        ("2nd xero", "mine:2ndXeroClientSecret"),
        ("é", "mine:clientSecret"),
    ],
)
def test_config_key_is_in_camel_case(name: str, key: str) -> None:
    assert config_key("mine", entry(name)) == key


def test_long_name_keeps_lines_within_88_columns() -> None:
    for each in (entry("n" * 60), entry("n" * 60, client_secret=None)):
        shown = render_program("mine", [each])
        code = [line for line in shown.splitlines() if not line.strip().startswith("#")]
        assert max(map(len, code)) <= 88
        ast.parse(shown)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"quoted"', "'\"quoted\"'"),
        ("it's", '"it\'s"'),
        ('it\'s ""', "'it\\'s \"\"'"),
        ("a\\b", '"a\\\\b"'),
        ("päss", '"päss"'),
        ("a\u202eb", '"a\\u202eb"'),
        ("a\nb", '"a\\nb"'),
    ],
)
def test_literal_is_quoted_as_ruff_quotes(text: str, code: str) -> None:
    assert literal(text) == code


@given(st.text())
def test_literal_of_any_text_is_that_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text


def test_secret_is_not_in_the_program() -> None:
    assert "hunter2" not in render_program("mine", [entry()])
