import pytest

from aftercare import config
from aftercare.core.crypto import new_key
from aftercare.core.errors import Misconfigured

WHOLE = {
    "AFTERCARE_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789",
    "AFTERCARE_ENCRYPTION_KEYS": new_key(1),
}
TWILIO = {
    "AFTERCARE_SMS": "twilio",
    "AFTERCARE_BASE_URL": "https://meet.example.org",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "first, second",
    "TWILIO_MESSAGING_SERVICE_SID": "MG1",
}


def test_two_secrets_are_all_that_must_be_set():
    settings = config.read(WHOLE)

    assert settings.database_url.startswith("sqlite:///")
    assert (settings.sms, settings.is_demo, settings.trusted_proxies) == ("simulator", False, 0)


def test_two_carrier_tokens_are_read_while_they_are_being_changed():
    assert config.read(WHOLE | TWILIO).twilio_auth_tokens == ("first", "second")


@pytest.mark.parametrize(
    ("given", "pace"),
    [
        ({}, 0),
        (TWILIO, 1),
        (TWILIO | {"AFTERCARE_SMS_PER_SECOND": "40"}, 40),
        (TWILIO | {"AFTERCARE_SMS_PER_SECOND": "0"}, 0),
    ],
)
def test_a_real_number_sends_one_text_a_second_unless_told_otherwise(given, pace):
    assert config.read(WHOLE | given).texts_per_second == pace


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"AFTERCARE_SECRET_KEY": ""}, "AFTERCARE_SECRET_KEY"),
        ({"AFTERCARE_SECRET_KEY": "a" * 40}, "AFTERCARE_SECRET_KEY"),
        ({"AFTERCARE_ENCRYPTION_KEYS": ""}, "aftercare keys new"),
        ({"AFTERCARE_SMS": "pigeon"}, "AFTERCARE_SMS"),
        ({"AFTERCARE_TWILIO_KEYWORDS": "both"}, "AFTERCARE_TWILIO_KEYWORDS"),
        ({"AFTERCARE_LOG": "xml"}, "AFTERCARE_LOG"),
        ({"AFTERCARE_BASE_URL": "meet.example.org"}, "AFTERCARE_BASE_URL"),
        ({"AFTERCARE_WORKER_CONCURRENCY": "many"}, "AFTERCARE_WORKER_CONCURRENCY"),
        ({"AFTERCARE_TRUSTED_PROXIES": "-1"}, "AFTERCARE_TRUSTED_PROXIES"),
        ({"AFTERCARE_SMS_PER_DAY": "some"}, "AFTERCARE_SMS_PER_DAY"),
        ({"AFTERCARE_METRICS_TOKEN": "short"}, "AFTERCARE_METRICS_TOKEN"),
        ({"AFTERCARE_SMTP_URL": "mail.example.org"}, "AFTERCARE_SMTP_URL"),
        ({"AFTERCARE_SMTP_URL": "smtp://mail.example.org"}, "AFTERCARE_MAIL_FROM"),
        ({"AFTERCARE_ENV_FILE": "/nowhere/at/all"}, "AFTERCARE_ENV_FILE"),
        (TWILIO | {"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        (TWILIO | {"TWILIO_MESSAGING_SERVICE_SID": ""}, "TWILIO_FROM"),
        (TWILIO | {"AFTERCARE_BASE_URL": "http://127.0.0.1:8000"}, "https://"),
        (TWILIO | {"AFTERCARE_DEMO": "1"}, "AFTERCARE_DEMO"),
    ],
)
def test_a_missing_or_weak_setting_stops_the_start_with_a_sentence(given, said):
    with pytest.raises(Misconfigured, match=said):
        config.read(WHOLE | given)


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / "settings.env"
    file.write_text('# ours\nAFTERCARE_LOG="json"\nAFTERCARE_SMS=simulator\n')

    settings = config.read(WHOLE | {"AFTERCARE_ENV_FILE": str(file), "AFTERCARE_LOG": "text"})

    assert settings.log == "text"
