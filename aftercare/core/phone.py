"""Phone numbers: read as people write them, kept as E.164, shown masked."""

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult, shortnumberinfo

from aftercare.core.errors import Invalid

#: What the plan of a country gives to something that gets no texts.
NO_MOBILES = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
_SHORT = re.compile(r"\+?\d{1,6}")
#: Area codes and exchanges of the North American plan: neither begins with 0 or 1, and N11 is no area code.
_NORTH_AMERICA = re.compile(r"\+1(?![2-9]11)[2-9]\d{2}[2-9]\d{6}")


def read(text: str, *, region: str = "US") -> str:
    """Read a phone number as people write it and give it in E.164 (+15035550123); raise Invalid if it is none."""
    number = _parsed(text, region)
    if number.extension:
        raise _unreadable()
    return _e164(number)


def read_mobile(text: str, *, region: str = "US", ours: Collection[str] = ()) -> str:
    """Read a number that is to get texts; raise Invalid, with a sentence, for one that cannot.

    `ours` are numbers that texts come from. A landline of North America cannot be told from a mobile by its digits: the
    carrier tells it by 21614 or 30006 when the first text fails, and the number is frozen then.
    """
    if shortnumberinfo.connects_to_emergency_number(text, region):
        raise _refused("This number is for emergencies. Enter the number of a cell phone.")
    if _SHORT.fullmatch(re.sub(r"[\s().-]", "", text)):
        raise _refused("A short number gets no texts from us. Enter the whole number of a cell phone.")
    number = _parsed(text, region)
    if number.extension:
        raise _refused("A number with an extension gets no texts. Enter the number of a cell phone.")
    if _e164(number) in ours:
        raise _refused("This is our own number. Enter another one.")
    if not _may_be_mobile(number):
        raise _refused("This number gets no texts. Enter the number of a cell phone.")
    return _e164(number)


def masked(number: str) -> str:
    """Show only the last two digits, for people and logs."""
    return "•••" + number[-2:]


def shown(number: str) -> str:
    """Write a number as people of its country write it."""
    parsed = phonenumbers.parse(number)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if parsed.country_code == 1 else None
    return phonenumbers.format_number(parsed, style or phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise _unreadable() from error
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        raise _unreadable()
    return number


def _may_be_mobile(number: phonenumbers.PhoneNumber) -> bool:
    """Ask the plan. What the plan does not know passes: area codes are added faster than this library is renewed."""
    if number.country_code == 1 and not _NORTH_AMERICA.fullmatch(_e164(number)):
        return False
    return phonenumbers.number_type(number) not in NO_MOBILES


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _unreadable() -> Invalid:
    return _refused("Enter a phone number with its area code, like 303 555 0123.")


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"phone": sentence})
