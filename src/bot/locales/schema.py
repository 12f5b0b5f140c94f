"""What the interface says, in no language yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The interface in one language. Quotes are never translated; braces are filled by `replies`."""

    name: str
    """The language's own name."""
    between_names: str
    """What stands between the names of a list."""
    reads_simplified: bool
    """Whether a conversion to Simplified Chinese is offered beside the original."""

    # Greeting and help
    welcome: str
    covered: str
    try_these: str
    help: str
    greeting: str
    thanks: str
    goodbye: str
    who_are_you: str
    acknowledgement: str
    unknown_command: str
    only_text: str
    error: str
    commands: tuple[tuple[str, str], ...]
    language_question: str
    language_set: str

    # Asking
    ask_usage: str
    compare_usage: str
    ask_examples: tuple[str, ...]
    compare_examples: tuple[str, ...]
    empty_question: str
    also: str
    read_as: str
    no_more: str
    place_silent: str
    place_inside: str
    place_around: str
    passages_counted: str
    places_counted: str
    maybe_related: str
    not_found: str
    masked: str
    said_elsewhere: str
    out_of_scope: str
    place_not_covered: str
    reference: str
    converted: str

    # Searching
    search_usage: str
    search_examples: tuple[str, ...]
    results: str
    page: str
    no_results: str
    no_words_match: str
    unknown_place: str
    unknown_bulletin: str
    choose_place: str
    choose_bulletin: str
    search_forgotten: str

    # Browsing
    places: str
    bulletins: str
    place_items: str
    only_item: str
    sections: str
    lead: str
    no_place: str
    unknown_passage: str
    nearest: str
    stale_button: str

    # Feedback
    verdict_kept: str
    citation_reported: str
    answer_forgotten: str

    # Inline mode
    open_bot: str

    # Buttons: a phone shows about four characters each, three in a row
    browse_places: str
    browse_bulletins: str
    start_search: str
    start_help: str
    start_language: str
    home: str
    back: str
    previous_page: str
    next_page: str
    read_section: str
    more_results: str
    copy_reference: str
    wrong_citation: str
    to_simplified: str
    to_original: str
    previous: str
    next: str
    previous_section: str
    next_section: str
    whole_section: str
    contents: str
    elsewhere: str
    filter_place: str
    filter_bulletin: str
    no_filter: str
