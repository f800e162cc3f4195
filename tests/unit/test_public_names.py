"""Every public name, as an editor and a type checker see it."""

import inspect
import re
import typing
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

import rootfi_pulumi
from rootfi_pulumi import (
    Environment,
    EnvironmentIntegrationArgs,
    IntegrationSummary,
    RootFiIntegration,
    RootFiIntegrationArgs,
    RootFiProvider,
)
from rootfi_pulumi.declaration.members import MEMBERS
from rootfi_pulumi.declaration.settings import OF_A_CALL
from rootfi_pulumi.program.args import Input
from tools.docstrings import attributes, parameters

PUBLIC = {name: getattr(rootfi_pulumi, name) for name in rootfi_pulumi.__all__}
RESOURCES = [RootFiIntegration, RootFiProvider, Environment]
FUNCTIONS = [
    pytest.param(function, id=f"{name}.{member}")
    for name, public in PUBLIC.items()
    for member, function in inspect.getmembers(public, inspect.isroutine)
    if member in vars(public)
    and (member == "__init__" or not member.startswith("_"))
    and function.__module__.startswith("rootfi_pulumi.")
]
DOCUMENTED = [RootFiIntegration.__init__, RootFiProvider.__init__, Environment.__init__]
# The types that a docstring names, as their readers know them.
NAMES = {
    **PUBLIC,
    "Mapping": Mapping,
    "pulumi": SimpleNamespace(Input=Input, ResourceOptions=pulumi.ResourceOptions),
}


def test_dir_lists_the_public_names() -> None:
    assert dir(rootfi_pulumi) == sorted(PUBLIC)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_signature_has_type_hints(function: Callable[..., Any]) -> None:
    hints = typing.get_type_hints(function)
    # `self` and `cls` have none.
    assert set(inspect.signature(function).parameters) - {"self"} <= set(hints)
    assert "return" in hints


@pytest.mark.parametrize("public", PUBLIC.values(), ids=PUBLIC)
def test_every_class_has_type_hints(public: type) -> None:
    # Pulumi's own base classes need `Input`, which their module imports for type checkers only.
    hints = typing.get_type_hints(public, localns={"Input": Input})
    assert inspect.get_annotations(public).keys() <= hints.keys()


@pytest.mark.parametrize("public", PUBLIC.values(), ids=PUBLIC)
def test_every_class_and_attribute_is_documented(public: type) -> None:
    assert public.__doc__
    inherited = RootFiIntegrationArgs if public is EnvironmentIntegrationArgs else object
    own = inspect.get_annotations(public).keys() - inspect.get_annotations(inherited)
    # The docstring of FromEnv describes its only attribute.
    assert own - {"name"} <= {each.name for each in attributes(public)}


@pytest.mark.parametrize("function", DOCUMENTED, ids=lambda each: each.__qualname__)
def test_parameters_are_documented_with_their_types(function: Callable[..., Any]) -> None:
    documented = parameters(function)
    signature = inspect.signature(function).parameters
    assert [each.name for each in documented] == [name for name in signature if name != "self"]
    hints = typing.get_type_hints(function)
    for each in documented:
        # Pulumi's SDKs leave out that an argument with a default may be None.
        written = eval(each.type, NAMES)
        assert hints[each.name] in (written, written | None), each.name


def test_defaults_are_documented() -> None:
    signature = inspect.signature(RootFiIntegration.__init__).parameters
    for each in parameters(RootFiIntegration.__init__)[2:]:
        default = signature[each.name].default
        stated = re.search(r"Default: (\w+)\.$", each.text)
        assert (stated and stated[1]) == (None if default is inspect.Parameter.empty else str(default))


def test_a_mapping_has_the_arguments_of_the_resource() -> None:
    resource = typing.get_type_hints(RootFiIntegration.__init__)
    mapping = typing.get_type_hints(RootFiIntegrationArgs)
    assert mapping == {name: resource[name] for name in mapping}
    assert set(resource) - set(mapping) == {"name", "opts", "return"}
    parameter = inspect.signature(RootFiIntegration.__init__).parameters
    required = {name for name in mapping if parameter[name].default is inspect.Parameter.empty}
    assert RootFiIntegrationArgs.__required_keys__ == required


def test_arguments_and_members_are_those_of_the_table() -> None:
    inputs = {member.name for member in MEMBERS if member.is_input}
    assert inputs == RootFiIntegrationArgs.__required_keys__ | RootFiIntegrationArgs.__optional_keys__
    required = {member.name for member in MEMBERS if member.is_required}
    assert required == RootFiIntegrationArgs.__required_keys__
    summarised = {member.name for member in MEMBERS if member.is_summarised}
    assert {"rootfi_id", *summarised} == IntegrationSummary.__required_keys__


def test_provider_has_an_argument_for_each_setting_of_a_call() -> None:
    arguments = {setting.argument for setting in OF_A_CALL}
    assert arguments == set(inspect.signature(RootFiProvider).parameters) - {"name", "opts"}


def test_a_mapping_documents_what_the_resource_does() -> None:
    documented = {each.name: each.text for each in parameters(RootFiIntegration.__init__)}
    for each in attributes(RootFiIntegrationArgs):
        assert documented[each.name] == each.text


@pytest.mark.parametrize("resource", RESOURCES)
def test_options_are_the_second_argument(resource: type) -> None:
    positional = [
        each.name
        for each in inspect.signature(resource).parameters.values()
        if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and each.name != "integrations"
    ]
    assert positional == ["name", "opts"]


def test_an_integration_is_a_custom_resource() -> None:
    assert RootFiIntegration.__bases__ == (pulumi.CustomResource,)
