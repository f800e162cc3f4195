"""RootFi's integrations API over HTTP: endpoints, errors, retries, rate limit, redaction.

Nothing here knows Pulumi, stack files or the emulator: they build on this package. This file imports nothing,
so that the program can read `models` without loading requests.
"""
