from rootfi_pulumi.declaration.members import MEMBERS
from rootfi_pulumi.declaration.settings import OF_A_CALL
from tools.declaration_tables import PAGE, write_tables


def test_tables_of_the_page_are_fresh() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert write_tables(page) == page, "stale: run `make docs-reference`"


def test_tables_have_a_row_for_each_member_and_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    names = [*(each.name for each in MEMBERS), *(each.key for each in OF_A_CALL)]
    assert [name for name in names if f"\n| `{name}` |" not in page] == []
