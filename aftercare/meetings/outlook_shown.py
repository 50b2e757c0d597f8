"""What staff are shown of texts that are about to go: each once, how many read it, and who gets none and why."""

from typing import Any

from flask_babel import gettext as _

from aftercare.messaging.outlook import Outlook


def shown(outlook: Outlook) -> dict[str, Any]:
    """Show who would read what, the text that most people read first."""
    texts = sorted(outlook.texts.items(), key=lambda row: (-row[1], row[0]))
    reasons = why_not()
    return {
        "people": outlook.people,
        "texts": [
            {"language": language, "is_letter": channel == "email", "body": body, "count": count}
            for (language, channel, body), count in texts
        ],
        "without": [(reasons[reason], count) for reason, count in sorted(outlook.without.items())],
    }


def why_not() -> dict[str, str]:
    """Say why somebody gets no text."""
    return {
        "no_consent": _("no agreement to texts"),
        "stopped": _("texts are stopped"),
        "no_number": _("no phone number"),
        "frozen": _("the number cannot be reached"),
        "no_mail": _("no agreement to e-mail"),
        "too_late": _("it would come too late"),
        "said_no": _("said no"),
        "unaware": _("has not heard of it yet"),
        "paused": _("takes a pause"),
        "no_words": _("nothing is written in their language"),
    }
