"""Build the JSON Schema of a stack file, with which an editor completes and checks it.

The settings and the members come from their tables. Rules that a schema cannot express, such as one
integration of each type, are checked by `stack_mistakes` alone. Draft 7 is the one that most editors support.

Rests on https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""

from typing import Any

from rootfi_pulumi.api.models import GREATEST_ID, IntegrationType
from rootfi_pulumi.declaration.from_env import VARIABLE_NAME
from rootfi_pulumi.declaration.model import IntegrationConfig
from rootfi_pulumi.declaration.settings import API_KEY, INTEGRATIONS, NAMESPACE, SETTINGS, Setting

Schema = dict[str, Any]

_OURS = f"^{NAMESPACE}:"

_ENCRYPTED = {
    "description": "Encrypted by `pulumi config set --secret`.",
    "type": "object",
    "properties": {"secure": {"type": "string", "minLength": 1}},
    "required": ["secure"],
    "additionalProperties": False,
}
_FROM_ENV = {
    "description": "An environment variable where pulumi runs; its value is stored nowhere.",
    "type": "object",
    "properties": {"from_env": {"type": "string", "pattern": f"^{VARIABLE_NAME.pattern}$"}},
    "required": ["from_env"],
    "additionalProperties": False,
}
# These members may hold more, or less, in a file than their type in the model says.
_VALUES: dict[str, Schema] = {
    "integration_type": {"type": "string", "enum": list(IntegrationType)},
    # A pattern can express only this part of credential_problem.
    "client_id": {"anyOf": [{"type": "string", "pattern": r"^\S(.*\S)?$"}, _ENCRYPTED]},
    "client_secret": {"anyOf": [_ENCRYPTED, _FROM_ENV]},
    "adopt": {"type": ["integer", "null"], "minimum": 1, "maximum": GREATEST_ID},
}


def stack_file_schema() -> Schema:
    """Return the schema of a whole stack file as Pulumi writes it."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Stack file of a project that declares RootFi integrations",
        "$comment": "Written by `rootfi-pulumi schema`; `rootfi-pulumi check` knows the rules it cannot say.",
        "type": "object",
        "properties": {
            "config": _config(),
            "environment": {
                "description": "Environments of Pulumi ESC that bring the rest of the config.",
                "type": ["array", "object"],
            },
            "secretsprovider": {"description": "What encrypts the secrets.", "type": "string"},
            "encryptedkey": {"description": "The data key, encrypted by a cloud's KMS.", "type": "string"},
            "encryptionsalt": {"description": "The salt of the passphrase's key.", "type": "string"},
        },
        "if": {"not": {"required": ["environment"]}},
        "then": {"properties": {"config": _complete()}},
    }


def _config() -> Schema:
    ours = {setting.key: _setting(setting) for setting in SETTINGS}
    return {
        "description": "The stack's settings.",
        "type": ["object", "null"],
        "properties": ours,
        "propertyNames": {"anyOf": [{"enum": list(ours)}, {"not": {"pattern": _OURS}}]},
    }


def _setting(setting: Setting) -> Schema:
    described: Schema = {"description": setting.help}
    if setting.default != "":
        described["default"] = setting.default
    return described | (_ENCRYPTED if setting is API_KEY else {"anyOf": [*_values(setting), _ENCRYPTED]})


def _values(setting: Setting) -> list[Schema]:
    """Return what a file may hold for a setting in plain text."""
    if setting is INTEGRATIONS:
        # As a mapping, or as `pulumi config set` writes JSON.
        return [_integrations(), {"type": "string", "pattern": r"^\s*\{"}]
    if setting.least is None:
        return [{"type": "string", "pattern": r"^\S+://\S+$"}]
    is_whole = isinstance(setting.default, int)
    limits = {"minimum": setting.least, "maximum": setting.greatest}
    # As a number, or as `pulumi config set` writes one.
    text = r"^[0-9]+$" if is_whole else r"^[0-9]+(\.[0-9]+)?$"
    return [{"type": "integer" if is_whole else "number"} | limits, {"type": "string", "pattern": text}]


def _complete() -> Schema:
    """Return the rule that a config with any of our settings has the integrations."""
    return {
        "if": {"not": {"patternProperties": {_OURS: False}}},
        "then": {"required": [INTEGRATIONS.key]},
    }


def _integrations() -> Schema:
    return {
        "type": "object",
        # A name must not be blank, and must not contain the separator of a URN.
        "propertyNames": {"pattern": r"\S", "not": {"pattern": "::"}},
        "additionalProperties": _integration(),
    }


def _integration() -> Schema:
    schema = IntegrationConfig.model_json_schema()
    members = {name: _member(name, member) for name, member in schema["properties"].items()}
    return {key: schema[key] for key in ("type", "required", "additionalProperties")} | {
        "properties": members
    }


def _member(name: str, of_model: Schema) -> Schema:
    described = {"description": of_model["description"]}
    if name in _VALUES:
        return described | _VALUES[name]
    return described | {"type": of_model["type"], "default": of_model["default"]}
