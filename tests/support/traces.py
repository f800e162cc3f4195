"""States in which earlier runs left each trace of a create, as `pulumi stack export` shows them."""

import json
from datetime import UTC, datetime
from typing import Any

from rootfi_pulumi.project.earlier_runs import EarlierRuns

TYPE = "pulumi-python:dynamic/rootfi:RootFiIntegration"
XERO = f"urn:pulumi:dev::rootfi::{TYPE}::xero"
OTHER = f"urn:pulumi:dev::rootfi::some:index:Component${TYPE}::xero"
JOURNAL = "urn:pulumi:dev::rootfi::rootfi:index:CreateJournal::rootfi"
INPUTS = {"integration_type": "XERO", "client_id": "xero-app", "client_secret": "hunter2"}
STARTED = datetime(2026, 11, 24, 12, tzinfo=UTC)
OPERATION = {"type": "creating", "resource": {"urn": XERO, "type": TYPE}}


def earlier(**deployment: Any) -> EarlierRuns:
    deployment["manifest"] = {"time": "2026-11-24T11:59:59.123456789Z"}
    return EarlierRuns.parse(json.dumps({"version": 3, "deployment": deployment}), STARTED)


NOTHING = earlier()
PENDING = earlier(pending_operations=[OPERATION])
UPDATING = earlier(pending_operations=[{"type": "updating", "resource": {"urn": XERO, "type": TYPE}}])
ENTRY = {"urn": JOURNAL, "type": "rootfi:index:CreateJournal", "outputs": {"interrupted": [XERO]}}
MARKED = earlier(resources=[ENTRY])
MANAGED = earlier(resources=[{"urn": XERO, "type": TYPE, "id": "1234"}])
