"""Writes decisions.tsv: what is decided about messages, worked out by another road than the program's.

Zones of places are written down by hand, clocks are those of Python's zoneinfo, an allowed moment is found by walking
from minute to minute. Run it with Python 3.9 or later, look at the difference, then at the test.
"""

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

UTC = timezone.utc

# --- the rules, with where they stand -------------------------------------------------------------------------------

FEDERAL = "47 CFR 64.1200(c)(1)"
COURTESY = "our own courtesy"
SOURCES = {
    "consent.stopped": "47 CFR 64.1200(a)(10); CAN-SPAM, 15 U.S.C. 7704(a)(4)",
    "consent.none": "47 U.S.C. 227(b)(1)(A)",
    "suppressed": "the rules of receiving mail providers, RFC 8058 and their sender guidelines",
    "reply.late": "47 CFR 64.1200(a)(12)",
    "cap.month": "our own promise to whoever agrees to texts",
    "hours.federal": FEDERAL,
    "hours.courtesy": COURTESY,
    "hours.none": COURTESY,
}
# hours of weekdays, Saturdays, Sundays; closed on holidays; texts a day; where it stands
LAWS = {
    "AL": ((8, 20), (8, 20), None, True, None, "Ala. Code 8-19A-1 ff. and rules of its Public Service Commission"),
    "CT": ((9, 20), (9, 20), (9, 20), False, None, "Conn. Gen. Stat. 42-288a"),
    "FL": ((8, 20), (8, 20), (8, 20), False, 3, "Fla. Stat. 501.616(6)"),
    "KY": ((10, 21), (10, 21), (10, 21), False, None, "Ky. Rev. Stat. 367.46955"),
    "LA": ((8, 20), (8, 20), None, True, None, "La. Rev. Stat. 45:844.11 ff. and orders of its Public Service Commission"),
    "MA": ((8, 20), (8, 20), (8, 20), False, None, "Mass. Gen. Laws c. 159C"),
    "MD": ((8, 20), (8, 20), (8, 20), False, 3, "Md. Code, Com. Law 14-4501 ff."),
    "MI": ((9, 21), (9, 21), (9, 21), False, None, "Mich. Comp. Laws 445.111 ff."),
    "MN": ((9, 21), (9, 21), (9, 21), False, None, "Minn. Stat. 325E.30"),
    "MS": ((8, 20), (8, 20), None, True, None, "Miss. Code 77-3-701 ff."),
    "NJ": ((8, 20), (8, 20), (8, 20), False, 3, "N.J. Stat. 56:8-119 ff."),
    "NM": ((9, 21), (9, 21), (9, 21), False, None, "N.M. Stat. 57-12-22"),
    "NV": ((9, 20), (9, 20), (9, 20), False, None, "Nev. Rev. Stat. 598.0918"),
    "OK": ((8, 20), (8, 20), (8, 20), False, 3, "Okla. Stat. tit. 15 s. 775C.4"),
    "PA": ((8, 21), (8, 21), (8, 21), True, None, "73 Pa. Stat. 2241 ff."),
    "RI": ((9, 18), (10, 17), (10, 17), True, None, "R.I. Gen. Laws 5-61-3.6"),
    "TX": ((9, 21), (9, 21), (12, 21), False, None, "Tex. Bus. & Com. Code 301.051"),
    "WA": ((8, 20), (8, 20), (8, 20), False, None, "Wash. Rev. Code 80.36.390"),
}
# the federal holidays that opm.gov lists for 2026 and 2027, with the days on which those of weekends are observed
FEDERAL_HOLIDAYS = [
    "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-07-04", "2026-09-07",
    "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25", "2027-01-01", "2027-01-18", "2027-02-15",
]
HOLIDAYS = {
    "AL": ["2026-04-27", "2026-06-01"],  # Confederate Memorial Day, Jefferson Davis' birthday
    "LA": ["2026-02-17", "2026-04-03"],  # Mardi Gras, Good Friday
    "MS": ["2026-04-27"],
    "RI": ["2026-08-10"],  # Victory Day
    "PA": [],
}

