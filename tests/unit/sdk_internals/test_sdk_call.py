from typing import Any

import pytest

from rootfi_pulumi.sdk_internals.sdk_call import ignored_paths, variable_of_caller
from tests.support.contract.sdk_call import call


def test_ignored_paths_are_those_of_the_engine() -> None:
    assert call(ignored_paths, ignored=["client_id", "*"]) == ("client_id", "*")


@pytest.mark.parametrize("request_", [None, object(), {"ignoreChanges": ["client_id"]}])
def test_ignored_paths_without_the_message_are_none(request_: Any) -> None:
    request = request_
    assert ignored_paths() == ()
    assert request is request_


def test_variable_is_that_of_the_nearest_caller_with_member() -> None:
    def nearest() -> Any:
        context = "no call"
        return variable_of_caller("context", "real"), context

    context = 3
    assert nearest()[0] == context
