"""The words of which the made-up meeting list is made."""

# How often each occurs.
FELLOWSHIPS = {"aa": 52, "na": 16, "al-anon": 10, "aca": 6, "ca": 4, "oa": 4, "rd": 4, "coda": 2, "smart": 2}
FELLOWSHIP_NAMES = {
    "aa": "Alcoholics Anonymous",
    "na": "Narcotics Anonymous",
    "al-anon": "AL-ANON",
    "aca": "ACA",
    "rd": "Recovery Dharma",
    "smart": "SMART Recovery",
}

CODES: dict[str, tuple[str, ...]] = {
    "aa": (
        "B",
        "BE",
        "D",
        "DR",
        "LIT",
        "MED",
        "SP",
        "ST",
        "TR",
        "12x12",
        "CAN",
        "W",
        "M",
        "Y",
        "LGBTQ",
        "SEN",
        "DD",
        "EN",
    ),
    "na": ("BT", "BEG", "CAN", "DISC", "JFT", "LIT", "MED", "SPK", "STEP", "TRAD", "W", "M", "QA"),
    "al-anon": ("AC", "BE", "POA", "SP", "ST", "Y", "W", "LGBTQIA"),
    "aca": ("BEG", "D", "LLW", "LPG", "S", "ST", "T", "SMR", "Y"),
    "ca": ("B", "BE", "D", "SP", "ST", "DD"),
    "oa": ("B", "BE", "D", "LIT", "SP", "TOOL", "VOR", "WRIT"),
    "rd": ("BE", "BB", "IS", "MI", "8F", "W"),
    "coda": ("B", "D", "SHARE", "ST", "READ"),
    "smart": ("D", "BE", "FF", "XT"),
}
TYPE_NAMES = {
    "O": "Open", "C": "[closed]", "B": "Big Book", "BE": "newcomer", "D": "Discussion", "DR": "Daily Reflections",
    "LIT": "Literature", "MED": "MEDITATION", "SP": "Speaker", "ST": "Step Meeting", "TR": "Tradition Study",
    "W": "Women", "M": "Men", "S": "Español", "X": "Wheelchair Access",
}  # fmt: skip

STARTS = (330, 390, 420, 480, 540, 600, 720, 735, 930, 1020, 1050, 1080, 1110, 1140, 1170, 1200, 1260, 1320, 1410, 0)
START_WEIGHTS = (2, 5, 8, 6, 6, 6, 16, 3, 2, 4, 8, 12, 10, 20, 12, 8, 3, 2, 2, 1)

FIRST_WORDS = (
    "Aspen Grove", "Bridge Street", "Canyon", "Copper Kettle", "Daybreak", "Early Light", "East Ridge", "Foothills",
    "Front Porch", "Good Morning", "Harbor", "High Plains", "Home Again", "Hope & Coffee", "Juniper", "Lamplight",
    "Lunch Hour", "Meadow", "Mesa", "Mile & Then Some", "New Leaf", "Night Owls", "North Fork", "Open Door",
    "Pine Room", "Quiet Hour", "Red Rocks Road", "River Bend", "Saturday Porch", "Second Cup", "Snowline",
    "Still Water", "Sunset", "Trailhead", "Twin Bridges", "Union Square", "Valley View", "Willow Creek", "Window Seat",
    "Yellow House",
)  # fmt: skip
SECOND_WORDS: dict[str, tuple[str, ...]] = {
    "aa": ("Group", "Big Book Study", "Step Study", "Newcomers", "Serenity Hour", "Discussion", "Speakers", "Nooners"),
    "na": ("Just for Today", "Basic Text", "Candlelight", "Step Night", "Home Group"),
    "al-anon": ("AFG", "Family Group", "Parents Group", "Adult Children Focus"),
    "aca": ("Laundry List", "Loving Parent Study", "Red Book Readers"),
    "ca": ("Hope Group", "Steps in Action", "Friday Fellowship"),
    "oa": ("Voices Reading", "Tools Meeting", "One Day Group"),
    "rd": ("Sangha", "Sitting Group", "Inquiry Circle"),
    "coda": ("Healthy Patterns", "Sharing Circle"),
    "smart": ("4-Point Meeting", "Check-In"),
}
NAMES_ES = (
    "Grupo Nueva Vida", "Grupo Esperanza", "Un Día a la Vez", "Grupo Amanecer", "Grupo Buena Voluntad", "Paso a Paso",
    "Grupo Serenidad", "Noches de Junípero", "Mujeres en Camino",
)  # fmt: skip
GROUPS = (
    "",
    "",
    "",
    "Juniper Falls Home Group",
    "Ridge Road Group",
    "The Thursday Kettle",
    "District 41",
    "Porch Light Group",
)

PLACES = (
    ("St. Brannoc's Church", "1412 Larkspur Terrace"),
    ("Juniper Falls Alano Club", "77 Copperleaf Way"),
    ("Mesa Community Hall", "305 Tumbledown Road"),
    ("Old Firehouse Annex", "9 Hook & Ladder Lane"),
    ("Quillwood Library, Room B", "2200 Quillwood Avenue"),
    ("Grace Meadow Chapel", "618 Meadowsweet Street"),
    ("Twin Bridges Grange", "4501 Ferryman Road"),
    ("Snowline Senior Center", "1180 Pennycress Drive"),
    ("Willow Creek Clinic, Conference Room", "3300 Saltgrass Parkway"),
    ("Temple Beth Oren", "54 Almondtree Court"),
    ("Iglesia del Buen Camino", "871 Calle Girasol"),
    ("Union Square Coffee House", "16 Union Square North"),
    ("East Ridge Veterans Hall", "2750 Bugle Street"),
    ("Foothills Friends Meeting House", "940 Stillbrook Lane"),
    ("Red Rocks Road Trailer", "12890 Red Sill Road"),
    ("Harbor House", "405 Windlass Alley"),
    ("North Fork Picnic Shelter", "1 North Fork Park Road"),
    ("Canyon Wellness Rooms", "733 Yarrow Street, Suite 210"),
)
DISTRICTS = ("Old Town", "East Ridge", "Mesa", "North Fork", "Quillwood", "Foothills")

NOTES = (
    "", "", "", "", "", "Enter by the side door.", "Downstairs, follow the signs.", "Masks welcome.",
    "Parking behind the building.\nBus 15 stops in front.", "Fragrance free, please.", "Bring your own chair.",
    "Business meeting: 2nd Sunday @ 5 pm.", "Speaker on the last Friday of the month.",
    "Meets on the 1st and 3rd Tuesday only.",
    "No meeting on holidays.", "Coffee &amp; cookies.", "Ring bell <b>twice</b>.<br>Second floor.",
    "Chips on the last week.",
    "Child care if you ask a day ahead.", "Doors lock 10 minutes after the start.",
)  # fmt: skip
NOTES_ES = (
    "", "", "Entrada por el estacionamiento.", "Café &amp; pan dulce.", "Reunión abierta el último viernes del mes.",
    "No hay reunión en días festivos.", "Con cuidado de niños.",
)  # fmt: skip
