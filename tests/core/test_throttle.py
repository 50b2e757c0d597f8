from datetime import timedelta

import pytest

from aftercare.core import throttle
from aftercare.core.db import transaction
from aftercare.core.errors import TooMany


def take(times=3):
    with transaction():
        throttle.take("sign-in:1", times=times, per_seconds=60, sentence="Wait a minute.")


def test_as_many_as_allowed_pass_and_one_more_is_refused(app, monday):
    for _ in range(3):
        take()

    with pytest.raises(TooMany) as refusal:
        take()
    assert 0 < refusal.value.retry_after <= 60


def test_after_a_while_one_more_passes(app, monday, hold):
    for _ in range(3):
        take()
    hold(monday + timedelta(seconds=20))

    take()
    with pytest.raises(TooMany):
        take()


def test_another_key_has_its_own_count(app, monday):
    for _ in range(3):
        take()

    with transaction():
        throttle.take("sign-in:2", times=1, per_seconds=60, sentence="Wait a minute.")


def test_a_forgotten_key_starts_afresh(app, monday):
    for _ in range(3):
        take()
    with transaction():
        throttle.forget("sign-in:1")

    take()
