"""`rootfi-pulumi schema`: what a stack file may hold, for editors and validators."""

import json

import typer

from rootfi_pulumi.declaration.stack_schema import stack_file_schema


def schema() -> None:
    """Print the JSON Schema of a stack file.

    Editors complete and check a stack file by it, if it is kept beside the file and the file names it in its
    first line. Pulumi keeps that line when it writes the file; a file that Pulumi makes has none yet.

        # yaml-language-server: $schema=schema.json

    Validators take it too:

        check-jsonschema --schemafile stacks/schema.json stacks/Pulumi.*.yaml

    Exit codes: 0 printed, 2 the command was given wrong.
    """
    typer.echo(json.dumps(stack_file_schema(), indent=2, ensure_ascii=False))
