"""Schema of the user-facing strings: one field a message, one instance of `Texts` a language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """Messages about verdicts on answers."""

    why: str
    reasons: dict[str, str]
    """Labels of the reasons of a thumbs-down, by the values of `records.Reason`."""
    reason_kept: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class InboxTexts:
    """The inbox of reports; `reports.report_reply` fills the braces."""

    title: str
    verdicts: dict[str, str]
    """Names of what was reported, by the values of `records.Verdict`."""
    reason: str
    no_reason: str
    question: str
    answer: str
    refused: str
    quote_gone: str
    decisions: dict[str, str]
    """Lines that say what an admin decided, by the values of `records.Decision`."""
    made: str
    unanswerable: str
    gone: str
    only_this: str
    empty: str
    right: str
    wrong: str
    make: str
    next: str
    how: str
    gold_quote: str
    gold_near: str
    gold_far: str
    back: str
    kept: str
    words_unknown: str
    words_common: str
    quote_missing: str
    not_written: str


@dataclass(frozen=True, slots=True)
class PurgeTexts:
    """Taking a bulletin out; `administration` fills the braces."""

    list: str
    unknown: str
    preview: str
    collection: str
    deletes_file: str
    keeps_file: str
    file_missing: str
    also: str
    final: str
    confirm: str
    changed: str
    cancelled: str
    only_one: str
    running: str
    busy: str
    failed: str
    done: str
    file_deleted: str
    nothing_older: str
    older_kept: str
    out_of_reach: str
    other_places: str


@dataclass(frozen=True, slots=True)
class RollbackTexts:
    """Going back to the previous index."""

    nothing_older: str
    question: str
    index: str
    lost: str
    back: str
    same: str
    passages: str
    confirm: str
    changed: str
    cancelled: str
    busy: str
    failed: str


@dataclass(frozen=True, slots=True)
class AdminTexts:
    """Messages and buttons that only admins see; `replies.admin` fills the braces."""

    commands: tuple[tuple[str, str], ...]
    """Names and descriptions of the admins' commands, in the order of the menu."""
    admins_only: str
    only_in_private: str

    # Rebuilding
    rebuild_started: str
    rebuild_stage: str
    stages: dict[str, str]
    """Names of the stages of a rebuild, by the name that `retrieval.progress` gives."""
    rebuild_left: str
    seconds: str
    minutes: str
    hours: str
    rebuild_running: str
    rebuild_done: str
    rebuild_nothing_new: str
    rebuild_findings: str
    rebuild_failed: str
    see_log: str
    rebuild_stopped: str
    rolled_back: str

    # Statistics
    stats: str
    no_times: str
    outcomes: dict[str, str]
    """Names of the outcomes of a question: answered, or the reason of a refusal."""

    # Uploads
    upload_too_big: str
    upload_format: str
    upload_recognizing: str
    upload_unreadable: str
    upload_preview: str
    upload_known: str
    upload_more: str
    upload_findings: str
    left_out: str
    left_out_separator: str
    left_out_reasons: dict[str, str]
    """Why lines of a file are in no passage, by the values of `LeftOutReason`."""
    upload_exists: str
    upload_same: str
    upload_placed: str
    upload_cancelled: str
    upload_gone: str
    upload_unavailable: str
    upload_taken: str
    upload_failed: str

    # Buttons
    add: str
    replace: str
    keep_both: str
    cancel: str
    rebuild_now: str

    # Screens of their own
    colon: str
    heading: str
    """Above the admins' commands in the help."""
    inbox: InboxTexts
    purge: PurgeTexts
    rollback: RollbackTexts


@dataclass(frozen=True, slots=True)
class AboutTexts:
    """Messages about the bot itself: coverage, quality, personal data; `replies.about` fills the braces."""

    coverage: str
    dates: str
    no_dates: str
    built: str
    no_measurement: str
    measured: str
    retention: str
    """The personal data that is kept, and for how long; shown below the help."""
    forgotten: str
    nothing_kept: str
    forget_question: str
    forget_rows: dict[str, str]
    """Names of what is kept, by the tables of the state."""
    forget_yes: str
    forget_no: str
    forget_kept: str
    forget_not_yours: str
    """At most 200 characters: it is shown as the alert of a button."""
    button: str
    """Label of the button that opens `/about`."""
    not_admitted: str


@dataclass(frozen=True, slots=True)
class BasketTexts:
    """The basket of quotes, and the files that are made of it or of an answer."""

    title: str
    empty_basket: str
    is_gone: str
    """Of a quote that no bulletin holds any more."""
    collected: str
    collected_before: str
    full: str
    unavailable: str
    nothing_to_export: str
    empty_question: str
    """The notices above and these are also shown as the alert of a button: at most 200 characters."""
    caption: str
    """Below a file."""

    # In the file; `document_title` is also the beginning of its name
    document_title: str
    bulletin_of_source: str
    between_parts: str
    no_date: str
    file_of_source: str
    verbatim_remark: str
    recognized_remark: str
    gone_remark: str

    # Buttons
    collect: str
    word: str
    markdown: str
    remove: str
    empty: str
    do_empty: str


