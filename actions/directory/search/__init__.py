"""Search of the directory. The session belongs to the caller; `today` is the day in Paris."""

from actions.directory.schemas import (
    DEFAULT_LIMIT,
    DEFAULT_RADIUS_KM,
    NO_CONDITION,
    Conditions,
    Match,
    SearchQuery,
    record_view,
)
from actions.directory.search.contacts import ROLES, find_contacts, nearest_with_phone
from actions.directory.search.events import search_events, search_offers
from actions.directory.search.explain import explain, in_lines
from actions.directory.search.names import get_records, search_by_name
from actions.directory.search.services import commune_at, search_services, verdicts_of

__all__ = [
    "DEFAULT_LIMIT",
    "DEFAULT_RADIUS_KM",
    "NO_CONDITION",
    "ROLES",
    "Conditions",
    "Match",
    "SearchQuery",
    "commune_at",
    "explain",
    "find_contacts",
    "get_records",
    "in_lines",
    "nearest_with_phone",
    "record_view",
    "search_by_name",
    "search_events",
    "search_offers",
    "search_services",
    "verdicts_of",
]
