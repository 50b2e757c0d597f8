"""The states as people call them, for lists to choose from (law: a table)."""

_NAMES = """
AL Alabama | AK Alaska | AS American Samoa | AZ Arizona | AR Arkansas | CA California | CO Colorado | CT Connecticut |
DE Delaware | DC District of Columbia | FL Florida | GA Georgia | GU Guam | HI Hawaii | ID Idaho | IL Illinois |
IN Indiana | IA Iowa | KS Kansas | KY Kentucky | LA Louisiana | ME Maine | MD Maryland | MA Massachusetts |
MI Michigan | MN Minnesota | MS Mississippi | MO Missouri | MT Montana | NE Nebraska | NV Nevada | NH New Hampshire |
NJ New Jersey | NM New Mexico | NY New York | NC North Carolina | ND North Dakota | MP Northern Mariana Islands |
OH Ohio | OK Oklahoma | OR Oregon | PA Pennsylvania | PR Puerto Rico | RI Rhode Island | SC South Carolina |
SD South Dakota | TN Tennessee | TX Texas | UT Utah | VT Vermont | VI U.S. Virgin Islands | VA Virginia |
WA Washington | WV West Virginia | WI Wisconsin | WY Wyoming
"""
#: Two letters -> name, in the order of the list.
STATE_NAMES = {each.split()[0]: " ".join(each.split()[1:]) for each in _NAMES.split("|")}
