"""The code printed on a proof of attendance, by which anybody verifies it at /p/<code> (product.md section 6).

Fifteen letters of chance and one that checks them, of 23 that are not taken for one another: 67 bits, so nobody finds
a proof by trying. The sum of all sixteen, each times its place, is divisible by 23. As 23 is a prime number and no
place is, any one letter misread and any two exchanged are noticed.
"""

LETTERS = "23456789CDFHJKMNPQRTVWX"
LENGTH = 16
GROUP = 4
#: With 128 bits of chance no letter is noticeably more frequent than another.
LEAST_CHANCE = 16

_GAPS = str.maketrans("", "", " -\u2010\u2011\u2013")


def code_from(chance: bytes) -> str:
    """Make a code of random bytes, 16 or more."""
    if len(chance) < LEAST_CHANCE:
        raise ValueError(f"A code takes {LEAST_CHANCE} random bytes.")
    number, letters = int.from_bytes(chance, "big"), ""
    for _ in range(LENGTH - 1):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return letters + _check(letters)


def read(typed: str) -> str | None:
    """Give the code that somebody typed, in capitals and without gaps; None if it cannot be one."""
    code = typed.upper().translate(_GAPS)
    if len(code) != LENGTH or not set(code) <= set(LETTERS):
        return None
    return code if code[-1] == _check(code[:-1]) else None


def shown(code: str) -> str:
    """Write a code in groups of four, as it is printed."""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def _check(letters: str) -> str:
    total = sum(place * LETTERS.index(letter) for place, letter in enumerate(letters, 1))
    return LETTERS[-total * pow(LENGTH, -1, len(LETTERS)) % len(LETTERS)]
