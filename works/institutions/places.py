"""Countries as affiliations print them, folded, and the ISO 3166 codes that the registry uses.

States and provinces stand for their country. "Georgia", "Washington" and "New York" are left out: the first
is also a country, the others are cities, which the registry knows by themselves.
"""

from works.institutions.words import name_words

_COUNTRIES = """
AD andorra; AE united arab emirates/uae; AF afghanistan; AL albania; AM armenia; AO angola; AR argentina;
AT austria/osterreich; AU australia; AZ azerbaijan; BA bosnia and herzegovina/bosnia; BD bangladesh;
BE belgium/belgique/belgie; BF burkina faso; BG bulgaria; BH bahrain; BJ benin; BN brunei; BO bolivia; BR brazil/brasil;
BW botswana; BY belarus; CA canada; CD democratic republic of the congo; CH switzerland/schweiz/suisse/svizzera;
CI ivory coast; CL chile; CM cameroon; CN china/p r china/pr china/people's republic of china/prc; CO colombia;
CR costa rica; CU cuba; CY cyprus; CZ czech republic/czechia; DE germany/deutschland; DK denmark/danmark;
DO dominican republic; DZ algeria; EC ecuador; EE estonia; EG egypt; ES spain/espana; ET ethiopia; FI finland; FJ fiji;
FR france; GA gabon; GB united kingdom/uk/u k/great britain/england/scotland/wales/northern ireland; GH ghana;
GR greece/hellas; GT guatemala; HK hong kong; HN honduras; HR croatia; HU hungary; ID indonesia; IE ireland;
IL israel; IN india; IQ iraq; IR iran/islamic republic of iran; IS iceland; IT italy/italia; JM jamaica; JO jordan;
JP japan; KE kenya; KH cambodia; KR south korea/korea/republic of korea; KW kuwait; KZ kazakhstan; LA laos; LB lebanon;
LK sri lanka; LT lithuania; LU luxembourg; LV latvia; LY libya; MA morocco; MC monaco; MD moldova; ME montenegro;
MG madagascar; MK north macedonia/macedonia; ML mali; MM myanmar; MN mongolia; MO macau/macao; MT malta; MU mauritius;
MW malawi; MX mexico; MY malaysia; MZ mozambique; NA namibia; NE niger; NG nigeria; NI nicaragua;
NL netherlands/holland/nederland; NO norway/norge; NP nepal; NZ new zealand; OM oman; PA panama; PE peru;
PG papua new guinea; PH philippines; PK pakistan; PL poland/polska; PR puerto rico; PS palestine; PT portugal;
PY paraguay; QA qatar; RO romania; RS serbia; RU russia/russian federation/ussr; RW rwanda; SA saudi arabia; SD sudan;
SE sweden/sverige; SG singapore; SI slovenia; SK slovakia/slovak republic; SN senegal; SV el salvador; SY syria;
TH thailand; TN tunisia; TR turkey/turkiye; TT trinidad and tobago; TW taiwan; TZ tanzania; UA ukraine; UG uganda;
US usa/u s a/united states/united states of america; UY uruguay; UZ uzbekistan; VE venezuela; VN vietnam/viet nam;
YE yemen; ZA south africa; ZM zambia; ZW zimbabwe
"""
_STATES = """
US alabama/alaska/arizona/arkansas/california/colorado/connecticut/delaware/florida/hawaii/idaho/illinois/indiana/iowa/
kansas/kentucky/louisiana/maine/maryland/massachusetts/michigan/minnesota/mississippi/missouri/montana/nebraska/nevada/
new hampshire/new jersey/new mexico/north carolina/north dakota/ohio/oklahoma/oregon/pennsylvania/rhode island/
south carolina/south dakota/tennessee/texas/utah/vermont/virginia/west virginia/wisconsin/wyoming;
CA ontario/quebec/british columbia/alberta/manitoba/saskatchewan/nova scotia; AU new south wales/queensland
"""
_STATE_CODES = (
    "AL AK AZ AR CA CO CT DC FL GA HI IA ID IL IN KS KY LA MA MD MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA RI "
    "SC SD TN TX UT VA VT WA WI WV WY"
)
# "us" is a pronoun and "de" an article: as codes they count in capitals only.
CODES_IN_CAPITALS = {
    **dict.fromkeys(_STATE_CODES.split(), "US"),
    "US": "US",
    "UK": "GB",
    "PRC": "CN",
    "ROC": "TW",
    "UAE": "AE",
    "USSR": "RU",
    "NSW": "AU",
}


def _table(text: str) -> dict[tuple[str, ...], str]:
    """Words as `words.name_words` leaves them, to codes."""
    rows = (entry.strip().split(" ", 1) for entry in text.replace("/\n", "/").replace("\n", " ").split(";"))
    return {name_words(name): code for code, names in rows for name in names.split("/")}


COUNTRY_BY_WORDS = _table(_COUNTRIES)
COUNTRY_BY_STATE = _table(_STATES)
# A part of one country to the registry, a country of its own in print, and the other way round.
SAME_COUNTRY = {frozenset({"CN", "HK"}), frozenset({"CN", "MO"}), frozenset({"CN", "TW"}), frozenset({"US", "PR"})}
