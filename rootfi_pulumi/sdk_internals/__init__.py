"""Each use of something that Pulumi's SDK or engine does not document, and nothing else.

Checked with Pulumi's SDK 3.272.0, the lowest that `pyproject.toml` allows, and the engine 3.274.1. Read this
list again whenever one of them moves. "Without" says what happens if what a module rests on is missing or has
another type: `tests/e2e/test_changed_sdk.py` runs the real engine with an SDK that was changed, and
`tests/unit/sdk_internals` has the other cases.

What the plugin rests on:

- `dynamic_resource`: the input `__provider`, a pickle that the SDK's plugin loads; a resource that is
  registered without `dynamic.Resource.__init__`. Buys: 170 bytes less of 3,000 for each integration in a
  state that is written twice for each create, no pickling of code, a provider in states that survives changes
  of the code. Without: every check fails before RootFi is asked, and nothing is created.
- `thread_pool`: a thread's `_args` and a pool's `_max_workers`. Buys: as many requests at a time as
  `--parallel`, up to `rootfi:concurrency`. Without: four.
- `engine_pipe`: the engine reads file descriptor 1 for as long as it lives. Buys: a plugin ends with its
  killed engine. Without, and elsewhere than on Linux: the plugin waits for the engine's server to go, or if
  descriptor 1 is no pipe runs on for ever, as other dynamic providers' plugins do.
- `engine_connection`: the engine learns of a plugin's death when its connection closes. Buys: the time to
  note a create whose plugin died. Without: the program's error hook notes it, as it does elsewhere than on
  Linux.
- `engine_process`: the plugin's first argument is the address of the engine's server, and the program's
  client has it in `Log._channel`. Buys: the plugin asks the program before each create; a run that cannot
  note a create ends its engine; the state of an inline program is read where its engine is. Without: the hook
  alone decides, and the watching process ends nothing; the message says so.
- `plugin_process`: the plugin's `__main__` is `pulumi.dynamic.__main__`; the SDK shows
  `traceback.format_exc()`, which obeys `sys.tracebacklimit`. Buys: errors of one line, and all that runs in
  the plugin alone. Without: the user sees a traceback, in which every secret is redacted, and the hook alone
  guards creates.
- `sdk_call`: the engine's message and its call are the variables `request` and `context` of the SDK's
  methods. Buys: `ignore_changes` that also keeps what only RootFi has, the URN in the plugin's question, and
  the moment in which the engine has an answer. Without: the engine's own `ignore_changes`, the hook alone,
  and the end of the POST.
- `shown_error`: `traceback` leaves out the module of a built-in class. Buys: an error begins with what
  failed, not with the path of a class. Without: it begins with that path, and a create that certainly failed
  is noted as one that RootFi may have.
- `unknown`: the object for a value that a preview does not know. Buys: such a value is not refused. Without:
  the text that earlier SDKs gave is recognised too; for anything else the preview refuses the value.

What the program rests on:

- `monitor`: `settings.get_monitor`, the client by which the next two ask the engine, and which identifies a
  run. Without: the run is identified by its event loop, and the next two do nothing.
- `mocked_run`: `pulumi.runtime.set_mocks` makes a `mocks.MockEngine` the engine's client. Buys: a mocked unit
  test starts no guard, which asks the engine, and needs no variable of `from_env`. Without: a mocked test is
  guarded like a run, so it fails where no event loop runs.
- `whole_config`: `config.CONFIG` is the context variable that `set_all_config` sets. Buys: unknown settings
  and plain secrets are also found in the config of an inline program. Without: only in that of a program
  which the engine starts, as `PULUMI_CONFIG`.
- `plugin_start`: any invoke makes the engine start the plugin. Buys: the plugin loads while the program
  declares, up to a fifth of a small `up` where there are two processors. Without: it starts when the program
  has ended.
- `state_writer`: `RegisterResourceOutputs` may be sent on any thread. Buys: a note of a create whose plugin
  died, even if each worker of the engine waits. Without: the run ends its engine, and the create stays
  pending in the state.
- `await_registrations`: `settings.SETTINGS.rpc_manager.rpcs` is a list of awaitables. Buys: the SDK waits
  once for each resource, 2 s of an `up` of 500. Without: as slow as any other program (the wait is that of
  https://github.com/pulumi/pulumi/pull/22411).

Elsewhere, since it is a format or a behaviour and no access to internals, and tests on the real engine hold
it: `state` has the types and inputs that states name (`pulumi-python` is the package of dynamic providers);
`project.earlier_runs` reads `pending_operations` and the time in `pulumi stack export`;
`program.create_journal` ends the engine, which keeps its pending operations; `cli.doctor.tools` asks a
language host for its version as the engine does, and `cli.doctor.interpreters` finds Python as it does;
`cli.report` reads the engine's events and the default provider's URN; `program.stack_state` knows the
organization of backends that have none; `project.engine_yaml` has the rules of the engine's YAML.
`pulumi.runtime` exports what the program uses of it; `PULUMI_OPTION_CONFIG_FILE` is documented.
"""
