"""Name a browser by what it sends of itself, for people who look where they are logged in. Pure."""

# The first that fits counts: every browser also claims to be older ones.
BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]
LONGEST = 60


def name_browser(user_agent: str) -> str:
    """Return a browser and a system in words, such as "Firefox on Linux"; what is neither is shown as it was sent."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return user_agent[:LONGEST] or "An unnamed browser"
