"""Phone numbers: read as people write them, kept as E.164, shown masked."""

import phonenumbers

from aftercare.core.errors import Invalid


def read(text: str, *, region: str = "US") -> str:
    """Read a phone number as people write it and give it in E.164 (+15035550123); raise Invalid if it is none."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise _unreadable() from error
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise _unreadable()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """Show only the last two digits, for people and logs."""
    return "•••" + number[-2:]


def shown(number: str) -> str:
    """Write a number as people of its country write it."""
    parsed = phonenumbers.parse(number)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if parsed.country_code == 1 else None
    return phonenumbers.format_number(parsed, style or phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _unreadable() -> Invalid:
    sentence = "Enter a phone number with its area code, like 303 555 0123."
    return Invalid(sentence, fields={"phone": sentence})
