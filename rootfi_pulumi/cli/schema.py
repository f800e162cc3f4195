"""`rootfi-pulumi schema`: prints the JSON Schema of a stack file."""

import json

import typer


def schema() -> None:
    """Print the JSON Schema of a stack file.

    Save it next to the stack files. An editor completes and checks a stack file that begins with this line,
    which Pulumi keeps when it writes the file but does not add:

        # yaml-language-server: $schema=schema.json

    Validators use it too:

        check-jsonschema --schemafile stacks/schema.json stacks/Pulumi.*.yaml

    Exit codes: 0 done; 2 usage error.
    """
    # Imported here so that the other commands start without pydantic.
    from rootfi_pulumi.declaration.stack_schema import stack_file_schema  # noqa: PLC0415

    typer.echo(json.dumps(stack_file_schema(), indent=2, ensure_ascii=False))
