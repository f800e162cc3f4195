"""The summary of a step: its lines, its Markdown as a browser shows it, and its JSON."""

import json

from markdown_it import MarkdownIt

from rootfi_pulumi.cli.deployment.outcome import Changed, Changes, Outcome, Result
from rootfi_pulumi.cli.deployment.step import DEPLOY, DRIFT, PREVIEW
from rootfi_pulumi.cli.deployment.summary import describe, render_json, render_markdown

DONE = Outcome("dev", Result.DONE, 0, 12.0, Changes({"same": 3, "create": 2, "read": 1}))
FAILED = Outcome("staging", Result.FAILED, 255, 3.04, None, "run `pulumi cancel --stack staging`")
NOT_RUN = Outcome("prod", Result.NOT_RUN)
HOSTILE = "<b>`@team`|[x](y)**"


def rendered(*outcomes: Outcome) -> str:
    """The HTML of a drift's summary."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    return str(markdown.render(render_markdown(DRIFT, outcomes)))


def test_line_has_result_duration_and_counts() -> None:
    assert [describe(DEPLOY, each) for each in (DONE, FAILED, NOT_RUN)] == [
        "deploy of dev: done in 12.0 s: 2 created, 3 unchanged, 1 read",
        "deploy of staging: failed in 3.0 s",
        "deploy of prod: not run",
    ]


def test_line_of_a_preview_has_what_would_change() -> None:
    assert describe(PREVIEW, DONE).endswith("2 to create, 3 unchanged, 1 read")


def test_line_of_a_drift_says_whether_there_is_any() -> None:
    same, update = Changes({"same": 3}), Changes({"update": 1, "same": 2})
    assert (
        describe(DRIFT, Outcome("dev", Result.DONE, 0, 1.0, same)) == "drift of dev: done in 1.0 s: no drift"
    )
    assert describe(DRIFT, Outcome("dev", Result.FAILED, 7, 1.0, update)).endswith("1 to update, 2 unchanged")
    # After a signal nothing is known.
    assert describe(DRIFT, Outcome("dev", Result.DONE, 0, 1.0)) == "drift of dev: done in 1.0 s"
    assert "<td>no drift</td>" in rendered(Outcome("dev", Result.DONE, 0, 1.0, same))


def test_failure_shows_no_counts() -> None:
    outcome = Outcome("dev", Result.FAILED, 255, 1.4, Changes({"same": 1}), "look")
    assert describe(DEPLOY, outcome) == "deploy of dev: failed in 1.4 s"
    assert "unchanged" not in render_markdown(DEPLOY, [outcome])
    assert json.loads(render_json(DEPLOY, [outcome]))["stacks"][0]["changes"] == {"same": 1}


def test_markdown_has_a_row_for_each_stack_and_the_advice() -> None:
    html = rendered(DONE, FAILED, NOT_RUN)
    assert html.count("<tr>") == 4
    assert "<strong>failed</strong>" in html
    assert "<p><code>staging</code>: run <code>pulumi cancel --stack staging</code></p>" in html


def test_markdown_lists_what_drifted() -> None:
    changed = Changed("xero", "update", ("client_id", "is_disabled"))
    html = rendered(Outcome("dev", Result.FAILED, 7, 1.0, Changes({"update": 1}, (changed,)), "look"))
    assert "<li><code>dev: xero</code> to update: client_id, is_disabled</li>" in html


def test_markdown_shows_hostile_text_as_text() -> None:
    changes = Changes({}, (Changed(HOSTILE, HOSTILE),))
    html = rendered(Outcome("dev", Result.FAILED, 7, 1.0, changes, HOSTILE))
    tags = {each.split()[0] for part in html.split("<")[1:] if (each := part.partition(">")[0])}
    assert {"b", "a", "strong"} & {tag.removeprefix("/") for tag in tags} == {"strong"}
    assert html.count("<td>") == 4


def test_markdown_lists_at_most_twenty() -> None:
    changes = Changes({}, tuple(Changed(f"x{number}", "create") for number in range(23)))
    html = rendered(Outcome("dev", Result.DONE, 0, 1.0, changes))
    assert (html.count("<li>"), "<li>and 3 more</li>" in html) == (21, True)


def test_json_has_every_stack() -> None:
    changes = Changes({"update": 1}, (Changed("xero", "update", ("client_id",)),))
    document = render_json(DEPLOY, (Outcome("dev", Result.DONE, 0, 1.5, changes), NOT_RUN))
    assert json.loads(document) == {
        "step": "deploy",
        "stacks": [
            {
                "stack": "dev",
                "result": "done",
                "exit_code": 0,
                "seconds": 1.5,
                "changes": {"update": 1},
                "integrations": [{"name": "xero", "operation": "update", "members": ["client_id"]}],
                "advice": "",
            },
            {
                "stack": "prod",
                "result": "not run",
                "exit_code": None,
                "seconds": None,
                "changes": None,
                "integrations": None,
                "advice": "",
            },
        ],
    }
