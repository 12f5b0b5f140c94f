"""Places of China: recognition in a text, the gazetteer of divisions, and display names.

In: text in either script. Out: `PlaceMention` with offsets, `Division` of the gazetteer, `Place` for people.
"""

from retrieval.places.areas import is_local_area, is_unplaced
from retrieval.places.display import display_place
from retrieval.places.gazetteer import Division, area_within
from retrieval.places.name_candidates import may_open_with_place
from retrieval.places.recognition import PlaceMention, find_places, local_area, opening_name

__all__ = [
    "Division",
    "PlaceMention",
    "area_within",
    "display_place",
    "find_places",
    "is_local_area",
    "is_unplaced",
    "local_area",
    "may_open_with_place",
    "opening_name",
]
