import random

from rootfi_pulumi.cli.report.order import sort_stacks

TRAVELS = [
    "dev",
    "sandbox-2",
    "acme/rootfi/qa",
    "test",
    "staging",
    "stg-eu",
    "europe",
    "producer",
    "live",
    "prod-eu",
]


def test_stacks_are_in_the_order_of_promotion() -> None:
    shuffled = random.Random(1).sample(TRAVELS, len(TRAVELS))
    assert sort_stacks(shuffled) == TRAVELS


def test_stacks_of_one_stage_are_sorted_by_name() -> None:
    assert sort_stacks(["prod-us", "production", "prod-eu"]) == ["prod-eu", "prod-us", "production"]
