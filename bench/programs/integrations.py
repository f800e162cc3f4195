"""A user's program with BENCH_SIZE integrations."""

import os

import pulumi

from rootfi_pulumi import RootFiIntegration

for number in range(int(os.environ["BENCH_SIZE"])):
    RootFiIntegration(
        f"resource-{number}",
        integration_type="XERO",
        client_id=f"client-{number}",
        client_secret=pulumi.Output.secret(f"secret-of-client-{number}"),
    )
