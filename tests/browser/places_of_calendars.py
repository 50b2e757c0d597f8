"""Pages where calendars are taken home, each in a state worth looking at."""

from tests.browser.places import MEETINGS, Way, opens
from tests.browser.town import COUNSELLOR, STRANGER, TOOLS

PLACES: dict[str, Way] = {
    "meeting, taken home": opens(STRANGER, lambda town: f"{town.meeting(TOOLS)}/calendar"),
    "list, taken home": opens(STRANGER, f"{MEETINGS}/calendar"),
    "search, taken home": opens(STRANGER, f"{MEETINGS}/calendar?day=tue&attend=online"),
    "list, on other sites": opens(STRANGER, f"{MEETINGS}/embed"),
    "share": opens(COUNSELLOR, "/staff/share"),
}
