import pytest

from tools.soak.__main__ import parse


def test_the_length_is_half_an_hour_and_the_seed_random() -> None:
    options = parse([])
    assert (options.minutes, options.stacks, options.write) == (30, 4, False)
    assert {parse([]).seed for _ in range(5)} != {options.seed}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--write", "--minutes", "2"], "--write: requires --minutes 30 or more"),
        (["--stacks", "0"], "--stacks: 1 to 26"),
        (["--minutes", "long"], "--minutes"),
    ],
)
def test_what_is_not_usable_is_refused_at_once(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse(arguments)
    assert said in capsys.readouterr().err
