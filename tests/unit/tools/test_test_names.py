from pathlib import Path

import pytest

from tools.test_names import LONGEST, TESTS, too_long

LONG = "test_" + "x" * (LONGEST - 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tests"
    (folder / "unit").mkdir(parents=True)
    return folder


@pytest.mark.parametrize(
    "text", ["def {}(): ...", "async def {}(): ...", "class Test:\n    def {}(self): ..."]
)
def test_a_long_name_is_reported_with_its_place_and_length(folder: Path, text: str) -> None:
    (folder / "unit" / "test_x.py").write_text(f"\n{text.format(LONG)}")
    [line] = too_long(folder)
    place = f"tests/unit/test_x.py:{3 if 'class' in text else 2}"
    assert line == f"{place}: {LONG} has 73 characters; 72 is the limit"


def test_a_name_at_the_limit_and_a_helpers_name_are_not_reported(folder: Path) -> None:
    (folder / "test_x.py").write_text(f"def {LONG[:-1]}(): ...\ndef {'helper' * 20}(): ...\n")
    assert list(too_long(folder)) == []


def test_no_test_of_this_repository_has_a_long_name() -> None:
    assert list(too_long(TESTS)) == []
