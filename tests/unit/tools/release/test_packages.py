from pathlib import Path

from tools.release.packages import differences


def packages(folder: Path, **contents: bytes) -> list[Path]:
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return list(folder.iterdir())


def test_builds_with_the_same_bytes_do_not_differ(tmp_path: Path) -> None:
    first = packages(tmp_path / "1", wheel=b"w", source=b"s")
    second = packages(tmp_path / "2", source=b"s", wheel=b"w")
    assert differences(first, second) == []


def test_builds_differ_in_a_byte_or_a_name(tmp_path: Path) -> None:
    first = packages(tmp_path / "1", wheel=b"w", source=b"s")
    second = packages(tmp_path / "2", wheel=b"W", archive=b"s")
    assert differences(first, second) == ["archive", "source", "wheel"]
