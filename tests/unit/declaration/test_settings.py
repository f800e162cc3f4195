from collections.abc import Mapping

import pytest

from rootfi_pulumi.api.settings import DEFAULT_BASE_URL, Settings, base_url_problem
from rootfi_pulumi.declaration import settings
from rootfi_pulumi.declaration.settings import CONCURRENCY, SETTINGS, TIMEOUT, SettingsError


def resolve(  # noqa: PLR0913 (one parameter for each setting)
    api_key: str | None,
    base_url: str | None,
    environ: Mapping[str, str],
    *,
    timeout: str | None = None,
    concurrency: str | None = None,
    provider: str | None = None,
) -> Settings:
    given = {
        "rootfi:apiKey": api_key,
        "rootfi:baseUrl": base_url,
        "rootfi:timeoutSeconds": timeout,
        "rootfi:concurrency": concurrency,
    }
    return settings.resolve(given.get, environ, provider=provider)


def test_each_default_is_a_value_that_its_rule_accepts() -> None:
    assert [each.name for each in SETTINGS if each.default and each.problem_of(str(each.default))] == []


def test_limits_of_a_number_are_those_of_its_rule() -> None:
    for setting in (TIMEOUT, CONCURRENCY):
        assert setting.problem_of(f"{setting.least:g}") is setting.problem_of(f"{setting.greatest:g}") is None
        assert setting.problem_of(f"{(setting.greatest or 0) + 1:g}")


def test_explicit_goes_before_environment() -> None:
    environ = {"ROOTFI_API_KEY": "environment", "ROOTFI_BASE_URL": "https://environment.example"}
    assert resolve("explicit", "https://explicit.example", environ) == Settings(
        "explicit", "https://explicit.example"
    )


def test_environment_goes_before_default() -> None:
    environ = {"ROOTFI_API_KEY": "environment", "ROOTFI_BASE_URL": "https://environment.example"}
    assert resolve(None, None, environ) == Settings("environment", "https://environment.example")


def test_the_default_is_the_documented_host() -> None:
    assert resolve("key", None, {}).base_url == DEFAULT_BASE_URL == "https://api.rootfi.dev"


@pytest.mark.parametrize(("key", "url"), [("", None), ("key", "")])
def test_what_is_given_empty_is_not_taken_from_the_environment(key: str, url: str | None) -> None:
    environ = {"ROOTFI_API_KEY": "environment", "ROOTFI_BASE_URL": "https://environment.example"}
    with pytest.raises(SettingsError, match="rootfi:"):
        resolve(key, url, environ)


def test_provider_takes_no_key_of_another_organisation() -> None:
    for key in (None, ""):
        with pytest.raises(SettingsError, match=r'^api_key of RootFiProvider "other": is empty'):
            resolve(key, None, {"ROOTFI_API_KEY": "of-the-stack"}, provider="other")


@pytest.mark.parametrize(
    ("explicit", "provider", "environ", "key", "url"),
    [
        (True, None, True, "rootfi:apiKey", "rootfi:baseUrl"),
        (False, None, True, "ROOTFI_API_KEY", "ROOTFI_BASE_URL"),
        (True, "a", True, 'api_key of RootFiProvider "a"', 'base_url of RootFiProvider "a"'),
    ],
)
def test_sources_name_what_gave_each_setting(
    *, explicit: bool, provider: str | None, environ: bool, key: str, url: str
) -> None:
    api_key, base_url = ("key", "https://rootfi.example") if explicit else (None, None)
    variables = {"ROOTFI_API_KEY": "key", "ROOTFI_BASE_URL": "https://rootfi.example"} if environ else {}
    sources = resolve(api_key, base_url, variables, provider=provider).sources
    assert (sources.api_key, sources.base_url) == (key, url)


def test_default_address_names_both_ways_to_change_it() -> None:
    assert resolve("key", None, {}).sources.base_url == "rootfi:baseUrl or ROOTFI_BASE_URL"
    assert resolve("key", None, {}, provider="a").sources.base_url.endswith('"a" or ROOTFI_BASE_URL')


@pytest.mark.parametrize("name", ["timeout", "concurrency"])
def test_bad_number_of_a_provider_names_it(name: str) -> None:
    with pytest.raises(SettingsError, match='of RootFiProvider "other": must be'):
        resolve("key", None, {}, provider="other", **{name: "0"})


def test_a_call_may_take_two_minutes_by_default() -> None:
    assert resolve("key", None, {}).timeout == 120
    assert resolve("key", None, {}, timeout="7.5").timeout == 7.5


@pytest.mark.parametrize("timeout", ["", "soon", "0", "0.5", "-1", "3601", "nan", "inf"])
def test_a_time_that_is_none_is_refused(timeout: str) -> None:
    with pytest.raises(SettingsError, match=r"rootfi:timeoutSeconds: must be .* from 1 to 3600"):
        resolve("key", None, {}, timeout=timeout)


def test_as_many_calls_may_be_under_way_as_the_setting_says() -> None:
    assert resolve("key", None, {}).concurrency == 32
    assert resolve("key", None, {}, concurrency="4").concurrency == 4


@pytest.mark.parametrize("concurrency", ["", "many", "0", "3", "65", "4.5", "-8", "9" * 5000, "\u0664"])
def test_a_concurrency_that_is_none_is_refused(concurrency: str) -> None:
    with pytest.raises(SettingsError, match=r"rootfi:concurrency: must be a whole number from 4 to 64"):
        resolve("key", None, {}, concurrency=concurrency)


def test_a_trailing_slash_is_dropped() -> None:
    assert resolve("key", "https://api.rootfi.dev/", {}).base_url == DEFAULT_BASE_URL


def test_no_key_names_both_ways_to_give_one() -> None:
    with pytest.raises(SettingsError, match=r"rootfi:apiKey.*ROOTFI_API_KEY"):
        resolve(None, None, {})


@pytest.mark.parametrize("key", ["key\n", " key", "k\u00e9y", "k\x00y"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="rootfi:apiKey: ") as raised:
        resolve(key, None, {})
    assert key not in str(raised.value)


def test_the_source_of_a_bad_address_is_named() -> None:
    with pytest.raises(SettingsError, match="ROOTFI_BASE_URL: "):
        resolve("key", None, {"ROOTFI_BASE_URL": "ftp://x"})


@pytest.mark.parametrize(
    "url",
    [
        "https://api.rootfi.dev",
        "https://x:8443/v2",
        "http://localhost:1",
        "http://127.0.0.1",
        "http://[::1]:8080",
    ],
)
def test_https_and_loopback_are_accepted(url: str) -> None:
    assert base_url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://api.rootfi.dev",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "ftp://x",
        "api.rootfi.dev",
        "https://",
        "https://x:port",
        "https://user:word@x",
        "https://x?y",
        "https://x#y",
        "https://[x",
        " https://x",
        "",
    ],
)
def test_what_would_not_be_safe_or_no_address_is_refused(url: str) -> None:
    assert base_url_problem(url) is not None


def test_repr_does_not_show_the_key() -> None:
    assert "hunter2" not in repr(Settings("hunter2"))