# --- places: name, state, ZIP code, area code, zones by hand ----------------------------------------------------------

E, C, M, P = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
BOISE, PHOENIX, DETROIT, MENOMINEE = "America/Boise", "America/Phoenix", "America/Detroit", "America/Menominee"
INDY, LOUISVILLE = "America/Indiana/Indianapolis", "America/Kentucky/Louisville"
ANCHORAGE, ADAK, HONOLULU = "America/Anchorage", "America/Adak", "Pacific/Honolulu"

CAPITALS = [
    ("Anchorage", "AK", "99501", [ANCHORAGE]), ("Birmingham", "AL", "35203", [C]), ("Little Rock", "AR", "72201", [C]),
    ("Pago Pago", "AS", "96799", ["Pacific/Pago_Pago"]), ("Phoenix", "AZ", "85003", [PHOENIX]),
    ("Los Angeles", "CA", "90012", [P]), ("Denver", "CO", "80202", [M]), ("Hartford", "CT", "06103", [E]),
    ("Washington", "DC", "20001", [E]), ("Wilmington", "DE", "19801", [E]), ("Miami", "FL", "33130", [E]),
    ("Atlanta", "GA", "30303", [E]), ("Hagatna", "GU", "96910", ["Pacific/Guam"]), ("Honolulu", "HI", "96813", [HONOLULU]),
    ("Des Moines", "IA", "50309", [C]), ("Boise", "ID", "83702", [BOISE]), ("Chicago", "IL", "60601", [C]),
    ("Indianapolis", "IN", "46204", [INDY]), ("Wichita", "KS", "67202", [C]), ("Louisville", "KY", "40202", [LOUISVILLE]),
    ("New Orleans", "LA", "70112", [C]), ("Boston", "MA", "02108", [E]), ("Baltimore", "MD", "21201", [E]),
    ("Portland", "ME", "04101", [E]), ("Detroit", "MI", "48226", [DETROIT]), ("Minneapolis", "MN", "55401", [C]),
    ("St. Louis", "MO", "63101", [C]), ("Saipan", "MP", "96950", ["Pacific/Saipan"]), ("Jackson", "MS", "39201", [C]),
    ("Helena", "MT", "59601", [M]), ("Raleigh", "NC", "27601", [E]), ("Fargo", "ND", "58102", [C]),
    ("Omaha", "NE", "68102", [C]), ("Concord", "NH", "03301", [E]), ("Newark", "NJ", "07102", [E]),
    ("Albuquerque", "NM", "87102", [M]), ("Las Vegas", "NV", "89101", [P]), ("New York", "NY", "10001", [E]),
    ("Columbus", "OH", "43215", [E]), ("Oklahoma City", "OK", "73102", [C]), ("Portland", "OR", "97201", [P]),
    ("Philadelphia", "PA", "19103", [E]), ("San Juan", "PR", "00901", ["America/Puerto_Rico"]),
    ("Providence", "RI", "02903", [E]), ("Columbia", "SC", "29201", [E]), ("Sioux Falls", "SD", "57104", [C]),
    ("Nashville", "TN", "37201", [C]), ("Houston", "TX", "77002", [C]), ("Salt Lake City", "UT", "84101", [M]),
    ("Richmond", "VA", "23219", [E]), ("Charlotte Amalie", "VI", "00802", ["America/St_Thomas"]),
    ("Montpelier", "VT", "05602", [E]), ("Seattle", "WA", "98101", [P]), ("Milwaukee", "WI", "53202", [C]),
    ("Charleston", "WV", "25301", [E]), ("Cheyenne", "WY", "82001", [M]),
]
# states with two zones, and towns that keep other hours than the law says
SPLIT = [
    ("Pensacola", "FL", "32501", [C]), ("Miami", "FL", "33130", [E]), ("somewhere in Florida", "FL", "", [E, C]),
    ("Phenix City", "AL", "36867", [E, C]), ("Nashville", "TN", "37201", [C]), ("Knoxville", "TN", "37902", [E]),
    ("somewhere in Tennessee", "TN", "", [C, E]), ("Louisville", "KY", "40202", [LOUISVILLE]), ("Paducah", "KY", "42001", [C]),
    ("Indianapolis", "IN", "46204", [INDY]), ("Gary", "IN", "46402", [C]), ("Detroit", "MI", "48226", [DETROIT]),
    ("Iron Mountain", "MI", "49801", [MENOMINEE]), ("Fargo", "ND", "58102", [C]), ("Dickinson", "ND", "58601", [M]),
    ("Sioux Falls", "SD", "57104", [C]), ("Rapid City", "SD", "57701", [M]), ("Omaha", "NE", "68102", [C]),
    ("Scottsbluff", "NE", "69361", [M]), ("Wichita", "KS", "67202", [C]), ("Goodland", "KS", "67735", [M]),
    ("Houston", "TX", "77002", [C]), ("El Paso", "TX", "79901", [M]), ("somewhere in Texas", "TX", "", [C, M]),
    ("Boise", "ID", "83702", [BOISE]), ("Coeur d'Alene", "ID", "83814", [P]), ("somewhere in Idaho", "ID", "", [BOISE, P]),
    ("Portland", "OR", "97201", [P]), ("Ontario", "OR", "97914", [BOISE]), ("West Wendover", "NV", "89883", [P, M]),
    ("Phoenix", "AZ", "85003", [PHOENIX]), ("Window Rock", "AZ", "86515", [M]), ("somewhere in Arizona", "AZ", "", [PHOENIX, M]),
    ("Anchorage", "AK", "99501", [ANCHORAGE]), ("Adak", "AK", "99546", [ADAK]),
]
BY_NAME = {(name, state): (name, state, zip_code, zones) for name, state, zip_code, zones in CAPITALS + SPLIT}
# the 50 states and the District, for whom nothing is known of
ANYWHERE = [
    E, C, M, P, BOISE, PHOENIX, DETROIT, MENOMINEE, INDY, LOUISVILLE, ANCHORAGE, ADAK, HONOLULU, "America/Nome",
    "America/Juneau", "America/Sitka", "America/Yakutat", "America/Metlakatla",
]


