from random import Random

from tools.soak.declaration import TYPES, Declaration


def test_the_same_seed_declares_the_same() -> None:
    first, second = Declaration(Random(1)), Declaration(Random(1))
    for declaration in (first, second):
        for name in TYPES:
            declaration.add(name)
            declaration.change(name)
    assert first.entries == second.entries


def test_no_type_belongs_to_two_names() -> None:
    types = [each for pair in TYPES.values() for each in pair]
    assert len(types) == len(set(types))


def test_another_type_is_another_integration_than_the_adopted_one() -> None:
    declaration = Declaration(Random(1))
    declaration.add("ada")
    entry = declaration.entries["ada"]
    entry.integration_type, entry.adopt = "XERO", 1234
    declaration.change_type("ada")
    found: tuple[str, int | None] = (entry.integration_type, entry.adopt)
    assert found == ("WAVE", None)


def test_the_client_id_contains_the_name() -> None:
    declaration = Declaration(Random(1))
    declaration.add("ada")
    declaration.change_client_id("ada")
    assert declaration.entries["ada"].client_id == "ada-2"
