"""Credentials in addresses: what is found, and what is left without them."""

import pytest

from rootfi_pulumi.cli.init.credentials import find_credentials, remove_credentials

WITH = [
    ("https://user:hunter2@host/x", "https://host/x"),
    ("https://hunter2@host/x", "https://host/x"),
    ("HTTPS://hunter2:@host/x", "HTTPS://host/x"),
    ("git+https://oauth2:hunter2@host/x@v1#egg=x", "git+https://host/x@v1#egg=x"),
    ("ssh://git:hunter2@host:22/x", "ssh://git@host:22/x"),
    ("postgres://user:hunter2@[::1]:5/db", "postgres://user@[::1]:5/db"),
    ("https://[host/x?job_token=hunter2", "https://[host/x"),
    ("https://host/x?a=1&private_token=hunter2&b=2#c", "https://host/x?a=1&b=2#c"),
    ("https://host/x?X-Amz-Signature=hunter2", "https://host/x"),
    ("https://host/x?sig=hunter2", "https://host/x"),
    ("x --index-url https://user:hunter2@host/simple y", "x --index-url https://host/simple y"),
]
WITHOUT = [
    "",
    "rootfi-pulumi[cli]==1.2",
    "rootfi-pulumi[cli] @ git+ssh://git@host:22/x.git@v1#subdirectory=a",
    "git@host:team/x.git",
    "https://host/team/x.git?ref=a@b",
    "https://host/a:b@v1",
    "s3://bucket?region=eu&awssdk=v2&profile=x",
    "gs://bucket?access_id=a&private_key_path=/a",
    "postgres://user@host/db?sslmode=require&sslkey=/a&passfile=/b&require_auth=scram-sha-256",
    "https://host/x?token=",
]


@pytest.mark.parametrize(("text", "_rest"), WITH)
def test_credentials_are_found(text: str, _rest: str) -> None:
    assert find_credentials(text) == ["hunter2"]


@pytest.mark.parametrize(("text", "rest"), WITH)
def test_credentials_are_removed_and_the_rest_is_kept(text: str, rest: str) -> None:
    assert remove_credentials(text) == rest


@pytest.mark.parametrize("text", [*WITHOUT, "git+https://git@host/x.git"])
def test_address_without_a_credential_has_none(text: str) -> None:
    assert find_credentials(text) == []


@pytest.mark.parametrize("text", WITHOUT)
def test_address_without_a_credential_is_kept(text: str) -> None:
    assert remove_credentials(text) == text
