import pytest

from rootfi_pulumi.api.models import GREATEST_ID, Integration, IntegrationType


def test_there_are_the_17_documented_types() -> None:
    assert len(IntegrationType) == 17


@pytest.mark.parametrize("rootfi_id", [1234, 1234.0, "1234"])
def test_an_id_in_any_json_form_is_read(rootfi_id: object) -> None:
    assert Integration.parse({"rootfi_id": rootfi_id}).rootfi_id == 1234


@pytest.mark.parametrize(
    "rootfi_id",
    [None, "", "12a", "9" * 30, 1.5, float("nan"), float("inf"), True, [], 0, -1, GREATEST_ID + 1],
)
def test_an_unusable_id_is_refused(rootfi_id: object) -> None:
    with pytest.raises(ValueError, match="rootfi_id"):
        Integration.parse({"rootfi_id": rootfi_id})


@pytest.mark.parametrize("data", [None, [], "text", 1])
def test_data_that_is_no_object_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="no data object"):
        Integration.parse(data)


@pytest.mark.parametrize(
    "members", [{"client_id": 1}, {"is_disabled": "no"}, {"metadata": []}, {"rootfi_created_at": 1}]
)
def test_a_member_of_another_type_is_refused_by_name(members: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(members))):
        Integration.parse({"rootfi_id": 1} | members)


def nested(levels: int) -> dict[str, object]:
    metadata: dict[str, object] = {}
    for _ in range(levels - 1):
        metadata = {"a": metadata}
    return metadata


@pytest.mark.parametrize(
    "member",
    [
        {"client_secret": "\ud800"},
        {"metadata": {"a": ["\ud800"]}},
        {"metadata": {"\ud800": 1}},
        {"metadata": {"a": 10**400}},
        {"metadata": {"a": float("inf")}},
        {"metadata": nested(101)},
    ],
    ids=[
        "half a character",
        "in metadata",
        "in its names",
        "a number beyond doubles",
        "infinite",
        "too deep",
    ],
)
def test_what_pulumi_could_not_store_is_refused(member: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"surrogates|metadata"):
        Integration.parse({"rootfi_id": 1} | member)


def test_metadata_of_a_hundred_levels_is_read() -> None:
    assert Integration.parse({"rootfi_id": 1, "metadata": nested(100)}).metadata == nested(100)


def test_an_unusable_id_is_not_repeated_since_it_may_be_long() -> None:
    with pytest.raises(ValueError, match=r"^.{,80}$"):
        Integration.parse({"rootfi_id": 10**4000})


def test_members_and_types_that_rootfi_adds_are_read() -> None:
    data = {"rootfi_id": 1, "integration_type": "NEW_PLATFORM", "added": {"later": True}}
    assert Integration.parse(data).integration_type == "NEW_PLATFORM"


def test_what_a_terminal_would_obey_is_in_no_text_that_pulumi_shows() -> None:
    escape = "\x1b[31mred\x07"
    texts = ("integration_type", "client_id", "rootfi_created_at", "rootfi_updated_at")
    metadata = {"metadata": {escape: [{escape: "as it is: \x1b"}]}}
    read = Integration.parse({"rootfi_id": 1} | dict.fromkeys(texts, escape) | metadata)
    assert [getattr(read, name) for name in texts] == ["?[31mred?"] * 4
    assert read.metadata == {"?[31mred?": [{"?[31mred?": "as it is: \x1b"}]}


@pytest.mark.parametrize("masked", ["********", "•••••••", "****abcd", "", None])
def test_a_masked_credential_is_not_shown(masked: str | None) -> None:
    read = Integration.parse({"rootfi_id": 1, "client_secret": masked, "client_id": masked})
    assert (read.client_id, read.client_secret) == (None, None)


def test_mask_rule_of_secrets_leaves_client_ids() -> None:
    read = Integration.parse({"rootfi_id": 1, "client_secret": "11", "client_id": "11"})
    assert (read.client_id, read.client_secret) == ("11", None)


def test_repr_does_not_show_the_secret() -> None:
    assert "hunter2" not in repr(Integration.parse({"rootfi_id": 1, "client_secret": "hunter2"}))
