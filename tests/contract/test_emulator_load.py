"""The requests of many stacks at once, from several processes and many threads."""

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from rootfi_pulumi.emulator import Emulator
from tests.support.contract.load import create_and_read
from tests.support.patience import PATIENCE

PROCESSES = 4
SIZES = [200] + [17] * 20


def test_no_request_of_21_stacks_at_once_is_lost_or_answered_twice(emulator: Emulator) -> None:
    stacks = {
        emulator.add_organisation(): [f"stack-{number}-client-{each}" for each in range(size)]
        for number, size in enumerate(SIZES)
    }
    # A forked process would inherit this process's server.
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        running = {
            key: pool.submit(create_and_read, emulator.url, key, client_ids)
            for key, client_ids in stacks.items()
        }
        answers = {key: future.result(PATIENCE) for key, future in running.items()}

    sent = sorted(client_id for client_ids in stacks.values() for client_id in client_ids)
    posts = [request for request in emulator.requests if request.method == "POST"]
    assert sorted(request.body["client_id"] for request in posts) == sent
    ids = [created.rootfi_id for answered in answers.values() for created, _ in answered]
    assert Counter(emulator.calls) == {
        "POST /integrations": sum(SIZES),
        **{f"GET /integrations/{rootfi_id}": 1 for rootfi_id in ids},
    }
    for key, answered in answers.items():
        assert [created.client_id for created, _ in answered] == stacks[key]
        assert [read for _, read in answered] == [created for created, _ in answered]
        stored = [
            (integration.client_id, integration.rootfi_id) for integration in emulator.integrations(key)
        ]
        assert sorted(stored) == sorted((created.client_id, created.rootfi_id) for created, _ in answered)
