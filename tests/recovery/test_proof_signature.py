import base64
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.recovery.proof_signature import (
    is_signed,
    key_id,
    public_of,
    public_pem,
    sign,
    sign_statement,
    verified,
)
from aftercare.recovery.proof_statement import bytes_of, read
from tests.house.source import ROOT
from tests.recovery.test_proof_statement import STATEMENT
from tests.unhurried import UNHURRIED

#: RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
SEED, ANOTHER = (bytes.fromhex(VECTORS[place][0]) for place in (0, 1))
PUBLIC = public_of(SEED)
OURS = {key_id(PUBLIC): PUBLIC}
PAGE = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")


def signed(statement=STATEMENT):
    return bytes_of(statement), sign_statement(statement, SEED)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_signatures_are_those_of_the_standard(seed, public, message, signature):
    assert public_of(bytes.fromhex(seed)).hex() == public
    assert sign(bytes.fromhex(message), bytes.fromhex(seed)).hex() == signature
    assert is_signed(bytes.fromhex(message), bytes.fromhex(signature), bytes.fromhex(public))


def test_a_key_is_named_by_its_digest():
    assert key_id(PUBLIC) == "21fe31df"


def test_a_signed_statement_is_verified_by_the_key_that_it_names():
    content, signature = signed()

    assert verified(content, signature, OURS) == STATEMENT


def test_an_old_key_still_verifies_what_it_signed():
    newer = public_of(ANOTHER)
    content, signature = signed()

    assert verified(content, signature, {key_id(newer): newer, **OURS}) == STATEMENT
    assert verified(content, signature, {key_id(newer): newer}) is None


def test_a_key_under_the_name_of_another_verifies_nothing():
    other = public_of(ANOTHER)
    content = bytes_of(STATEMENT)

    assert verified(content, sign(content, ANOTHER), {STATEMENT.key_id: other}) is None


def test_nothing_is_signed_that_names_another_key():
    with pytest.raises(ValueError, match="another key"):
        sign_statement(STATEMENT, ANOTHER)


def test_a_signature_of_one_statement_is_worth_nothing_under_another():
    _, signature = signed()
    more = bytes_of(replace(STATEMENT, code="2222-2222-2222-2222"))

    assert verified(more, signature, OURS) is None


@UNHURRIED
@given(st.integers(0, len(bytes_of(STATEMENT)) * 8 - 1))
def test_one_bit_changed_in_the_text_is_noticed(bit):
    content, signature = signed()
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8

    assert not is_signed(bytes(changed), signature, PUBLIC)
    assert verified(bytes(changed), signature, OURS) is None


@pytest.mark.parametrize("bit", range(0, 512, 7))
def test_one_bit_changed_in_the_signature_is_noticed(bit):
    content, signature = signed()
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8

    assert verified(content, bytes(changed), OURS) is None


@pytest.mark.parametrize("signature", [b"", b"x", b"x" * 64, b"x" * 65])
def test_what_is_no_signature_verifies_nothing(signature):
    assert verified(bytes_of(STATEMENT), signature, OURS) is None
    assert not is_signed(b"", signature, b"no key")


def block(number):
    """Give an indented or fenced block of the page that documents all this."""
    return re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)[number]


def test_the_example_of_the_documentation_is_true():
    content = block(0).encode()
    public = base64.b64decode(re.findall(r"public key, 32 bytes in base64 *: `(.*?)`", PAGE)[0])
    signature = base64.b64decode(block(1))

    assert (public, block(2)) == (PUBLIC, public_pem(PUBLIC))
    assert verified(content, signature, OURS) == read(content)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_the_recipe_of_the_documentation_verifies_with_openssl(tmp_path):
    (tmp_path / "proof.txt").write_bytes(block(0).encode())
    (tmp_path / "proof.b64").write_text(block(1))
    (tmp_path / "key.pem").write_text(block(2))
    (recipe,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)

    found = subprocess.run(["sh", "-ec", recipe], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "Signature Verified Successfully" in found.stdout + found.stderr
