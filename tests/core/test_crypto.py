import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.core.crypto import Keyring, new_key
from aftercare.core.errors import Misconfigured

OLD, NEW = new_key(1), new_key(2)
RAW = OLD.partition(":")[2]


@given(st.text())
def test_what_is_sealed_opens_for_the_same_place(text):
    ring = Keyring.read(OLD)

    assert ring.open(ring.seal(text, about="people.name:1"), about="people.name:1") == text


def test_a_sealed_value_does_not_open_in_another_row():
    ring = Keyring.read(OLD)
    sealed = ring.seal("Ana", about="people.name:1")

    with pytest.raises(ValueError, match="moved from its row"):
        ring.open(sealed, about="people.name:2")


def test_an_altered_value_does_not_open():
    ring = Keyring.read(OLD)
    sealed = bytearray(ring.seal("Ana", about="x"))
    sealed[-1] ^= 1

    with pytest.raises(ValueError, match="altered"):
        ring.open(bytes(sealed), about="x")


def test_an_old_key_still_opens_while_the_new_one_seals():
    before, after = Keyring.read(OLD), Keyring.read(f"{NEW},{OLD}")
    sealed = before.seal("Ana", about="x")

    assert after.open(sealed, about="x") == "Ana"
    assert not after.is_newest(sealed)
    assert after.is_newest(after.seal("Ana", about="x"))


def test_a_value_is_found_under_every_key_in_force():
    before, after = Keyring.read(OLD), Keyring.read(f"{NEW},{OLD}")

    assert before.mark("+13035550101", purpose="phone") in after.marks("+13035550101", purpose="phone")


def test_a_mark_for_one_purpose_is_none_for_another():
    ring = Keyring.read(OLD)

    assert ring.mark("1", purpose="phone") != ring.mark("1", purpose="name")


@pytest.mark.parametrize(
    "setting",
    ["", "1:short", f"x:{RAW}", f"1:{RAW},1:{RAW}", f"0:{RAW}"],
    ids=["none", "short", "no number", "one number twice", "number zero"],
)
def test_a_weak_or_doubled_key_is_refused_with_a_sentence(setting):
    with pytest.raises(Misconfigured, match="AFTERCARE_ENCRYPTION_KEYS"):
        Keyring.read(setting)
