"""The provider and the client against servers on real sockets, without the real engine.

`plugin` configures a provider as a new plugin process does, `engine` applies declarations to it, and the
servers answer it in ways that the emulator cannot.
"""
