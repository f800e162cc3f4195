"""The resource and the provider that a Pulumi program names."""

from typing import Any, NoReturn

import pulumi
from pulumi import Output

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL, CONCURRENCY, TIMEOUT
from rootfi_pulumi.program.adoptions import announce_adoption
from rootfi_pulumi.program.args import FromEnvDict, Input
from rootfi_pulumi.program.create_guard import run_guard
from rootfi_pulumi.program.secret_input import mocked_secret_input, plain_input, secret_input
from rootfi_pulumi.program.unfinished import fail_if_unfinished
from rootfi_pulumi.sdk_internals.dynamic_resource import PROVIDER, PROVIDER_INPUT
from rootfi_pulumi.sdk_internals.mocked_run import is_mocked
from rootfi_pulumi.state import (
    CLIENT_SECRET_SHOWN,
    CLIENT_SECRET_VERSION,
    DIFFERS_IN,
    INTEGRATION,
    PROVIDER_NAME,
    PROVIDER_PACKAGE,
    UNFINISHED,
)

# None asks the SDK for an output of this name.
_OUTPUTS: dict[str, Any] = dict.fromkeys(
    (
        CLIENT_SECRET_VERSION,
        "rootfi_id",
        "rootfi_created_at",
        "rootfi_updated_at",
        "metadata",
        UNFINISHED,
        DIFFERS_IN,
    )
)


