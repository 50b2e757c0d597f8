"""The codes that a fellowship defines for itself, where they differ from the Meeting Guide list.

One line a code: code, English, Spanish, and the Meeting Guide code that says the same (empty where none does).
"""

from collections.abc import Mapping
from types import MappingProxyType

# Some full names hold a word we never show (product.md 7.13); those fellowships go by their short name.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "aa": "Alcoholics Anonymous",
        "aca": "Adult Children of Alcoholics",
        "al-anon": "Al-Anon",
        "ca": "Cocaine Anonymous",
        "cea-how": "CEA-HOW",
        "cma": "Crystal Meth Anonymous",
        "coda": "Co-Dependents Anonymous",
        "da": "Debtors Anonymous",
        "daa": "DAA",
        "eda": "Eating Disorders Anonymous",
        "ga": "Gamblers Anonymous",
        "ha": "Heroin Anonymous",
        "ma": "Marijuana Anonymous",
        "na": "Narcotics Anonymous",
        "nar-anon": "Nar-Anon",
        "oa": "Overeaters Anonymous",
        "pal": "PAL",
        "rca": "Recovering Couples Anonymous",
        "rd": "Recovery Dharma",
        "rr": "Refuge Recovery",
        "sa": "SA",
        "saa": "SAA",
        "sca": "SCA",
        "sg": "Support Groups",
        "sia": "Survivors of Incest Anonymous",
        "slaa": "SLAA",
        "smart": "SMART Recovery",
        "ua": "Underearners Anonymous",
        "va": "Violence Anonymous",
    }
)

