"""`aftercare export ical`: the public calendar of an organisation as a file."""

from aftercare.calendars import public
from aftercare.meetings.export_cli import export_command

export_calendar = export_command("ical", public.write_organisation, "Write what an organisation lists as iCalendar.")
