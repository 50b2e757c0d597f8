"""What a meeting is like, in the field's codes: the Meeting Guide list, and how each fellowship reads it.

A code alone says nothing: `S` is Spanish in the Meeting Guide list and Speaker in ACA. So a type is always a pair
(fellowship, code). A code that a fellowship does not define for itself has the meaning of the Meeting Guide list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from aftercare.meetings import fellowship_types

TypePair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class MeetingType:
    """A code with its names. `guide` is the Meeting Guide code that says the same, None where none does."""

    code: str
    category: str
    english: str
    spanish: str
    guide: str | None
    language: str | None = None

    def named(self, language: str) -> str:
        """Give the name in Spanish for "es", else in English."""
        return self.spanish if language == "es" else self.english


GUIDE_LIST = """
access
O|Open|Abierta
C|Closed|Cerrada
status
TC|Location Temporarily Closed|Lugar cerrado por ahora
sign_language
ASL|American Sign Language|Lengua de señas americana
format
11|11th Step Meditation|Meditación del Paso 11
12x12|12 Steps & 12 Traditions|12 Pasos y 12 Tradiciones
A|Secular|Secular
ABSI|As Bill Sees It|Como lo ve Bill
B|Big Book|Libro Grande
BE|Newcomer|Principiantes
CAN|Candlelight|A la luz de las velas
D|Discussion|Discusión
DR|Daily Reflections|Reflexiones Diarias
GR|Grapevine|Grapevine y La Viña
H|Birthday|Cumpleaños
LIT|Literature|Literatura
LS|Living Sober|Viviendo Sobrio
MED|Meditation|Meditación
SP|Speaker|Orador
ST|Step Study|Estudio de pasos
TR|Tradition Study|Estudio de tradiciones
feature
AL|Concurrent with Alateen|A la vez que Alateen
AL-AN|Concurrent with Al-Anon|A la vez que Al-Anon
BA|Babysitting Available|Con cuidado de niños
BRK|Breakfast|Desayuno
CF|Child-Friendly|Se admiten niños
DB|Digital Basket|Canasta digital
FF|Fragrance Free|Sin fragancias
OUT|Outdoor|Al aire libre
POA|Proof of Attendance|Comprobante de asistencia
SM|Smoking Permitted|Se permite fumar
X|Wheelchair Access|Acceso en silla de ruedas
XB|Wheelchair-Accessible Bathroom|Baño accesible en silla de ruedas
XT|Cross Talk Permitted|Se permite el diálogo
community
BI|Bisexual|Bisexuales
DD|Dual Diagnosis|Diagnóstico dual
G|Gay|Gais
L|Lesbian|Lesbianas
LGBTQ|LGBTQ|LGBTQ
M|Men|Hombres
N|Native American|Nativos americanos
NB|Non-Binary|Personas no binarias
NDG|Indigenous|Indígenas
P|Professionals|Profesionales
POC|People of Color|Personas de color
SEN|Seniors|Personas mayores
T|Transgender|Personas transgénero
W|Women|Mujeres
Y|Young People|Jóvenes
"""

LANGUAGE_LIST = """
AF|Afrikaans|Afrikáans|af
AM|Amharic|Amárico|am
AR|Arabic|Árabe|ar
BG|Bulgarian|Búlgaro|bg
DA|Danish|Danés|da
DE|German|Alemán|de
EL|Greek|Griego|el
EN|English|Inglés|en
FA|Persian|Persa|fa
FI|Finnish|Finés|fi
FR|French|Francés|fr
HE|Hebrew|Hebreo|he
HI|Hindi|Hindi|hi
HR|Croatian|Croata|hr
HU|Hungarian|Húngaro|hu
IS|Icelandic|Islandés|is
ITA|Italian|Italiano|it
JA|Japanese|Japonés|ja
KA|Georgian|Georgiano|ka
KOR|Korean|Coreano|ko
LT|Lithuanian|Lituano|lt
ML|Malayalam|Malabar|ml
MT|Maltese|Maltés|mt
NE|Nepali|Nepalí|ne
NL|Dutch|Neerlandés|nl
NO|Norwegian|Noruego|no
POL|Polish|Polaco|pl
POR|Portuguese|Portugués|pt
PUN|Punjabi|Panyabí|pa
RUS|Russian|Ruso|ru
S|Spanish|Español|es
SK|Slovak|Eslovaco|sk
SL|Slovenian|Esloveno|sl
SV|Swedish|Sueco|sv
TH|Thai|Tailandés|th
TL|Tagalog|Tagalo|tl
TUR|Turkish|Turco|tr
UK|Ukrainian|Ucraniano|uk
"""

PROPOSED_LIST = """
community
BV-I|Blind / Visually Impaired|Ciegos / Baja visión
D-HOH|Deaf / Hard of Hearing|Sordos / Con pérdida auditiva
LO-I|Loners / Isolationists|Solitarios / Aislados
sign_language
QSL|Quebec Sign Language|Lengua de señas de Quebec
RSL|Russian Sign Language|Lengua de señas rusa
"""

# A call has no ramp and no candle: apps leave these out where nobody meets in person.
IN_PERSON_ONLY = frozenset({"BA", "BRK", "CAN", "CF", "AL-AN", "AL", "FF", "OUT", "SM", "X", "XB"})

# Names that feeds use for a code, beyond its own name. A name may stand for two codes.
OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "asbi": ("ABSI",),
    "sign language": ("ASL",),
    "outdoor meeting": ("OUT",),
    "step meeting": ("ST",),
    "steps": ("ST",),
    "speaker/discussion": ("SP", "D"),
    "spd": ("SP", "D"),
    "temporary closure": ("TC",),
    "beginner": ("BE",),
    "beginners": ("BE",),
    "newcomers": ("BE",),
    "handicapped": ("X",),
    "wheelchair accessible": ("X",),
    "men only": ("M",),
    "women only": ("W",),
}


def _grouped(text: str) -> Iterator[tuple[str, list[str]]]:
    """A line without bars names the group of the lines that follow it."""
    group = ""
    for line in text.strip().splitlines():
        if "|" in line:
            yield group, line.split("|")
        else:
            group = line


def _guide_types() -> dict[str, MeetingType]:
    listed = {code: MeetingType(code, group, en, es, code) for group, (code, en, es) in _grouped(GUIDE_LIST)}
    for _, (code, english, spanish, language) in _grouped(LANGUAGE_LIST):
        listed[code] = MeetingType(code, "language", english, spanish, code, language)
    return listed


GUIDE: Mapping[str, MeetingType] = MappingProxyType(_guide_types())
PROPOSED: Mapping[str, MeetingType] = MappingProxyType(
    # No app knows them yet, so none of them is ever exported.
    {code: MeetingType(code, group, en, es, None) for group, (code, en, es) in _grouped(PROPOSED_LIST)}
)
FELLOWSHIPS: Mapping[str, str] = fellowship_types.NAMES


def _own_types() -> dict[str, dict[str, MeetingType]]:
    listed: dict[str, dict[str, MeetingType]] = {}
    for fellowship, (code, english, spanish, guide) in _grouped(fellowship_types.OWN_CODES):
        category = GUIDE[guide].category if guide else "format"
        listed.setdefault(fellowship, {})[code] = MeetingType(code, category, english, spanish, guide or None)
    return listed


OWN: Mapping[str, Mapping[str, MeetingType]] = MappingProxyType(_own_types())


@cache
def of(fellowship: str) -> Mapping[str, MeetingType]:
    """Give every code that means something in a fellowship."""
    return MappingProxyType({**GUIDE, **PROPOSED, **OWN.get(fellowship, {})})


def find(fellowship: str, code: str) -> MeetingType | None:
    """Give what a code means in a fellowship."""
    return of(fellowship).get(code)


def name(fellowship: str, code: str, *, language: str = "en") -> str:
    """Give the name of a type, or the bare code where nobody has named it."""
    known = find(fellowship, code)
    return known.named(language) if known else code


def codes_called(fellowship: str, text: str) -> tuple[str, ...]:
    """Give the codes that a text means: a code in any case, a name in English or Spanish, a common misspelling."""
    return _spoken(fellowship).get(text.casefold().strip(), ())


@cache
def _spoken(fellowship: str) -> Mapping[str, tuple[str, ...]]:
    listed = of(fellowship)
    spoken = dict(OTHER_NAMES)
    spoken.update({kind.spanish.casefold(): (code,) for code, kind in listed.items()})
    spoken.update({kind.english.casefold(): (code,) for code, kind in listed.items()})
    spoken.update({code.casefold(): (code,) for code in listed})
    return MappingProxyType(spoken)


def find_fellowship(text: str) -> str | None:
    """Give the key of a fellowship from its key, short name or full name, in any case."""
    return _fellowship_names().get(text.casefold().strip())


@cache
def _fellowship_names() -> Mapping[str, str]:
    spoken = {full.casefold(): key for key, full in FELLOWSHIPS.items()}
    return MappingProxyType({**spoken, **{key: key for key in FELLOWSHIPS}})
