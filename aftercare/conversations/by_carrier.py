"""Whether the carrier has answered a text by itself: then we say nothing, and only our ledger follows."""

from collections.abc import Sequence

from aftercare import config
from aftercare.conversations import subscriptions
from aftercare.messaging import carrier_words
from aftercare.messaging.models import InboundText
from aftercare.people.models import Person


def has_answered(inbound: InboundText, people: Sequence[Person]) -> bool:
    """Tell whether the carrier has answered a text: then it also blocks, or lets through, what the word asks for."""
    settings = config.current()
    is_asked = settings.sms == "twilio" and settings.twilio_answers_words
    found = carrier_words.answered(
        inbound.body,
        sent_to=inbound.sent_to,
        opt_out_type=inbound.opt_out_type,
        is_blocked=is_asked and subscriptions.is_blocked(people),
        answers_words=is_asked,
    )
    return found is not None