class Place:
    def __init__(self, name, state, zip_code, zones, phone="", phone_states=(), county=""):
        self.name, self.state, self.zip, self.zones = name, state, zip_code, zones
        self.phone, self.county = phone, county
        self.states = sorted({state, *phone_states} - {""}) or sorted(LAWS)


def place(name, state):
    return Place(*BY_NAME[(name, state)])


# --- what is allowed when ----------------------------------------------------------------------------------------------


def law_hours(state, day):
    weekdays, saturday, sunday, closes, _, _ = LAWS[state]
    if closes and day.isoformat() in FEDERAL_HOLIDAYS + HOLIDAYS[state]:
        return None
    return {5: saturday, 6: sunday}.get(day.weekday(), weekdays)


def hours_of(rule, day):
    if rule == "hours.federal":
        return (8, 21)
    if rule == "hours.courtesy":
        return (9, 20)
    return law_hours(rule.rsplit(".", 1)[1], day)


@lru_cache(maxsize=None)
def zone_of(name):
    return ZoneInfo(name)


def open_by(rule, zones, at):
    for name in zones:
        local = at.astimezone(zone_of(name))
        hours = hours_of(rule, local.date())
        if hours is None or not hours[0] <= local.hour < hours[1]:
            return False
    return True


def first_open(rules, zones, at):
    """Minute by minute. Whatever opens does so at a full minute."""
    if all(open_by(rule, zones, at) for rule in rules):
        return at
    moment = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    end = at + timedelta(days=12)
    while moment < end:
        if all(open_by(rule, zones, moment) for rule in rules):
            return moment
        # a quarter of an hour is a step on every clock of the United States
        moment += timedelta(minutes=15 - moment.minute % 15 if moment.minute % 15 else 15)
    return None