@dataclass(frozen=True, slots=True)
class DeliveryTexts:
    """Notices about slow, late or lost answers and about too many messages."""

    wait: str
    late: str
    repeated: str
    unanswered: str
    """Worded so that it is also true below a complete answer: after a crash it is unknown whether the last call to
    Telegram succeeded."""
    too_many: str
    """At most 200 characters: it is also shown as the alert of a button."""


@dataclass(frozen=True, slots=True)
class WebTexts:
    """Texts of the pages; `web` fills the braces."""

    site: str
    skip: str
    footer: str
    static_notice: str
    search: str
    ask: str
    question: str
    answer: str
    words: str
    place: str
    bulletin: str
    results: str
    collections: str
    bulletins: str
    bulletins_counted: str
    contents: str
    all_parts: str
    pages: str
    beside: str
    previous_part: str
    next_part: str
    previous_bulletin: str
    next_bulletin: str
    script: str
    script_original: str
    script_simplified: str
    script_traditional: str
    converted_to_simplified: str
    converted_to_traditional: str
    changed: str
    passage_link: str
    picture: str
    not_found: str
    too_long: str
    too_many: str
    busy: str
    failed: str
    closed: str
    link_expired: str
    not_admitted: str
    key: str
    enter: str
    open_page: str
    """The button and the link that open the page of a citation."""


@dataclass(frozen=True, slots=True)
class GroupTexts:
    """Messages in chats that others read along."""

    start: str
    """Two lines of a phone."""
    whole_answer: str
    """Label of the button below a short answer."""
    open_bot: str
    """Label of the button that opens the private chat."""


@dataclass(frozen=True, slots=True)
class FollowingTexts:
    """Messages and buttons of subscriptions; `subscriptions.screens` fills the braces."""

    usage: str
    followed: str
    known: str
    by_day: str
    """This and the next are also shown as the notice of a button, so that they have at most 200 characters."""
    anytime: str
    too_many: str
    admins_only: str
    list: str
    none: str
    ended: str
    gone: str
    news: str
    more: str
    button_anytime: str
    button_by_day: str
    button_list: str


@dataclass(frozen=True, slots=True)
class WordingTexts:
    """Lines about sentences of a language model; `{host}` is the server that question and quotes go to."""

    label: str
    """Below the sentences and above the quotes."""
    sent_to: str
    """Once a chat, below the label."""
    is_on: str
    is_off: str
    usage: str
    unavailable: str
    help: str
    """Shown in the help where a model is set."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The interface in one language. Quotes are never translated; `replies` fills the braces."""

    name: str
    """The language's own name."""
    between_names: str
    """Separator of the names in a list."""
    reads_simplified: bool
    """Whether a conversion to Simplified Chinese is offered beside the original."""
    reads_latin: bool
    """Whether places are shown with their spelling in Latin letters, and quotes with what they are about."""
    glossary: tuple[tuple[str, str], ...]
    """Folded words of the bulletins with their meaning, for the line `about_quote`; empty where none is needed."""

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
    picture_not_read: str
    attachment_not_read: str
    edited_command: str
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
    about_quote: str
    read_as: str
    no_more: str
    nothing_to_go_on_from: str
    no_such_number: str
    nothing_listed: str
    filter_ignored: str
    name_ignored: str
    one_place_left: str
    place_inside: str
    place_around: str
    place_renamed: str
    place_merged: str
    passages_counted: str
    places_telling: str
    places_silent: str
    places_largest_first: str
    places_smallest_first: str
    places_one_figure: str
    """For one place alone that has such a figure."""
    column_place: str
    column_quote: str
    nearest_paragraph: str
    not_found: str
    masked: str
    said_elsewhere: str
    out_of_scope: str
    place_not_covered: str
    place_inside_covered: str
    newest_unknown: str
    date_not_covered: str
    newest_by_number: str
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
    items_of_overview: str
    lead: str
    no_place: str
    unknown_passage: str
    recognized: str
    """The end of a citation whose text was read from a picture."""
    page_picture: str
    no_picture: str
    nearest: str
    stale_button: str

    # Collections
    default_collection: str
    """Name of the collection of all files that are in no other."""
    collections: str
    one_collection: str
    choose_collection: str
    collection_admins_only: str
    """At most 200 characters: it is also shown as the alert of a button."""
    unknown_collection: str
    add_collection: str
    remove_collection: str

    # Feedback
    verdict_kept: str
    citation_reported: str
    answer_forgotten: str

    # Inline mode
    open_bot: str

    # The chat in a terminal
    terminal: str

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

    # Grouped by who sees them or when
    admin: AdminTexts
    about: AboutTexts
    basket: BasketTexts
    delivery: DeliveryTexts
    web: WebTexts
    groups: GroupTexts
    following: FollowingTexts
    reports: ReportTexts
    wording: WordingTexts
