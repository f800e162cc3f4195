"""The component that holds a stack's integrations."""

from typing import TYPE_CHECKING, Any, Self

import pulumi

from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.program.create_guard import run_guard
from rootfi_pulumi.program.integration import RootFiIntegration
from rootfi_pulumi.program.stack_config import read_stack_config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rootfi_pulumi.declaration.model import IntegrationConfig


class Environment(pulumi.ComponentResource):
    """A component with one RootFiIntegration for each entry of a declaration, named as the entry is.

    A program makes it by `from_stack_config`; `protect` and `retain_on_delete` of an entry become the
    resource's options.
    """

    integrations: dict[str, RootFiIntegration]
    """The resources, by the names of their entries."""
    summary: pulumi.Output[dict[str, dict[str, Any]]]
    """To export: by name, `rootfi_id`, `integration_type`, `client_id`, `is_disabled`; no secret."""

    def __init__(
        self,
        name: str,
        integrations: "Mapping[str, IntegrationConfig]",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        # Before the component, so that the guard sees what is declared in it.
        guard = run_guard()
        if integrations:
            guard.start_plugin(opts)
        super().__init__("rootfi:index:Environment", name, None, opts)
        self.integrations = {key: self._integration(key, entry) for key, entry in integrations.items()}
        summaries = {key: _summary(made) for key, made in self.integrations.items()}
        # Of no outputs, Output.all would make a list.
        self.summary = pulumi.Output.all(**summaries) if summaries else pulumi.Output.from_input({})
        self.register_outputs({"integrations": self.summary})

    @classmethod
    def from_stack_config(cls, opts: pulumi.ResourceOptions | None = None) -> Self:
        """Make what the stack's `rootfi:integrations` declares; the component is named after the stack.

        The stack's key and settings apply, whatever the project is called. `{}` declares none.

        Raises pulumi.RunError, which ends the run before anything is registered, with every mistake in a
        line of its own.
        """
        try:
            integrations = read_stack_config().integrations()
        except ConfigError as error:
            mistakes = "".join(f"\n  {problem}" for problem in error.problems)
            raise pulumi.RunError(
                f"the config of stack {pulumi.get_stack()} is not usable:{mistakes}"
            ) from None
        return cls(pulumi.get_stack(), integrations, opts)

    def _integration(self, name: str, entry: "IntegrationConfig") -> RootFiIntegration:
        secret = entry.client_secret
        return RootFiIntegration(
            name,
            integration_type=entry.integration_type,
            client_id=entry.client_id,
            client_secret=secret if isinstance(secret, FromEnv) else secret.get_secret_value(),
            is_rootfi_identity=entry.is_rootfi_identity,
            is_disabled=entry.is_disabled,
            adopt=entry.adopt,
            opts=pulumi.ResourceOptions(
                parent=self, protect=entry.protect, retain_on_delete=entry.retain_on_delete
            ),
        )


def _summary(integration: RootFiIntegration) -> pulumi.Output[dict[str, Any]]:
    return pulumi.Output.all(
        rootfi_id=integration.rootfi_id,
        integration_type=integration.integration_type,
        client_id=integration.client_id,
        is_disabled=integration.is_disabled,
    )
