import pytest

from aftercare.messaging.twilio import public_url, signed_by_carrier
from tests.carrier_wire import inbound_form, sign
from tests.messaging.through_twilio import ANA

# The published example of Twilio's own documentation.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_published_signature_is_believed():
    assert sign(URL, FORM, "12345") == SIGNATURE
    assert signed_by_carrier(URL, FORM, SIGNATURE, ["12345"])


@pytest.mark.parametrize(
    ("url", "form", "signature", "tokens"),
    [
        (URL, FORM, SIGNATURE, ["54321"]),
        (URL, FORM, SIGNATURE, []),
        (URL, FORM, SIGNATURE, [""]),
        (URL, FORM, "", ["12345"]),
        (URL, FORM, SIGNATURE[::-1], ["12345"]),
        (URL, FORM, "é" * len(SIGNATURE), ["12345"]),
        (URL + "3", FORM, SIGNATURE, ["12345"]),
        (URL.replace("mycompany", "evil"), FORM, SIGNATURE, ["12345"]),
        (URL, FORM | {"Digits": "1235"}, SIGNATURE, ["12345"]),
        (URL, FORM | {"Extra": "x"}, SIGNATURE, ["12345"]),
        (URL, {}, SIGNATURE, ["12345"]),
    ],
)
def test_a_forged_request_is_not_believed(url, form, signature, tokens):
    assert not signed_by_carrier(url, form, signature, tokens)


def test_both_tokens_are_believed_while_one_is_rotated():
    form = inbound_form("Sí, voy 👍", sender=ANA)

    assert signed_by_carrier(URL, form, sign(URL, form, "old"), ["new", "old"])
    assert signed_by_carrier(URL, form, sign(URL, form, "new"), ["new", "old"])


def test_the_signed_address_is_our_public_one():
    assert public_url("https://texts.example.org/", "/sms/status", "m=1&a=2") == (
        "https://texts.example.org/sms/status?m=1&a=2"
    )
    assert public_url("https://texts.example.org", "/sms/inbound") == "https://texts.example.org/sms/inbound"
