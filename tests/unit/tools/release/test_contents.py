from tools.release.contents import source_problems, wheel_problems

FILES = ["README.md", "rootfi_pulumi/__init__.py", "rootfi_pulumi/py.typed", "tests/test_x.py"]
METADATA = ["rootfi_pulumi-0.1.0.dist-info/METADATA"]


def test_wheel_has_the_package_and_may_have_more() -> None:
    wheel = [
        *METADATA,
        "rootfi_pulumi/__init__.py",
        "rootfi_pulumi/py.typed",
        "rootfi_pulumi/template/README.md",
    ]
    assert wheel_problems(wheel, FILES) == []


def test_wheel_without_a_file_is_a_problem() -> None:
    assert wheel_problems([*METADATA, "rootfi_pulumi/__init__.py"], FILES) == [
        "rootfi_pulumi/py.typed is missing"
    ]


def test_wheel_with_tests_is_a_problem() -> None:
    wheel = [*METADATA, *FILES, "rootfi_pulumi/tests/test_y.py"]
    assert wheel_problems(wheel, FILES) == [
        "README.md must not be in it",
        "rootfi_pulumi/tests/test_y.py must not be in it",
        "tests/test_x.py must not be in it",
    ]


def test_source_distribution_has_every_file() -> None:
    assert source_problems([*FILES, "PKG-INFO"], FILES) == []
    assert source_problems([*FILES[1:], "notes.txt"], FILES) == [
        "README.md is missing",
        "notes.txt must not be in it",
    ]