POLITE = {"unfinished", "reminder", "progress", "chase", "campaign"}
COUNTED = POLITE | {"next_steps"}


def standing(ledger, sender, purpose, now):
    # "~" takes back what was said at that moment for the same messages
    void = {(scope, at) for choice, scope, at in ledger if choice == "~"}
    heard = []
    for choice, scope, at in ledger:
        if choice == "~" or (scope, at) in void:
            continue
        concerns = (
            scope == "all"
            or scope == sender
            or scope == "purpose:" + purpose
        )
        if concerns and (choice == "-" or at <= now):
            heard.append((at, choice == "-", choice))
    return max(heard)[2] if heard else None


def decide(where, channel, purpose, sender, ledger, counted, suppressed, wrote, now):
    if suppressed:
        return "refuse", None, "suppressed"
    if purpose == "reply":
        soon = wrote is not None and timedelta(0) <= now - wrote <= timedelta(minutes=5)
        return ("send", None, None) if soon else ("refuse", None, "reply.late")
    stands = standing(ledger, sender, purpose, now)
    if stands == "-" and not (channel in ("email", "letter") and purpose == "service"):
        return "refuse", None, "consent.stopped"
    if purpose == "code":
        return "send", None, None
    if stands is None and channel == "sms":
        return "refuse", None, "consent.none"
    rules = []
    if channel == "sms":
        rules += ["hours.state." + state for state in where.states if state in LAWS] + ["hours.federal"]
    if purpose in POLITE:
        rules.append("hours.courtesy")
    if channel == "sms" and purpose in COUNTED:
        if sum(timedelta(0) <= now - at < timedelta(days=30) for at in counted) >= 4:
            return "refuse", None, "cap.month"
        rests = []
        for state in where.states:
            most = LAWS.get(state, [None] * 6)[4]
            last = sorted(counted, reverse=True)
            if most and len(last) >= most and last[most - 1] + timedelta(days=1) > now:
                rests.append((last[most - 1] + timedelta(days=1), state))
        if rests:
            until, state = max(rests)
            return "hold", first_open(rules, where.zones, until), "cap.day." + state
    at = first_open(rules, where.zones, now)
    if at is None:
        return "refuse", None, "hours.none"
    if at == now:
        return "send", None, None
    longest = None
    for rule in rules:
        alone = first_open([rule], where.zones, now)
        if alone is None:
            return "refuse", None, "hours.none"
        if alone > now and (longest is None or alone > longest[0]):
            longest = (alone, rule)
    return "hold", at, longest[1]


# --- the rows ------------------------------------------------------------------------------------------------------------

rows, seen = [], set()
YES = [("+", "all", datetime(2025, 12, 1, 12, tzinfo=UTC))]


def local(zone, text, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(zone), fold=fold).astimezone(UTC)


