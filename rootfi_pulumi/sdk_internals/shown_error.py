"""Makes an error that the user sees without the path of its class.

The SDK passes what a dynamic provider raises to the engine as Python's traceback. `sys.tracebacklimit = 0`,
set in `plugin_process`, leaves `module.Class: text` of it, and Python leaves out the module of a built-in
class. So an error of such a class, whose name is the beginning of a message, is shown as that message.

If the SDK shows errors in another way, messages get another beginning. The program then no longer sees that a
failed create certainly created nothing. It notes the create, and the next run asks to look for it: safe, but
tedious.
"""


def make_shown_error(beginning: str, text: str) -> Exception:
    """Return an error that the user sees as `beginning: text`."""
    # Python accepts any name for a class but one with a NUL.
    shown: type[Exception] = type(beginning.replace("\0", ""), (Exception,), {"__module__": "builtins"})
    return shown(text)
