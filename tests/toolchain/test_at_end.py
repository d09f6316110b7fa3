"""
at_end
├── its checks are made when the body is done, before any fixture ends
├── and not when the body failed: then that is what is told
└── a check that fails fails the test
"""

from types import SimpleNamespace

import pytest

from tests.conftest import CHECKS, pytest_pyfunc_call


@pytest.fixture
def order():
    told = []
    yield told
    assert told == ["body", "check"]


def test_at_end__checks__come_between_the_body_and_the_end_of_fixtures(order, at_end):
    at_end(lambda: order.append("check"))
    order.append("body")


def item(*checks):
    return SimpleNamespace(stash={CHECKS: list(checks)})


def wrapped(*checks):
    """The hook around a body that is about to end."""
    wrapper = pytest_pyfunc_call(item(*checks))
    next(wrapper)
    return wrapper


def test_at_end__failed_body__is_what_is_told():
    made = []
    wrapper = wrapped(lambda: made.append(1))
    with pytest.raises(ValueError, match="the body's"):
        wrapper.throw(ValueError("the body's"))
    assert made == []


def test_at_end__failed_check__fails_the_test():
    def check():
        raise AssertionError("the check's")

    wrapper = wrapped(check)
    with pytest.raises(AssertionError, match="the check's"):
        wrapper.send(True)
