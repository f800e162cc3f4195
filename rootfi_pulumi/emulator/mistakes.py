"""Explain in plain words why a model rejects a value: a request's body or a settings file.

The words come from the model's JSON Schema, not from pydantic, whose messages describe its parser.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from rootfi_pulumi.api.printable import excerpt

_LONGEST_NAME = 80
_MOST_CHOICES = 6
_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
}
Schema = Mapping[str, Any]


def explain(model: type[BaseModel], errors: Sequence[Any], start: int = 0) -> tuple[str, str]:
    """Return the member of the first of pydantic's errors, "" for the whole value, and what is wrong with it.

    `start` is the number of parts of an error's location that are outside the value, such as "body". The text
    repeats no value, because that may be a secret.
    """
    error = errors[0]
    location, schema = error["loc"][start:], model.model_json_schema()
    if error["type"] == "json_invalid":
        return "", "the body is not JSON: send an object"
    path, described = _descend(location, schema)
    match error["type"]:
        case "value_error":
            return ".".join(path), ": ".join([*path[-1:], str(error["ctx"]["error"])])
        case "missing" if location:
            return ".".join(path), f"{'.'.join(path)} is missing: add it"
        case "extra_forbidden":
            name = excerpt(str(location[-1]), _LONGEST_NAME)
            return ".".join([*path, name]), _unknown([*path, name], described)
    subject = ".".join(path) or "the body"
    if error["type"] == "string_unicode":
        return ".".join(path), f"{subject} must be valid Unicode: remove the lone surrogate"
    return ".".join(path), f"{subject} must be {_expected(described, schema)}"


def _descend(location: Sequence[int | str], schema: Schema) -> tuple[list[str], Schema]:
    # pydantic's locations also name the alternatives of a union, which are no members.
    path: list[str] = []
    described = schema
    for part in location:
        members = _resolved(described, schema).get("properties", {})
        if part in members:
            path.append(str(part))
            described = members[part]
        elif isinstance(of_any_name := described.get("additionalProperties"), Mapping):
            path.append(excerpt(str(part), _LONGEST_NAME))
            described = of_any_name
    return path, _resolved(described, schema)


def _resolved(described: Schema, schema: Schema) -> Schema:
    references = [each for each in (described, *described.get("anyOf", ())) if "$ref" in each]
    if not references:
        return described
    resolved: Schema = schema["$defs"][references[0]["$ref"].rpartition("/")[2]]
    return resolved


def _unknown(path: list[str], described: Schema) -> str:
    similar = get_close_matches(path[-1], described.get("properties", {}), n=1)
    what_to_do = f"did you mean {similar[0]}?" if similar else "remove it"
    return f"{'.'.join(path)} is unknown: {what_to_do}"


def _expected(described: Schema, schema: Schema) -> str:
    described = _resolved(described, schema)
    if "anyOf" in described:
        alternatives = [each for each in described["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(_expected(each, schema) for each in alternatives))
    if "enum" in described:
        return _choices(described["enum"])
    if "const" in described:
        return f'"{described["const"]}"'
    kind = _KINDS.get(described.get("type", ""), "text")
    return f"{kind}{_range(described)}"


def _choices(values: list[str]) -> str:
    quoted = [f'"{value}"' for value in values]
    if len(quoted) > _MOST_CHOICES:
        return f"one of {len(quoted)} values, such as {quoted[0]}"
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]]) if quoted[1:] else quoted[0]


def _range(described: Schema) -> str:
    lowest, highest = described.get("minimum"), described.get("maximum")
    if lowest is not None and highest is not None:
        return f" from {lowest} to {highest}"
    if lowest is not None:
        return f", {lowest} or more"
    if "exclusiveMinimum" in described:
        return f" above {described['exclusiveMinimum']}"
    if "minLength" in described:
        return " that is not empty"
    return ""