OWN_CODES = """
al-anon
A|Atheist / Agnostic|Ateos y agnósticos|A
AA|Concurrent with AA|A la vez que AA|
AC|Adult Child Focus|Para hijos adultos|
C|Families and Friends Only|Solo familiares y amigos|C
LGBTQIA|LGBTQIA+|LGBTQIA+|LGBTQ
O|Families, Friends and Observers|Familiares, amigos y observadores|O
POA|Parents of Alcoholics|Padres de alcohólicos|
Y|Alateen|Alateen|
YA|Young Adults|Adultos jóvenes|Y
aca
A|Age 18 and Over|Mayores de 18 años|
ANH|A New Hope|Una nueva esperanza|
AV|Audio / Visual|Audiovisual|
B|Book Study|Estudio de libro|LIT
BEG|Beginners|Principiantes|BE
CAP|Captions|Subtítulos|
CC|Child Care Available|Con cuidado de niños|BA
COS|Concepts of Service|Conceptos de servicio|
G|Gay / Lesbian|Gais y lesbianas|LGBTQ
LLW|Laundry Lists Workbook|Cuaderno de las listas|LIT
LPG|Loving Parent Guidebook|Guía del padre amoroso|LIT
NS|Needs Support|Necesita apoyo|
S|Speaker|Orador|SP
SMR|Strengthening My Recovery|Fortaleciendo mi recuperación|DR
T|Fellowship Text|Texto de la confraternidad|LIT
TEEN|Teens|Adolescentes|
WOR|Workshop|Taller|
Y|Yellow Workbook Study|Estudio del cuaderno amarillo|LIT
YA|Young Adults|Adultos jóvenes|Y
ca
BUS|Business|Reunión de servicio|
cea-how
AACOA|AA Comes of Age|AA llega a su mayoría de edad|LIT
BOOK|Book Study|Estudio de libro|LIT
CEA-HOW|Concept and Tools|Concepto y herramientas|
CTB|Came to Believe|Llegamos a creer|LIT
HJF|Happy, Joyous and Free|Felices, alegres y libres|LIT
MAINT|Maintenance|Mantenimiento|
PROM|Promises|Promesas|
RANDR|Return to Recovery|Regreso a la recuperación|
coda
B|Book Study|Estudio de libro|LIT
DLY|Daily|Diaria|
H|Chips|Fichas|H
QA|Questions & Answers|Preguntas y respuestas|D
READ|Reading|Lectura|LIT
SHARE|Sharing|Compartir|D
TEEN|Teens|Adolescentes|
WRITE|Writing|Escritura|
da
AB|Abundance|Abundancia|
AR|Artists|Artistas|
B|Business Owners|Dueños de negocios|
CL|Clutter|Desorden|
N|Numbers|Números|
P|Prosperity|Prosperidad|
TI|Time|Tiempo|
TO|Toolkit|Herramientas|
V|Vision|Visión|
daa
SS|Step Speaker|Orador de pasos|SP
YP|Young People|Jóvenes|Y
eda
BEG|Beginners|Principiantes|BE
CC|Chair's Choice|A elección del coordinador|
RF|Rotating Format|Formato rotativo|
TO|Topic / Discussion|Tema y discusión|D
WR|Writing|Escritura|
ga
20|20 Questions|20 preguntas|BE
COM|Comment|Comentario|
CRC|Cross Comment|Comentario cruzado|XT
GAA|Combined with Gam-Anon|Conjunta con Gam-Anon|
GAM|Gam-Anon|Gam-Anon|
PAR|Parking Meters|Parquímetros|
TOP|Topic|Tema|D
ha
BEG|Beginners|Principiantes|BE
BT|Basic Text|Texto básico|LIT
CPT|12 Concepts|12 conceptos|
CW|Children Welcome|Se admiten niños|CF
DISC|Discussion|Discusión|D
GL|Gay / Lesbian|Gais y lesbianas|LGBTQ
IP|Pamphlet Study|Estudio de folletos|LIT
IW|It Works Study|Estudio de Funciona|LIT
JFT|Just for Today|Solo por hoy|LIT
LC|Living in Recovery Study|Estudio de vivir en recuperación|LIT
NS|Non-Smoking|No fumar|
QA|Questions & Answers|Preguntas y respuestas|D
RA|Restricted Access|Acceso restringido|
SMOK|Smoking|Se permite fumar|SM
SPK|Speaker|Orador|SP
STEP|Step|Paso|ST
SWG|Step Working Guide|Guía para trabajar los pasos|ST
TOP|Topic|Tema|D
TRAD|Tradition|Tradición|TR
VAR|Format Varies|Formato variado|
ma
BB|Book Study|Estudio de libro|LIT
CCAP|Closed Captions|Subtítulos|
H|Chips|Fichas|H
LGBTQI+|LGBTQI+|LGBTQI+|LGBTQ
na
BEG|Beginners|Principiantes|BE
BT|Basic Text|Texto básico|LIT
CPT|12 Concepts|12 conceptos|
CW|Children Welcome|Se admiten niños|CF
DISC|Discussion|Discusión|D
GL|Gay / Lesbian|Gais y lesbianas|LGBTQ
IP|Pamphlet Study|Estudio de folletos|LIT
IW|It Works Study|Estudio de Funciona|LIT
JFT|Just for Today|Solo por hoy|LIT
LC|Living in Recovery Study|Estudio de vivir en recuperación|LIT
NS|Non-Smoking|No fumar|
QA|Questions & Answers|Preguntas y respuestas|D
RA|Restricted Access|Acceso restringido|
SMOK|Smoking|Se permite fumar|SM
SPAD|Spiritual Principle a Day|Un principio espiritual al día|LIT
SPK|Speaker|Orador|SP
STEP|Step|Paso|ST
SWG|Step Working Guide|Guía para trabajar los pasos|ST
TOP|Topic|Tema|D
TRAD|Tradition|Tradición|TR
VAR|Format Varies|Formato variado|
oa
11TH|11th Step|Paso 11|11
90D|90 Day|90 días|
AA12|AA 12 and 12|Doce y doce de AA|12x12
AIB|Ask-It-Basket|Canasta de preguntas|
DOC|Dignity of Choice|Dignidad de elegir|
FT|For Today|Solo por hoy|DR
HOW|OA H.O.W.|OA H.O.W.|
LI|Lifeline|Lifeline|LIT
LIS|Lifeline Sampler|Selección de Lifeline|LIT
MAIN|Maintenance|Mantenimiento|
MISC|Varies|Variada|
NEWB|New Beginnings|Nuevos comienzos|
OA23|OA Second and Third Edition|OA segunda y tercera edición|LIT
PROM|The Promises|Las promesas|
RELA|12th Step Within|Paso 12 interior|
SD|Speaker / Discussion|Orador y discusión|SP
SPIR|Spirituality|Espiritualidad|
SSP|Seeking the Spiritual Path|En busca del camino espiritual|LIT
TEEN|Teen Friendly|Se admiten adolescentes|
TOOL|Tools|Herramientas|
VOR|Voices of Recovery|Voces de recuperación|DR
WORK|Workbook Study|Estudio de cuaderno|LIT
WRIT|Writing|Escritura|
rd
8F|Eightfold Path Study|Estudio del óctuple sendero|
BB|Book Study|Estudio de libro|LIT
CC|Child Care Available|Con cuidado de niños|BA
DF|Dog Friendly|Se admiten perros|
IS|Inquiry Study|Estudio de indagación|
IW|Inquiry Writing|Escritura de indagación|
MI|Mindfulness Practice|Práctica de atención plena|MED
PR|Process Focus|Enfoque en procesos|
WA|Wheelchair Access|Acceso en silla de ruedas|X
rr
8F|Eightfold Path Study|Estudio del óctuple sendero|
BB|Book Study|Estudio de libro|LIT
CC|Child Care Available|Con cuidado de niños|BA
DF|Dog Friendly|Se admiten perros|
IS|Inventory Study|Estudio de inventario|
IW|Inventory Writing|Escritura de inventario|
MI|Mindfulness Practice|Práctica de atención plena|MED
PR|Process Focus|Enfoque en procesos|
WA|Wheelchair Access|Acceso en silla de ruedas|X
sa
B|Book Study|Estudio de libro|LIT
MI|Mixed|Mixta|
PP|Primary Purpose|Propósito primordial|
sca
COURT|Court|Tribunal|POA
GL|Graphic Language|Lenguaje gráfico|
H|Chips|Fichas|H
sia
GQ|Genderqueer|Género no conforme|
OSH|Open Share|Compartir abierto|D
STW|Steps Workshop|Taller de pasos|ST
slaa
12x12|Framework for Living|Marco para vivir|
ALLG|All Genders Welcome|Todos los géneros|
B|Book Study|Estudio de libro|LIT
CAM|Camera On|Con cámara|
GC|Getting Current|Ponerse al día|D
H|Chips|Fichas|H
HR|Healthy Relationships|Relaciones sanas|
MULT|Several Focuses|Varios enfoques|
NC|Newcomers|Principiantes|BE
NEUR|Neurodivergent|Personas neurodivergentes|
POA|Attendance Voucher|Comprobante de asistencia|POA
S123|Steps 1, 2 and 3|Pasos 1, 2 y 3|ST
SCRE|Screened|Con entrevista previa|
SPEC|Special Interest|Interés especial|
SPON|Sponsorship Focus|Enfoque en apadrinamiento|
TOPL|Top Lines|Líneas superiores|
TRMA|Trauma Focus|Enfoque en trauma|
VFOR|Varied Format|Formato variado|
WDRL|Withdrawal|Abstención|
ua
BIPOC|People of Color|Personas de color|POC
T|Tools|Herramientas|
"""
