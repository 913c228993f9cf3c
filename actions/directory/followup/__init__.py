"""What people tell us of the directory: wrong records, and needs that nothing answers.

Nothing here says who spoke: no name, no pseudonym, no words, no hour.
"""

from actions.directory.followup.models import INDIRECT, NOTHING, Besoin, Signalement
from actions.directory.followup.reports import confirm, doubted, place_of, report
from actions.directory.followup.unmet import count

__all__ = [
    "INDIRECT",
    "NOTHING",
    "Besoin",
    "Signalement",
    "confirm",
    "count",
    "doubted",
    "place_of",
    "report",
]
