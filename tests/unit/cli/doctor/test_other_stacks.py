from rootfi_pulumi.cli.doctor.other_stacks import exclude


def test_stack_and_file_of_one_name_are_one_other() -> None:
    assert exclude("dev", ["dev", "prod", "prod", "u"]) == ["prod", "u"]


def test_qualified_name_is_the_same_stack() -> None:
    assert exclude("dev", ["acme/dev", "acme/prod", "prod"]) == ["acme/prod"]
    assert exclude("acme/rootfi/dev", ["dev", "u"]) == ["u"]
