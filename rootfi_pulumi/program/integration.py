"""The resource and the provider that a Pulumi program names."""

from typing import Any

import pulumi
from pulumi import Input, Output

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL, CONCURRENCY, TIMEOUT
from rootfi_pulumi.program.create_guard import Guard, run_guard
from rootfi_pulumi.sdk_internals.dynamic_resource import PROVIDER, PROVIDER_INPUT
from rootfi_pulumi.sdk_internals.ignore_changes import named_members
from rootfi_pulumi.state import CLIENT_SECRET_SHOWN, INTEGRATION, PROVIDER_NAME, URN, name_of


class RootFiIntegration(pulumi.CustomResource):
    """An integration of a RootFi organisation with an accounting platform.

    Arguments, each a `pulumi.Input`:

    - `integration_type`: an `IntegrationType` or its text; changing it replaces the integration.
    - `client_id`, `client_secret`: the OAuth application's, from the platform; text without white space
      at its ends or line breaks, of 64 KiB at most. The secret is a Pulumi secret however it is passed;
      `FromEnv("NAME")` keeps it out of the state as well.
    - `is_rootfi_identity`: use RootFi's own OAuth application. Default False.
    - `is_disabled`: switch it off at RootFi. Default False.
    - `adopt`: the `rootfi_id` of an existing integration to manage instead of creating one. Default None.
    - `opts`: Pulumi's options. `provider` names another organisation, `protect` refuses to delete,
      `retain_on_delete` forgets instead of disabling, `ignore_changes` leaves members as RootFi has them.

    Outputs are the arguments and those below. Destroying disables: RootFi cannot delete.

    Nothing is raised here for a bad value: the engine has it checked, and the run fails with a line
    `member: what is wrong` for each, before RootFi is asked. Raises pulumi.RunError if the stack's
    API key is in plain text.

    Rests on https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations
    """

    integration_type: Output[str]
    client_id: Output[str]
    client_secret: Output[Any]
    """A secret: the text, or for `FromEnv` `{"from_env": name, "digest": salted hash}`."""
    client_secret_version: Output[int]
    """How often the secret has been changed, from 1: two secrets look the same in a preview."""
    is_rootfi_identity: Output[bool]
    is_disabled: Output[bool]
    adopt: Output[int | None]
    rootfi_id: Output[int]
    """RootFi's id, from 1; none while a create is unfinished."""
    rootfi_created_at: Output[str]
    """RootFi's ISO 8601 text, such as `2026-11-24T09:30:00.000Z`."""
    rootfi_updated_at: Output[str]
    """RootFi's ISO 8601 text; each change moves it."""
    metadata: Output[dict[str, Any]]
    """What RootFi keeps beside the integration: a JSON object whose members it does not document."""
    unfinished: Output[str | None]
    """What is still to be done after an `up` that could not finish, with the command; else None.

    While it is set, every `pulumi up` fails with it, after its other creates and updates.
    """
    differs_in: Output[list[str] | None]
    """Members in which RootFi showed other values than declared when it was adopted, until an `up` sets them.

    The `pulumi up` that adopts changes nothing, and fails with their names after its other creates and
    updates. Those that `ignore_changes` names do not count.
    """

    def __init__(  # noqa: PLR0913 (one parameter for each member of RootFi's request)
        self,
        name: str,
        *,
        integration_type: Input[IntegrationType | str],
        client_id: Input[str],
        client_secret: Input[str | FromEnv],
        is_rootfi_identity: Input[bool] = False,
        is_disabled: Input[bool] = False,
        adopt: Input[int | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        guard = run_guard()
        guard.start_plugin(opts)
        props = {
            PROVIDER_INPUT: guard.in_time(PROVIDER),
            "integration_type": integration_type,
            "client_id": client_id,
            "client_secret": _secret_input(client_secret),
            "is_rootfi_identity": is_rootfi_identity,
            "is_disabled": is_disabled,
            "adopt": adopt,
            # None asks the SDK for an output of this name.
            "client_secret_version": None,
            "rootfi_id": None,
            "rootfi_created_at": None,
            "rootfi_updated_at": None,
            "metadata": None,
            "unfinished": None,
            "differs_in": None,
        }
        # The digest of a mask may give away the part of the secret that the mask shows.
        own = pulumi.ResourceOptions(hooks=guard.hooks, additional_secret_outputs=[CLIENT_SECRET_SHOWN])
        merged = pulumi.ResourceOptions.merge(opts, own)
        super().__init__(INTEGRATION, name, props, merged)
        guard.note(self)
        # Any, since apply's own types do not tell what an awaitable yields.
        landed: Any = _landed
        ignored = merged.ignore_changes or []
        self.unfinished.apply(lambda unfinished: landed(self, guard, ignored, unfinished))


class RootFiProvider(pulumi.ProviderResource):
    """A RootFi organisation other than the stack's, for resources that name it in `opts.provider`.

    Messages call it by its `name`. Arguments, each a `pulumi.Input`; the stack's own `rootfi:` settings and
    `ROOTFI_API_KEY` do not apply:

    - `api_key`: the organisation's; it becomes a secret.
    - `base_url`: https, or http on this machine. Default `ROOTFI_BASE_URL`, else `https://api.rootfi.dev`.
    - `timeout_seconds`: what one call may take with its repetitions and waits, 1 to 3600. Default 120.
    - `concurrency`: how many calls may be under way at most, 4 to 64. Default 32.

    A bad value fails each resource that names the provider, in one line, before RootFi is asked.
    """

    def __init__(  # noqa: PLR0913 (one parameter for each setting)
        self,
        name: str,
        *,
        api_key: Input[str],
        base_url: Input[str] | None = None,
        timeout_seconds: Input[float] | None = None,
        concurrency: Input[int] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {
            API_KEY.key: Output.secret(api_key),
            BASE_URL.key: base_url,
            TIMEOUT.key: _text_input(timeout_seconds),
            CONCURRENCY.key: _text_input(concurrency),
            PROVIDER_NAME: name,
        }
        super().__init__("pulumi-python", name, props, opts)


def _text_input(number: Input[float] | None) -> Output[str] | None:
    return None if number is None else Output.from_input(number).apply(str)


def _secret_input(client_secret: Input[str | FromEnv]) -> Any:
    if isinstance(client_secret, FromEnv):
        return _from_env_input(client_secret)
    secret: Output[Any] = Output.secret(client_secret)
    return secret.apply(lambda value: _from_env_input(value) if isinstance(value, FromEnv) else value)


def _from_env_input(variable: FromEnv) -> dict[str, Any]:
    # The engine encrypts what is secret here, so the digest that `check` puts in its place is too.
    return {"from_env": variable.name, "digest": Output.secret("")}


async def _landed(
    resource: RootFiIntegration, guard: Guard, ignored: list[str], unfinished: str | None
) -> str:
    urn = await resource.urn.future() or ""
    name = name_of(urn)
    adopted_now = guard.is_created(urn)
    await guard.registered(urn)
    if unfinished:
        left = f" {unfinished.replace(URN, urn)}"
    elif differing := adopted_now and await _differing(resource, ignored):
        differs = "differ" if "," in differing else "differs"
        left = (
            f": adopted as {await resource.id.future()}, but {differing} {differs} from your declaration: "
            "run `pulumi up` again to apply it"
        )
    else:
        return name
    message = f"integration {name} is unfinished{left}"
    if pulumi.runtime.is_dry_run():
        pulumi.log.warn(message, resource)
        return name
    pulumi.log.error(message, resource)
    # The other changes of the run go on: it fails when they have landed.
    await guard.all_registered()
    raise pulumi.RunError(f"integration {name} is unfinished: the message at it says what to do")


async def _differing(resource: RootFiIntegration, ignored: list[str]) -> str:
    members = await resource.differs_in.future() or []
    kept = named_members(members, ignored)
    return ", ".join(member for member in members if member not in kept)
