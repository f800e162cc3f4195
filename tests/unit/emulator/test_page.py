"""The files of the page."""

import json
import re
from importlib.resources import files

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.patience import PATIENCE


@pytest.fixture
def html(emulator: Emulator) -> str:
    return requests.get(f"{emulator.url}/_emulator/page/index.html", timeout=PATIENCE).text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("look.css", "text/css; charset=utf-8"),
        ("main.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_says_what_it_is(emulator: Emulator, name: str, kind: str) -> None:
    answer = requests.get(f"{emulator.url}/_emulator/page/{name}", timeout=PATIENCE)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


@pytest.mark.parametrize("name", ["none.js", "..%2Fapp.py", "%2e%2e%2fapp.py", ""])
def test_nothing_but_the_files_can_be_had(emulator: Emulator, name: str) -> None:
    assert requests.get(f"{emulator.url}/_emulator/page/{name}", timeout=PATIENCE).status_code == 404


def test_every_address_in_the_page_is_the_emulators_own(html: str) -> None:
    addresses = re.findall(r'(?:src|href)="([^"#]+)"', html)
    assert [address for address in addresses if not address.startswith("/_emulator/page/")] == []


def test_nothing_in_the_page_is_inline(html: str) -> None:
    assert re.findall(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", html) == []


def test_every_ready_made_fault_is_one_that_the_emulator_takes(html: str) -> None:
    faults = [Fault(**json.loads(written)) for written in re.findall(r"data-fault='([^']+)'", html)]
    assert len({fault.model_dump_json() for fault in faults}) == 12


def test_the_form_offers_every_member_of_a_fault(html: str) -> None:
    form = html.partition('id="fault-form"')[2].partition("</form>")[0]
    assert set(re.findall(r'name="(\w+)"', form)) == {*Fault.model_fields, "endless"}


def test_labels_of_the_form_contain_the_members_names(html: str) -> None:
    form = html.partition('id="fault-form"')[2].partition("</form>")[0]
    labels = re.findall(r"<label[^>]*>(.*?)</label>", form, re.DOTALL)
    for label in labels:
        (name,) = re.findall(r'name="(\w+)"', label)
        words = re.sub(r"<[^>]*>", " ", re.sub(r"<select.*", " ", label, flags=re.DOTALL)).lower()
        wanted = "until removed" if name == "endless" else name.partition("_after")[0].replace("_", " ")
        assert wanted in words


def test_readme_lists_every_member_of_a_fault() -> None:
    text = (files("rootfi_pulumi.emulator") / "README.md").read_text(encoding="utf-8")
    table = text.partition("| Member | On the page |")[2].partition("\n\n")[0]
    listed = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(listed) == sorted(Fault.model_fields)
