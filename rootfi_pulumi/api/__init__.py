"""RootFi's integrations API over HTTP; knows nothing of Pulumi.

Nothing is imported here: the program reads `models` without ever loading `requests`.
"""
