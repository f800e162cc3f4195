from rootfi_pulumi.cli.doctor.finding import Subject, not_checked, note, ok, problem, say_once

WRONG = "rootfi:baseUrl: must be https"
URL = problem(Subject.URL, WRONG, "correct it, or remove it", "pulumi config rm rootfi:baseUrl --stack dev")
KEY = not_checked(Subject.KEY, "correct the base URL first")
OTHER = note(Subject.STACK_FILES, f"stacks/Pulumi.prod.yaml:2: {WRONG}", "correct the line")


def test_mistake_of_stack_file_is_said_once_with_line_and_best_remedy() -> None:
    own = problem(Subject.STACK_FILES, f"stacks/Pulumi.dev.yaml:2: {WRONG}", "correct the line")
    merged = problem(Subject.STACK_FILES, own.message, URL.remedy, URL.command)
    assert say_once([URL, KEY, OTHER, own]) == [KEY, OTHER, merged]


def test_problem_of_no_line_of_this_stack_is_kept() -> None:
    others = [problem(Subject.STACK_FILES, "stacks/Pulumi.dev.yaml:3: must not be empty", "correct the line")]
    others += [OTHER, ok(Subject.CLI, "v3")]
    assert say_once([URL, KEY, *others]) == [URL, KEY, *others]
