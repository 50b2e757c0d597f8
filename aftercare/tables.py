"""Every table of the service, so that migrations see them all."""

from aftercare.attendance.models import Attendance, AttendanceEvent, CodeTry
from aftercare.audit.models import AuditEvent, AuditHead
from aftercare.calendars.models import Feed, FeedBody, PublicBody
from aftercare.consent.models import ConsentEvent
from aftercare.core.throttle import RateBucket
from aftercare.core.turns import JobTurn
from aftercare.http.models import KeptAnswer
from aftercare.meetings.change_models import Closure, MeetingChange, Substitute
from aftercare.meetings.exchange.models import ImportRun, ImportStep, MeetingSource, RuleSuggestion
from aftercare.meetings.finder_models import MeetingDay
from aftercare.meetings.link_models import AnswerLink
from aftercare.meetings.models import (
    Facilitator,
    Meeting,
    MeetingType,
    Member,
    Occurrence,
    Place,
    Rsvp,
)
from aftercare.messaging.models import (
    CarrierEvent,
    InboundText,
    Message,
    SenderState,
    SimulatedText,
    TextTemplate,
    WorkerBeat,
)
from aftercare.people.account_models import Account, Passkey
from aftercare.people.models import (
    ApiToken,
    Device,
    DirectoryEntry,
    NumberChange,
    Organisation,
    Person,
    PersonRole,
    SignInCode,
)
from aftercare.recovery.models import Checkup, Goal, Instrument, Milestone, OutreachTask, Path, Pause

GLOBAL = (
    Organisation, DirectoryEntry, Account, Passkey, SignInCode, RateBucket, JobTurn, CarrierEvent, InboundText,
    SimulatedText, SenderState, WorkerBeat,
)  # fmt: skip
TENANT = (
    Person, PersonRole, Device, ApiToken, AuditEvent, AuditHead, ConsentEvent, KeptAnswer, Place, Meeting,
    MeetingType, MeetingDay, Facilitator, Member, Occurrence, Rsvp, AnswerLink, MeetingSource, Attendance,
    AttendanceEvent, CodeTry, Path, Goal, Pause, Milestone, OutreachTask, Message, Feed, FeedBody,
    PublicBody, NumberChange, TextTemplate, Instrument, Checkup, MeetingChange, Closure, Substitute, ImportRun,
    ImportStep, RuleSuggestion,
)  # fmt: skip