def wire(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def source_of(rule, where, channel, purpose):
    if rule is None:
        if purpose == "reply":
            return SOURCES["reply.late"]
        if purpose == "code":
            # whoever asks for it agrees to it
            return SOURCES["consent.none"]
        if channel != "sms":
            return COURTESY
        strict = [LAWS[state][5] for state in where.states if state in LAWS]
        return strict[0] if strict else FEDERAL
    if rule in SOURCES:
        return SOURCES[rule]
    return LAWS[rule.rsplit(".", 1)[1]][5]


def row(where, channel, purpose, now, sender="service", ledger=YES, counted=(), suppressed=False, wrote=None):
    what, at, rule = decide(where, channel, purpose, sender, list(ledger), list(counted), suppressed, wrote, now)
    said = ";".join(f"{choice}{scope}@{wire(when)}" for choice, scope, when in ledger)
    columns = [
        where.name, where.state, where.zip, where.county, where.phone, channel, purpose, sender, said,
        ";".join(wire(when) for when in counted), "yes" if suppressed else "", wire(wrote) if wrote else "", wire(now),
        what + (" " + wire(at) if at else ""), rule or "", source_of(rule, where, channel, purpose),
    ]
    if tuple(columns) not in seen:
        seen.add(tuple(columns))
        rows.append(columns)


# every state: a campaign in the last half hour of ours, a welcome half an hour after it, both on a Tuesday
for name, state, zip_code, zones in CAPITALS:
    where = Place(name, state, zip_code, zones)
    row(where, "sms", "campaign", local(zones[0], "2026-06-02T19:30"))
    row(where, "sms", "welcome", local(zones[0], "2026-06-02T20:30"))

# both nights on which the clocks change, to the minute
EDGES = [
    place(*key) for key in [
        ("Miami", "FL"), ("Pensacola", "FL"), ("Phenix City", "AL"), ("somewhere in Tennessee", "TN"), ("Louisville", "KY"),
        ("Iron Mountain", "MI"), ("El Paso", "TX"), ("Boise", "ID"), ("Ontario", "OR"), ("West Wendover", "NV"),
        ("Window Rock", "AZ"), ("somewhere in Arizona", "AZ"), ("Anchorage", "AK"), ("Adak", "AK"), ("New York", "NY"),
        ("Seattle", "WA"), ("New Orleans", "LA"), ("Providence", "RI"),
    ]
]
for number, where in enumerate(EDGES):
    changing = [zone for zone in where.zones if zone != PHOENIX][0]
    for text, fold in [
        ("2026-03-08T01:00", 0), ("2026-03-08T01:59", 0), ("2026-03-08T03:00", 0),
        ("2026-11-01T01:00", 0), ("2026-11-01T01:59", 0), ("2026-11-01T01:00", 1), ("2026-11-01T01:59", 1),
    ]:
        now = local(changing, text, fold)
        channel, purpose = [("sms", "reminder"), ("sms", "next_steps"), ("email", "chase"), ("email", "service")][number % 4]
        row(where, channel, purpose, now)
        number += 1

# the mornings and evenings after
for where in EDGES[:12] + [place("Phoenix", "AZ"), place("Honolulu", "HI"), place("San Juan", "PR")]:
    for text in ["2026-03-08T08:59", "2026-03-08T09:00", "2026-11-01T08:59", "2026-11-01T19:59", "2026-11-01T20:00"]:
        row(where, "sms", "reminder", local(where.zones[0], text))

# states with two zones: the hour that is one here and another there
for name, state, zip_code, zones in SPLIT:
    where = Place(name, state, zip_code, zones)
    for text in ["2026-01-13T08:30", "2026-01-13T09:30", "2026-07-14T19:30", "2026-07-14T20:15"]:
        row(where, "sms", "campaign" if text.startswith("2026-01") else "welcome", local(zones[0], text))

# the states' own hours, to the minute
for state, (weekdays, *_rest) in LAWS.items():
    where = next(Place(*it) for it in CAPITALS if it[1] == state)
    for hour, minus in [(weekdays[0], 1), (weekdays[0], 0), (weekdays[1], 1), (weekdays[1], 0)]:
        at = local(where.zones[0], f"2026-09-16T{hour:02}:00") - timedelta(minutes=minus)
        row(where, "sms", "next_steps", at)
for name, state in [("Birmingham", "AL"), ("New Orleans", "LA"), ("Jackson", "MS"), ("Providence", "RI"), ("Houston", "TX"), ("Philadelphia", "PA")]:
    where = place(name, state)
    for text in [
        "2026-09-19T17:30", "2026-09-20T10:30", "2026-09-20T12:00", "2026-11-26T11:00", "2026-07-03T11:00", "2026-04-27T11:00",
        "2026-04-03T11:00",
    ]:
        row(where, "sms", "progress", local(where.zones[0], text))

# what was said, unsaid and said again, in any order
DAY = lambda day, hour=12: datetime(2026, 5, day, hour, tzinfo=UTC)
NOON, NIGHT = datetime(2026, 6, 2, 16, tzinfo=UTC), datetime(2026, 6, 2, 5, tzinfo=UTC)
LEDGERS = [
    [],
    [("-", "all", DAY(1))],
    [("+", "all", DAY(1)), ("-", "all", DAY(2))],
    [("-", "all", DAY(2)), ("+", "all", DAY(1))],
    [("-", "all", DAY(1)), ("+", "all", DAY(2))],
    [("+", "all", DAY(2)), ("-", "all", DAY(1))],
    [("+", "all", DAY(2)), ("-", "all", DAY(2))],
    [("+", "all", DAY(1)), ("-", "all", DAY(2)), ("+", "all", DAY(3)), ("-", "all", DAY(3))],
    [("-", "all", DAY(4)), ("+", "all", DAY(5)), ("+", "all", DAY(1)), ("-", "all", DAY(3))],
    [("+", "all", DAY(1)), ("-", "subscriber:1", DAY(2))],
    [("-", "all", DAY(1)), ("+", "subscriber:1", DAY(2))],
    [("+", "subscriber:1", DAY(1)), ("-", "all", DAY(2))],
    [("+", "service", DAY(1)), ("-", "subscriber:1", DAY(2))],
    [("+", "subscriber:2", DAY(1))],
    [("+", "all", DAY(1)), ("-", "purpose:campaign", DAY(2))],
    [("-", "all", DAY(1)), ("+", "purpose:reminder", DAY(2))],
    [("+", "all", datetime(2026, 6, 3, 12, tzinfo=UTC)), ("-", "all", DAY(1))],
    [("+", "all", DAY(1)), ("-", "all", datetime(2026, 6, 3, 12, tzinfo=UTC))],
    # taken back: a wrong stop, the first of two, a wrong yes, one that is said again, one of other messages
    [("+", "all", DAY(1)), ("-", "all", DAY(2)), ("~", "all", DAY(2))],
    [("~", "all", DAY(2)), ("-", "all", DAY(2)), ("+", "service", DAY(1))],
    [("+", "all", DAY(1)), ("-", "all", DAY(2)), ("-", "all", DAY(3)), ("~", "all", DAY(2))],
    [("-", "all", DAY(1)), ("+", "all", DAY(2)), ("~", "all", DAY(2))],
    [("+", "all", DAY(1)), ("-", "all", DAY(2)), ("~", "all", DAY(2)), ("-", "all", DAY(4))],
    [("+", "all", DAY(1)), ("-", "all", DAY(2)), ("~", "service", DAY(2))],
    [("-", "all", DAY(2)), ("~", "all", DAY(2))],
]
for ledger in LEDGERS:
    for sender in ["service", "subscriber:1"]:
        for purpose in ["reminder", "campaign"]:
            row(place("Columbus", "OH"), "sms", purpose, NOON, sender=sender, ledger=ledger)
    row(place("Knoxville", "TN"), "email", "chase", NOON, sender="subscriber:1", ledger=ledger)
    row(place("Knoxville", "TN"), "email", "service", NIGHT, sender="subscriber:1", ledger=ledger)

# every channel and purpose by day and by night; addresses that take nothing
for channel in ["sms", "email"]:
    for purpose in ["service", "welcome", "next_steps", "unfinished", "reminder", "progress", "chase", "campaign"]:
        for now in [NOON, NIGHT]:
            row(place("Atlanta", "GA"), channel, purpose, now, ledger=YES if channel == "sms" else [])
        row(place("Atlanta", "GA"), channel, purpose, NOON, suppressed=True)
# forms to offices and voters go at any hour; no fax to an office that wants none
for channel in ["fax", "letter"]:
    for ledger in [[], YES, [("-", "all", DAY(1))], [("-", "all", DAY(1)), ("+", "all", DAY(2))]]:
        for now in [NOON, NIGHT]:
            row(place("Columbus", "OH"), channel, "service", now, ledger=ledger)
for seconds in [-1, 0, 1, 60, 299, 300, 301, 3600]:
    wrote = NIGHT - timedelta(seconds=seconds)
    row(place("Columbus", "OH"), "sms", "reply", NIGHT, ledger=[("-", "all", NIGHT)], wrote=wrote)
row(place("Columbus", "OH"), "sms", "reply", NIGHT)

# a code to sign in by: at any hour, without another yes, not after a no
for ledger in [[], YES, [("-", "all", DAY(1))], [("-", "service", DAY(1))], [("-", "purpose:campaign", DAY(1))], [("-", "all", DAY(1)), ("+", "all", DAY(2))], [("-", "all", DAY(1)), ("~", "all", DAY(1))]]:
    for now in [NOON, NIGHT]:
        row(place("Columbus", "OH"), "sms", "code", now, ledger=ledger)
row(place("Birmingham", "AL"), "sms", "code", datetime(2026, 11, 29, 8, tzinfo=UTC), ledger=[])
row(place("Miami", "FL"), "sms", "code", NIGHT, ledger=[], counted=[NIGHT - timedelta(hours=hours) for hours in (1, 2, 3, 4)])
row(place("Columbus", "OH"), "sms", "code", NOON, ledger=[], suppressed=True)

# how often
for name, state in [("Miami", "FL"), ("Baltimore", "MD"), ("Newark", "NJ"), ("Oklahoma City", "OK"), ("Columbus", "OH")]:
    where = place(name, state)
    for counted in [
        [NOON - timedelta(hours=hours) for hours in (1, 2, 3)],
        [NOON - timedelta(hours=hours) for hours in (1, 2, 23)],
        [NOON - timedelta(hours=hours) for hours in (1, 2, 24)],
        [NOON - timedelta(days=days) for days in (3, 10, 20, 29)],
        [NOON - timedelta(days=days) for days in (3, 10, 20, 30)],
    ]:
        row(where, "sms", "campaign", NOON, counted=counted)
    row(where, "sms", "service", NOON, counted=[NOON - timedelta(hours=hours) for hours in (1, 2, 3, 4)])

# what the number says where no address does, or another one; counties
TELLS = [
    Place("a number of Manhattan", "", "", [E], "+12125550123", ["NY"]),
    Place("a number of the Panhandle", "", "", [E, C], "+18505550123", ["FL"]),
    Place("a number of Hawaii, in Ohio", "OH", "43215", [E, HONOLULU], "+18085550123", ["HI"]),
    Place("a number of Chicago, in Los Angeles", "CA", "90012", [P, C], "+13125550123", ["IL"]),
    Place("a number of Texas, in New York", "NY", "10001", [E, C], "+17135550123", ["TX"]),
    Place("a number of the Panhandle, in Pensacola", "FL", "32501", [C], "+18505550123", ["FL"]),
    Place("a number of Providence, in Guam", "GU", "96910", ["Pacific/Guam", E], "+14015550123", ["RI"]),
    Place("a number of no place", "", "", ANYWHERE, "+18005550123"),
    Place("Escambia County", "FL", "", [C], county="12033"),
    Place("Gulf County", "FL", "", [E, C], county="12045"),
    Place("Malheur County", "OR", "", [BOISE, P], county="41045"),
    Place("a ZIP code of Pensacola, said to be in Ohio", "OH", "32501", [C, E]),
    Place("a ZIP code alone", "", "97914", [BOISE]),
]
TELLS[-1].states = ["OR"]
for where in TELLS:
    for text in ["2026-07-14T12:30Z", "2026-07-14T14:30Z", "2026-07-14T19:30Z", "2026-07-14T23:30Z", "2026-07-15T00:30Z"]:
        now = datetime.fromisoformat(text.replace("Z", "+00:00"))
        row(where, "sms", "reminder", now)

HEAD = [
    "place", "state", "zip", "county", "phone", "channel", "purpose", "sender", "ledger", "counted", "suppressed", "wrote",
    "now", "expected", "rule", "source",
]
text = "\n".join("\t".join(columns) for columns in [HEAD, *rows]) + "\n"
Path(__file__).with_name("decisions.tsv").write_text(text, encoding="utf-8")
print(len(rows), "decisions")
