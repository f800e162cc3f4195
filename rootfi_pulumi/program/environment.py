"""The component that holds a stack's integrations."""

from collections.abc import Mapping
from typing import Self, cast

import pulumi

from rootfi_pulumi.declaration.members import MEMBERS
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.program.args import (
    ARGUMENTS,
    EnvironmentIntegrationArgs,
    IntegrationSummary,
    RootFiIntegrationArgs,
)
from rootfi_pulumi.program.checked_integrations import check_integrations
from rootfi_pulumi.program.create_guard import run_guard
from rootfi_pulumi.program.integration import RootFiIntegration
from rootfi_pulumi.program.stack_config import read_stack_config
from rootfi_pulumi.sdk_internals.mocked_run import is_mocked
from rootfi_pulumi.state import ENVIRONMENT


class Environment(pulumi.ComponentResource):
    """A component with one `RootFiIntegration` for each entry of a mapping, named as the entry is.

    `Environment.from_stack_config()` takes the entries from the stack's config.
    """

    integrations: dict[str, RootFiIntegration]
    """The resources, by the names of their entries."""
    summary: pulumi.Output[dict[str, IntegrationSummary]]
    """What to export: an `IntegrationSummary` for each name. It holds no secret."""

    def __init__(
        self,
        name: str,
        integrations: Mapping[str, EnvironmentIntegrationArgs],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Create an Environment with the given name, integrations and options.

        A member that is an Output is checked once its value is known, before RootFi is asked.

        Raises pulumi.RunError with every mistake in a line of its own, before anything is registered.

        :param str name: The name of the component.
        :param Mapping[str, EnvironmentIntegrationArgs] integrations: The integrations, by name: one of each
               `integration_type`, and one `adopt` of each id. `{}` declares none.
        :param pulumi.ResourceOptions opts: Options for the component. Its integrations inherit them as the
               resources of any component do.
        """
        try:
            declared = check_integrations(integrations)
        except ConfigError as error:
            raise _refused(f"Environment {name} has mistakes", error) from None
        # Before the component, so that the guard sees what is declared in it.
        if not is_mocked():
            guard = run_guard()
            if declared:
                guard.start_plugin(opts)
        super().__init__(ENVIRONMENT, name, None, opts)
        self.integrations = {key: self._integration(key, entry) for key, entry in declared.items()}
        summaries = {key: _summary(made) for key, made in self.integrations.items()}
        # Of no outputs, Output.all would make a list.
        self.summary = pulumi.Output.all(**summaries) if summaries else pulumi.Output.from_input({})
        self.register_outputs({"integrations": self.summary})

    @classmethod
    def from_stack_config(cls, opts: pulumi.ResourceOptions | None = None) -> Self:
        """Create an Environment of what the stack's `rootfi:integrations` declares, named after the stack.

        The stack's key and settings apply, whatever the project is called.

        Raises pulumi.RunError with every mistake in a line of its own, before anything is registered.

        :param pulumi.ResourceOptions opts: Options for the component.
        """
        try:
            integrations = read_stack_config().integrations()
        except ConfigError as error:
            raise _refused(f"the config of stack {pulumi.get_stack()} is not usable", error) from None
        return cls(pulumi.get_stack(), integrations, opts)

    def _integration(self, name: str, entry: EnvironmentIntegrationArgs) -> RootFiIntegration:
        arguments = {key: value for key, value in entry.items() if key in ARGUMENTS}
        return RootFiIntegration(
            name,
            **cast("RootFiIntegrationArgs", arguments),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=entry.get("protect"),
                retain_on_delete=entry.get("retain_on_delete"),
            ),
        )


def _refused(what: str, error: ConfigError) -> pulumi.RunError:
    mistakes = "".join(f"\n  {problem}" for problem in error.problems)
    return pulumi.RunError(f"{what}:{mistakes}")


def _summary(integration: RootFiIntegration) -> pulumi.Output[IntegrationSummary]:
    names = ("rootfi_id", *(member.name for member in MEMBERS if member.is_summarised))
    outputs = pulumi.Output.all(**{name: getattr(integration, name) for name in names})
    return cast("pulumi.Output[IntegrationSummary]", outputs)
