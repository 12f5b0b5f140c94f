"""Places of China: which a text names, where it stands in the gazetteer, and how it is shown.

In: text in either script. Out: `PlaceMention` with offsets, `Division` of the gazetteer, `Place` for people.
"""

from retrieval.places.display import display_place
from retrieval.places.gazetteer import Division
from retrieval.places.recognition import PlaceMention, find_places, may_open_with_place

__all__ = [
    "Division",
    "PlaceMention",
    "display_place",
    "find_places",
    "may_open_with_place",
]
