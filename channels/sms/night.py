"""The hours at which nobody gets an SMS that they are not waiting for."""

from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FIRST_HOUR, LAST_HOUR = 8, 20  # in Paris


def is_night() -> bool:
    """Whether it is between 20 h and 8 h in Paris."""
    return not FIRST_HOUR <= datetime.now(PARIS).hour < LAST_HOUR
