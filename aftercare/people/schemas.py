"""The documents of patients, as the API takes and shows them."""

from marshmallow import Schema, fields

from aftercare.http.fields import NAMED, Id, Instant, choice, iana_zone, line, page_of, said


class PatientDraft(Schema):
    """A patient to add. The phone is not yet theirs: it gets texts once they have agreed to them."""

    name = line(200, pattern=NAMED, least=1, required=True)
    phone = line(40, pattern=r"^[0-9+().\- ]+$", least=4, allow_none=True, load_default=None)
    language = choice("en", "es", metadata={"description": "The organisation's if not given."})
    zone = iana_zone(metadata={"description": "IANA zone; the organisation's if not given."})


class Patient(Schema):
    """A patient, as they are known."""

    id = Id(required=True)
    name = said()
    phone = fields.String(
        required=True, allow_none=True, metadata={"description": "Masked but for its last two digits."}
    )
    language = choice("en", "es", required=True)
    zone = said()
    created_at = Instant(required=True)
    left_at = Instant(required=True, allow_none=True)


PatientPage = page_of(Patient, "PatientPage")
