import re
from datetime import UTC, datetime

import pytest

from rootfi_pulumi.cli.report.attention import find_attention
from rootfi_pulumi.cli.report.html import render_html
from rootfi_pulumi.cli.report.html_attention import render_attention
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.one_organisation import Holding, Shared
from tests.support.pages.full_matrix import EVERY_STATE
from tests.support.pages.large_matrix import TWELVE_STACKS
from tests.support.pages.parsed import lines_of

NOW = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
MISSING = Cell((State.MISSING,))


def list_of(matrix: Matrix) -> str:
    return render_attention(matrix, find_attention(matrix))


@pytest.mark.parametrize("matrix", [EVERY_STATE, TWELVE_STACKS], ids=["four", "twelve"])
def test_each_name_links_to_the_cell_of_its_environment(matrix: Matrix) -> None:
    page = render_html(matrix)
    linked = {}
    for row in re.findall(r'<li><div class="what">.*?</code>', page):
        [stack] = re.findall(r'class="stack"><bdi>(.*?)</bdi>', row)
        for target, name in re.findall(r'href="#(cell-\S+)" class="jump"><bdi>(.*?)</bdi>', row):
            linked[target] = f"{name} in {stack}"
    title = r'id="(cell-\d+-\d+)-details" popover="auto"><div class="title"><strong>(.*?)</strong>'
    cells = {target: re.sub("<.*?>", "", text) for target, text in re.findall(title, page)}
    assert len(linked) == sum(len(each.names) for each in find_attention(matrix))
    assert linked == {target: cells[target] for target in linked}


def test_list_says_what_where_why_and_the_command() -> None:
    lines = (
        "What needs attention",
        "! unfinished dev sage-accounting rootfi-pulumi doctor --stack dev Copy lists the steps",
        "≠ drifted production quickbooks no longer at RootFi zoho-books switched off at RootFi",
        "pulumi up --refresh --stack production Copy creates 1 of them again, enables 1 of them again",
        "≠ drifted staging xero client_id, client_secret changed at RootFi",
        "pulumi up --refresh --stack staging Copy also sets up sage-accounting, also disables zoho-books",
        "✕ missing staging sage-accounting pulumi up --stack staging Copy also disables zoho-books",
        "✕ missing dev freshbooks-pilot rootfi-pulumi doctor --stack dev Copy resolve sage-accounting first",
        "? undeclared staging zoho-books pulumi up --stack staging Copy disables it,",
        "also sets up sage-accounting",
        "not read prod-eu state: pulumi stack export: error: passphrase must be set with",
        "PULUMI_CONFIG_PASSPHRASE rootfi-pulumi doctor --stack prod-eu Copy",
        "shared dev and staging manage the same integration, 1204 (zoho-books): if their API keys are of",
        "one organisation, destroying one of these stacks disables it for all rootfi-pulumi doctor Copy",
    )
    assert lines_of(list_of(EVERY_STATE)) == " ".join(lines)


@pytest.mark.parametrize(("number", "folded"), [(3, []), (4, ["1 more"]), (16, ["13 more"])])
def test_more_than_three_names_are_folded(number: int, folded: list[str]) -> None:
    cells = {f"app-{each:02}": MISSING for each in range(number)}
    shown = list_of(Matrix(NOW, is_refreshed=True, columns=(Column("dev", cells),)))
    assert re.findall(r"<summary>(.*?)</summary>", shown) == folded
    assert re.findall(r"<bdi>(app-\d+)</bdi>", shown) == list(cells)


def test_each_problem_of_a_stack_is_in_its_own_row() -> None:
    problems = ("declaration: stacks/x:1: no", "cannot check for drift: no key")
    shown = list_of(Matrix(NOW, is_refreshed=True, columns=(Column("dev", {}, problems=problems),)))
    assert lines_of(shown) == (
        "What needs attention file refused dev declaration: stacks/x:1: no rootfi-pulumi doctor --stack dev Copy "
        "not compared dev cannot check for drift: no key rootfi-pulumi doctor --stack dev Copy"
    )


def test_overlap_of_environments_is_in_the_list() -> None:
    shared = (Shared(1234, (Holding("dev", "xero"), Holding("u", "xero"))),)
    words = lines_of(list_of(Matrix(NOW, is_refreshed=True, columns=(), shared=shared)))
    assert "shared dev and u manage the same integration, 1234 (xero): " in words
    assert words.endswith(" rootfi-pulumi doctor Copy")


def test_nothing_to_attend_to_is_no_list() -> None:
    cells = {"xero": Cell((State.ENABLED,))}
    assert list_of(Matrix(NOW, is_refreshed=True, columns=(Column("dev", cells),))) == ""
