from tests.support.pulumi_project import REPOSITORY
from tools.release.sbom import components, locked_packages


def test_a_lock_lists_its_packages() -> None:
    lock = "# by uv\nh11==0.16.0 \\\n    --hash=sha256:1==2\n    # via uvicorn\ncolorama==0.4.6 ; sys_platform == 'win32' \\\n"
    assert locked_packages(lock) == {("h11", "0.16.0"), ("colorama", "0.4.6")}


def test_a_bill_of_materials_lists_its_packages() -> None:
    document = {"components": [{"type": "library", "name": "h11", "version": "0.16.0"}]}
    assert components(document) == {("h11", "0.16.0")}


def test_both_locks_have_the_same_versions() -> None:
    small, large = (
        locked_packages((REPOSITORY / name).read_text())
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert small
    assert small - large == set(), "run `make lock`"
