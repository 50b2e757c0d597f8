"""What each class of trouble means, and what to do about it, in the reader's language (twilio-and-rules.md 4)."""

from flask_babel import gettext as _

from aftercare.messaging.retries import Failure


def about(failure: str, code: int | None = None) -> str:
    """Say what a failure means and what to do."""
    return _about_code(code) or _about_class()[Failure(failure)]


def about_mail() -> str:
    """Say what to do where the mail server takes no letters."""
    return str(_("The mail server refuses our e-mails. Check AFTERCARE_SMTP_URL and AFTERCARE_MAIL_FROM."))


def _about_code(code: int | None) -> str | None:
    said = {
        20003: _(
            "The carrier does not accept our account or token. Check both in the settings and restart the worker."
        ),
        20005: _("The carrier has closed or suspended the account. Look at the account there; a bill may be unpaid."),
        21606: _("The carrier does not know the number that we text from. Check TWILIO_FROM in the settings."),
        21212: _("The number that we text from is no phone number. Check TWILIO_FROM in the settings."),
        21703: _("No number is left in the messaging service. Add one at the carrier."),
        30002: _("The carrier has suspended the account. Look at the account there; a bill may be unpaid."),
        30032: _("The toll-free number is not verified yet. Verify it at the carrier."),
        30034: _("The number is not registered for texts (10DLC). Register brand and campaign at the carrier."),
    }
    return said.get(code) if code else None


def _about_class() -> dict[Failure, str]:
    return {
        Failure.RECIPIENT: _("The number does not exist or takes no texts. Ask the person for another."),
        Failure.OPTED_OUT: _("The person wants no more texts. Nothing to do: call them instead."),
        Failure.BLOCKED: _("A carrier blocked the text. Two in a row on one number end its texts: call the person."),
        Failure.CONFIGURATION: _(
            "The carrier refuses our account or number. Check the settings and restart the worker."
        ),
        Failure.CONTENT: _("The carrier refuses the words of the text. Please tell us: this is our mistake."),
        Failure.NOT_PROCESSED: _("The carrier is busy. The text is tried again by itself."),
        Failure.UNKNOWN: _("The carrier did not answer clearly. We look up by ourselves what became of the text."),
        Failure.DELIVERY_TEMPORARY: _("The phone was off or out of reach. One more try was made by itself."),
        Failure.DAILY_CAP: _("Today's texts for this number are used up. The rest go after midnight, Pacific Time."),
        Failure.UNLISTED: _("The carrier gave a reason that we do not know. Look up the code in its documents."),
    }
