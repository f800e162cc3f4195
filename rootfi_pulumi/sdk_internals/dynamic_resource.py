"""Names the provider to the SDK's plugin for dynamic resources without pulumi.dynamic.Resource.

That class pickles the provider, and with it this package's code, once for each resource. The pickle here is
written by hand and refers to the provider's class: it outlives changes of the code, holds no key, and needs
no provider in the program.
"""

from base64 import b64encode

from rootfi_pulumi.state import PROVIDER_CLASS, PROVIDER_MODULE

PROVIDER_INPUT = "__provider"
"""The input in which the SDK's plugin looks for the provider."""
# Global, empty tuple, call, end: the opcodes by which an unpickler imports the class and calls it.
PROVIDER = b64encode(f"c{PROVIDER_MODULE}\n{PROVIDER_CLASS}\n)R.".encode()).decode()
"""The value of that input."""
