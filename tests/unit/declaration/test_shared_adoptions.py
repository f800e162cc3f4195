from collections.abc import Callable
from pathlib import Path

import pytest

from rootfi_pulumi.declaration.shared_adoptions import mistakes_in_files
from tests.support.systems import POSIX

DEV, COPY, PROD = Path("Pulumi.dev.yaml"), Path("Pulumi.u.yaml"), Path("Pulumi.prod.yaml")


def file(*ids: int, base_url: str = "") -> str:
    """Return a stack file with an entry for each id, of types that differ."""
    types = ("XERO", "WAVE", "TALLY")
    entries = "".join(
        f"    n{number}: {{integration_type: {types[number]}, client_id: a, client_secret: {{from_env: S}}, "
        f"adopt: {rootfi_id}}}\n"
        for number, rootfi_id in enumerate(ids)
    )
    url = f"  rootfi:baseUrl: {base_url}\n" if base_url else ""
    return f"config:\n  rootfi:integrations:\n{entries}{url}"


Found = Callable[..., dict[str, list[tuple[int, str]]]]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Found:
    """Return what is found in files of these texts, by their names."""
    paths = {"dev": DEV, "copy": COPY, "prod": PROD}
    monkeypatch.chdir(tmp_path)

    def find(**texts: str) -> dict[str, list[tuple[int, str]]]:
        for name, text in texts.items():
            paths[name].write_text(text)
        located = mistakes_in_files([paths[name] for name in texts])
        return {
            path.name: [(line, message.partition(" too")[0]) for line, message in problems]
            for path, problems in located.items()
            if problems
        }

    return find


def test_each_file_names_the_others_line(found: Found) -> None:
    assert found(dev=file(1000, 1001), copy=file(1001, 1002)) == {
        DEV.name: [(4, "integrations.n1.adopt: Pulumi.u.yaml:3 adopts 1001")],
        COPY.name: [(3, "integrations.n0.adopt: Pulumi.dev.yaml:4 adopts 1001")],
    }


def test_third_file_is_named_too(found: Found) -> None:
    shown = found(dev=file(1001), copy=file(1001), prod=file(1001))
    assert shown[DEV.name] == [
        (3, "integrations.n0.adopt: Pulumi.u.yaml:3 and Pulumi.prod.yaml:3 adopt 1001")
    ]


@pytest.mark.parametrize(
    ("one", "other", "is_mistake"),
    [
        ("https://api.rootfi.dev", "https://api.sa.rootfi.dev", False),
        ("https://api.rootfi.dev", "https://API.rootfi.dev/", True),
        ("https://api.rootfi.dev", "", True),
        ("", "", True),
    ],
)
def test_different_base_urls_are_different_servers(
    one: str, other: str, is_mistake: bool, found: Found
) -> None:
    assert bool(found(dev=file(1, base_url=one), copy=file(1, base_url=other))) == is_mistake


def test_encrypted_base_url_may_be_the_same(found: Found) -> None:
    shown = found(dev=file(1, base_url="{secure: v1:x}"), copy=file(1, base_url="https://api.rootfi.dev"))
    assert [*shown] == [DEV.name, COPY.name]


def test_different_ids_are_no_mistake(found: Found) -> None:
    assert found(dev=file(1001, 1002), copy=file(1003)) == {}


def test_mistake_of_one_file_stays_with_it(found: Found) -> None:
    assert [*found(dev=file(1001), copy=file(1001, 1001))[COPY.name]] == [
        (3, "integrations.n0.adopt: Pulumi.dev.yaml:3 adopts 1001"),
        (4, "integrations.n1.adopt: Pulumi.dev.yaml:3 adopts 1001"),
        (4, "integrations.n1.adopt: n0 has the same: one of each is allowed"),
    ]


@POSIX
def test_link_to_the_same_file_is_no_second_one(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(file(1001))
    (tmp_path / "link.yaml").symlink_to("one.yaml")
    assert not any(mistakes_in_files([tmp_path / "one.yaml", tmp_path / "link.yaml"]).values())
