import stat
from datetime import UTC, datetime

import pytest

from aftercare import config
from aftercare.demo import surroundings


def prepared(folder, **given):
    return surroundings.prepare(folder, **{"port": 8000, "is_fresh": False} | given)


def test_the_settings_of_a_new_demo_are_whole_and_only_its_owner_reads_them(tmp_path):
    settings = config.read(prepared(tmp_path / "demo", port=8123))

    assert (settings.is_demo, settings.sms, settings.base_url) == (True, "simulator", "http://127.0.0.1:8123")
    assert stat.S_IMODE((tmp_path / "demo" / "settings.env").stat().st_mode) == 0o600


def test_a_second_start_keeps_the_keys(tmp_path):
    first, second = (config.read(prepared(tmp_path)) for _ in range(2))

    assert (first.secret_key, first.encryption_keys) == (second.secret_key, second.encryption_keys)


def test_a_fresh_start_makes_new_keys_and_touches_nothing_else_in_the_folder(tmp_path):
    before = config.read(prepared(tmp_path)).secret_key
    (tmp_path / "letter.txt").write_text("mine")

    after = config.read(prepared(tmp_path, is_fresh=True)).secret_key

    assert after != before
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_settings_of_a_real_installation_never_reach_the_demo(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERCARE_SMS", "twilio")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "secret")

    environment = prepared(tmp_path)

    assert environment["AFTERCARE_SMS"] == "simulator"
    assert "TWILIO_AUTH_TOKEN" not in environment


@pytest.mark.parametrize("hour", [0, 7, 15, 23])
def test_the_demo_begins_at_four_in_the_afternoon_whatever_the_hour(hour):
    now = datetime(2026, 11, 23, hour, 12, tzinfo=UTC)

    begins = datetime.fromtimestamp(now.timestamp() + surroundings.seconds_to_afternoon(now), UTC)

    assert (begins.hour, begins.minute) == (23, 0)
