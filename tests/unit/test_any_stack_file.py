"""Whatever bytes a stack's file has, they are read, or refused with a line, soon, and without its secrets."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootfi_pulumi.cli.capture.document import StackDocument
from rootfi_pulumi.cli.capture.entries import CaptureError
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.declaration.shared_adoptions import mistakes_in_files
from rootfi_pulumi.declaration.stack_mistakes import integrations_of, problems_in, read_with_mistakes
from tests.support.patience import PATIENCE
from tests.support.stack_files.corpus import CASES, SECRET

FILES = [case.path.read_bytes() for case in CASES]
NAMES = ("Pulumi.dev.yaml", "Pulumi.dev.json")
# What means something in YAML or in JSON, and what is odd in a text.
PIECES = [
    *(b"%c" % each for each in b"{}[],:?-&*!|>'\"%@`#<~=.\\/ \t\r\n0e_+"),
    *(
        b"<<: ",
        b"\n---\n",
        b"\n...\n",
        b": ",
        b"- ",
        b"!!int ",
        b"!x ",
        b"&a ",
        b"*a",
        b"|-\n",
        b"\\u",
        b"1e5",
    ),
    *(b"\xef\xbb\xbf", b"\xff", b"\xc2\x85", b"\xe2\x80\xa8", b"\x00", b"\x7f", b"\xed\xa0\x80", b"\\ud800"),
    *(b"config:\n  ", b"rootfi:", b"integrations: ", b"secure: ", b"null", b"2024-01-02", b".nan", b".inf"),
]
# As YAML counts lines.
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A file of the corpus in which a few pieces were put in, taken out or put in another's place."""
    content = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.sampled_from([0, 0, 1, 2, 20])))
        content = content[:start] + draw(st.sampled_from(PIECES) | st.just(b"")) + content[end:]
    return content


ANY = st.binary() | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join) | mutated()


@given(content=ANY, name=st.sampled_from(NAMES))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_declaration_or_findings(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    file, mistakes = read_with_mistakes(path)
    assert mistakes_in_files([path]) == {path: mistakes}
    for each in mistakes:
        assert 1 <= each.line <= len(BREAK.findall(content.decode(errors="replace"))) + 1
        assert each.message.isprintable()
        # Half of one, which is no secret, may have become a key by then.
        assert SECRET not in each.message or SECRET in str([*file.config.values()])
    if not mistakes and "rootfi:integrations" in file.config:
        try:
            integrations_of(file)
        except ConfigError as error:
            assert "is encrypted" in str(error)


@given(content=ANY, name=st.sampled_from(NAMES))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_added_to_or_refused(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    wave = {"integration_type": "WAVE", "client_id": "a", "client_secret": {"from_env": "A"}}
    try:
        document = StackDocument.read(path, "rootfi")
        declared = document.declared
        added = document.with_members({"config": {"rootfi:integrations": {"of-the-test": wave}}})
    except CaptureError as error:
        assert str(error).startswith(str(path))
        return
    after = StackDocument(path, added, "rootfi")
    assert after.declared == declared | {"of-the-test": wave}
    assert {key: value for key, value in after.content.items() if key != "config"} == {
        key: value for key, value in document.content.items() if key != "config"
    }


@pytest.mark.parametrize(
    "quoted", ["'{}'", '"{}"', "{}", ">-\n        {}"], ids=["'", '"', "plain", "folded"]
)
@given(secret=st.text("ab1!&*%@`#|>?-:,[]{}'\"\\ \t~=<.e", min_size=1, max_size=12))
def test_no_finding_shows_the_secret(quoted: str, secret: str) -> None:
    secret = f"Zq7{secret}Kx9"
    text = f"""\
config:
  rootfi:integrations:
    wave:
      integration_type: WAVE
      client_id: wave-app
      client_secret: {quoted.format(secret)}
"""
    found = problems_in(text)
    assert found
    # What is taken for a key is shown: after `: `, or behind a comment, the text is no single value.
    assert all("Zq7" not in each.message for each in found)


def test_a_file_of_thousands_of_mistakes_is_read_in_time(tmp_path: Path) -> None:
    entries = {
        f"entry-{number}": {"integration_typ": "XERO", "client_id": number, "client_secret": "Made-Up"}
        for number in range(5000)
    }
    path = tmp_path / "Pulumi.dev.json"
    path.write_text(json.dumps({"config": {"rootfi:integrations": entries}}, indent=1))
    start = time.monotonic()
    _, mistakes = read_with_mistakes(path)
    assert time.monotonic() - start < PATIENCE
    assert len(mistakes) >= 5000 * 3
    assert not any(SECRET in each.message for each in mistakes)


@pytest.mark.parametrize("depth", [150, 100_000])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_a_deep_nest_is_read_or_refused(begin: str, end: str, depth: int) -> None:
    found = problems_in(
        f"config:\n  acme:tree:\n    {begin * depth}1{end * depth}\n  rootfi:integrations: {{}}\n"
    )
    assert bool(found) == (depth > 200), found
