import pytest

from aftercare.core.errors import Invalid
from aftercare.meetings.exchange import addresses
from aftercare.meetings.exchange.addresses import Address, is_public


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://aa.example.org/feed?key=1#top", Address("aa.example.org", 443, "/feed?key=1")),
        ("https://AA.Example.org:443", Address("aa.example.org", 443, "/")),
        ("https://[2606:4700::1]/a", Address("2606:4700::1", 443, "/a")),
        ("https://münchen.example.org./", Address("xn--mnchen-3ya.example.org", 443, "/")),
    ],
)
def test_an_https_address_is_read(url, address):
    assert addresses.read(url) == address


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://aa.example.org/", "The address must begin with https://"),
        ("file:///etc/passwd", "The address must begin with https://"),
        ("aa.example.org/feed", "The address must begin with https://"),
        ("https://me:secret@aa.example.org/", "The address must hold no name and no password."),
        ("https://@aa.example.org/", "The address must hold no name and no password."),
        ("https://aa.example.org:8443/", "The address must use no port of its own."),
        ("https://aa.example.org:x/", "This is no address of the web."),
        ("https://[::1/", "This is no address of the web."),
        ("https:///feed", "The address names no computer."),
        ("https://a b.example.org/", "The address names no computer."),
        ("https://aa.example.org/a b", "The address holds characters that belong in no address."),
        ("https://aa.example.org/" + "a" * 2000, "The address is far too long."),
    ],
)
def test_any_other_is_refused_in_a_sentence(url, sentence):
    with pytest.raises(Invalid) as refused:
        addresses.read(url)

    assert refused.value.sentence == sentence


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::1",
        "64:ff9b::a00:1", "64:ff9b::5db8:d822", "64:ff9b::7f00:1", "::127.0.0.1", "fec0::1", "not an address", "",
    ],
)  # fmt: skip
def test_any_other_address_is_not(address):
    assert not is_public(address)


def test_an_address_is_shown_without_its_key():
    assert addresses.shown("https://aa.example.org/feed?key=s3cret#x") == "https://aa.example.org/feed"
