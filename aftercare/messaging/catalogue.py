"""Every text we send, in English and Spanish (law: messaging.md, "Rules"; product.md 7.5 and 7.11).

A discreet text names nothing. A plain one, for people who chose it, may name the meeting and the place. `[...]` is
left out when a value in it is not given; `{when:day}` and `{when:time}` spell a moment. Spanish is written around the
accented letters that GSM-7 lacks, so that nothing is misspelled. We ask for Y (S) or N, never for a word that the
carrier takes as opt-in or opt-out; START alone makes the carrier let texts through again, in any language.
"""

from aftercare.messaging.catalogue_changes import CHANGES
from aftercare.messaging.catalogue_checkups import CHECKUPS
from aftercare.messaging.catalogue_dates import DATES
from aftercare.messaging.catalogue_help import HELP
from aftercare.messaging.catalogue_numbers import NUMBERS
from aftercare.messaging.catalogue_talk import TALK
from aftercare.messaging.catalogue_wishes import WISHES
from aftercare.messaging.spoken import Text

CATALOGUE: dict[str, Text] = {**DATES, **CHANGES, **TALK, **HELP, **CHECKUPS, **WISHES, **NUMBERS}

# Longer than one part, or not ours to shorten.
MAY_BE_LONGER = {
    "broadcast": "staff write it themselves, in two parts at most",
    "crisis": "three lines of help and the hours of our own are worth more than a part",
    "help": "the carrier's rules ask for sender, frequency, cost and the way out; ours for the lines of help",
    "signin_code": "the link is as long as the address of the installation",
}