class RootFiIntegration(pulumi.CustomResource):
    """An integration of a RootFi organisation with an accounting platform.

    RootFi cannot delete an integration, so deleting the resource disables it.

    `pulumi import`, the option `import_` and `RootFiIntegration.get` are not supported. To manage an existing
    integration, pass its `rootfi_id` as `adopt`.

    See https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations
    """

    integration_type: Output[str]
    """The platform."""
    client_id: Output[str]
    """Client id of the OAuth application."""
    client_secret: Output[Any]
    """The secret, as a Pulumi secret. For `FromEnv`: `{"from_env": name, "digest": salted hash}`."""
    client_secret_version: Output[int]
    """How often the secret has changed, from 1. A preview shows it, since it hides the secrets themselves."""
    is_rootfi_identity: Output[bool]
    """Whether RootFi's own OAuth application is used."""
    is_disabled: Output[bool]
    """Whether the integration is switched off at RootFi."""
    adopt: Output[int | None]
    """The `adopt` argument."""
    rootfi_id: Output[int | None]
    """RootFi's id, from 1. None while it is unknown whether RootFi created the integration."""
    rootfi_created_at: Output[str | None]
    """When RootFi created it: ISO 8601 text, such as `2026-11-24T09:30:00.000Z`. None if RootFi sent none."""
    rootfi_updated_at: Output[str | None]
    """When RootFi last changed it: ISO 8601 text. None if RootFi sent none."""
    metadata: Output[dict[str, Any] | None]
    """What RootFi keeps with it: a JSON object of undocumented members. None if RootFi sent none."""
    unfinished: Output[str | None]
    """When and why an `up` could not finish the create. None when nothing is left.

    While it is set, every `pulumi up` fails after its other creates and updates, and lists what to do.
    """
    differs_in: Output[list[str] | None]
    """Members in which RootFi's values differed from the declaration when the integration was adopted.

    The `pulumi up` that adopts changes nothing, and fails with their names after its other creates and
    updates. The next `up` applies the declaration. Members that `ignore_changes` names do not count.
    """

    def __init__(  # noqa: PLR0913 (one parameter for each member of RootFi's request)
        self,
        name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        integration_type: Input[IntegrationType | str],
        client_id: Input[str],
        client_secret: Input[str | FromEnv | FromEnvDict],
        is_rootfi_identity: Input[bool] = False,
        is_disabled: Input[bool] = False,
        adopt: Input[int | None] = None,
    ) -> None:
        """Create a RootFiIntegration with the given name, options and arguments.

        A bad value fails the run with a line `member: what is wrong` for each, before RootFi is asked.

        Raises pulumi.RunError for the options `import_` and `id`, and if the stack's `rootfi:apiKey` is in
        plain text; ValueError for a `from_env` that is not the name of an environment variable.

        :param str name: The name of the resource.
        :param pulumi.ResourceOptions opts: Options for the resource.
        :param pulumi.Input[IntegrationType | str] integration_type: The platform. Changing it replaces the
               integration.
        :param pulumi.Input[str] client_id: Client id of the OAuth application at the platform.
        :param pulumi.Input[str | FromEnv | FromEnvDict] client_secret: Secret of the OAuth
               application, kept as a Pulumi secret. The value of a `FromEnv` is never stored.
        :param pulumi.Input[bool] is_rootfi_identity: Use RootFi's own OAuth application. Default: False.
        :param pulumi.Input[bool] is_disabled: Switch the integration off at RootFi. Default: False.
        :param pulumi.Input[int | None] adopt: The `rootfi_id` of an existing integration to manage instead of
               creating one. Default: None.
        """
        if opts and (opts.import_ or opts.id):
            raise _unsupported(f"integration {name}: the option `{'import_' if opts.import_ else 'id'}`")
        props = {
            "integration_type": integration_type,
            "client_id": client_id,
            "client_secret": client_secret,
            "is_rootfi_identity": is_rootfi_identity,
            "is_disabled": is_disabled,
            "adopt": adopt,
            **_OUTPUTS,
        }
        if is_mocked():
            self._declare_mocked(name, props, opts)
        else:
            self._declare(name, props, opts)

    def _declare_mocked(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        # Nothing of what a run does around a create: a unit test has no engine, state or plugin.
        props["client_secret"] = mocked_secret_input(props["client_secret"])
        super().__init__(INTEGRATION, name, props, opts)
        self.client_secret = Output.secret(self.client_secret)

    def _declare(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        guard = run_guard()
        guard.start_plugin(opts)
        props[PROVIDER_INPUT] = guard.in_time(PROVIDER)
        props["client_secret"] = secret_input(props["client_secret"])
        # The digest of a mask may give away the part of the secret that the mask shows.
        own = pulumi.ResourceOptions(hooks=guard.hooks, additional_secret_outputs=[CLIENT_SECRET_SHOWN])
        merged = pulumi.ResourceOptions.merge(opts, own)
        super().__init__(INTEGRATION, name, props, merged)
        guard.note(self)
        announce_adoption(self, guard)
        fail_if_unfinished(self, guard, merged.ignore_changes or [])

    @classmethod
    def get(
        cls,
        resource_name: str,  # noqa: ARG003 (the parameters are those of every `get`)
        id: Input[str],  # noqa: A002, ARG003
        opts: pulumi.ResourceOptions | None = None,  # noqa: ARG003
    ) -> NoReturn:
        """Raise pulumi.RunError: to manage an existing integration, pass its `rootfi_id` as `adopt`.

        :param str resource_name: Not used.
        :param pulumi.Input[str] id: Not used.
        :param pulumi.ResourceOptions opts: Not used.
        """
        raise _unsupported("RootFiIntegration.get")


class RootFiProvider(pulumi.ProviderResource):
    """A RootFi organisation other than the stack's, for resources that name it in their option `provider`.

    Messages call it by its name. The stack's `rootfi:` settings and `ROOTFI_API_KEY` do not apply to it.
    """

    def __init__(  # noqa: PLR0913 (one parameter for each setting)
        self,
        name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        api_key: Input[str],
        base_url: Input[str] | None = None,
        timeout_seconds: Input[float] | None = None,
        concurrency: Input[int] | None = None,
    ) -> None:
        """Create a RootFiProvider with the given name, options and arguments.

        A bad value fails each resource that names the provider, in one line, before RootFi is asked.

        :param str name: The name of the provider.
        :param pulumi.ResourceOptions opts: Options for the provider.
        :param pulumi.Input[str] api_key: Key of the organisation. It becomes a Pulumi secret.
        :param pulumi.Input[str] base_url: Address of the API: https, or http for this machine. Default:
               `ROOTFI_BASE_URL`, else `https://api.rootfi.dev`.
        :param pulumi.Input[float] timeout_seconds: Seconds that one call may take with its retries and waits,
               1 to 3600. Default: 120.
        :param pulumi.Input[int] concurrency: Calls under way at most, 4 to 64. Default: 32.
        """
        props = {
            API_KEY.key: plain_input(api_key) if is_mocked() else Output.secret(api_key),
            BASE_URL.key: base_url,
            TIMEOUT.key: _text_input(timeout_seconds),
            CONCURRENCY.key: _text_input(concurrency),
            PROVIDER_NAME: name,
        }
        super().__init__(PROVIDER_PACKAGE, name, props, opts)


def _text_input(number: Input[float] | None) -> Output[str] | None:
    return None if number is None else Output.from_input(number).apply(str)


def _unsupported(what: str) -> pulumi.RunError:
    return pulumi.RunError(
        f"{what} is not supported. To manage an existing integration, pass `adopt=<its rootfi_id>`."
    )
