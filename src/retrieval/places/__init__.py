"""Places of China: recognition in a text, the gazetteer of divisions, and display names.

In: text in either script. Out: `PlaceMention` with offsets, `Division` of the gazetteer, `Place` for people.
"""

from retrieval.places.display import display_place
from retrieval.places.gazetteer import Division
from retrieval.places.name_candidates import may_open_with_place
from retrieval.places.recognition import PlaceMention, find_places

__all__ = [
    "Division",
    "PlaceMention",
    "display_place",
    "find_places",
    "may_open_with_place",
]
