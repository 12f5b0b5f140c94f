"""The interface in English."""

from __future__ import annotations

from bot.locales.schema import Texts

EN = Texts(
    name="English",
    between_names=", ",
    reads_simplified=False,
    welcome=(
        "Hello! I answer questions about the civic bulletins (精神文明建設工作簡報) <b>in their own words</b>, with the "
        "city and section, one tap from the paragraph.\n\nJust type a question, or browse with the buttons below."
    ),
    covered="<b>Covered</b>: {places}",
    try_these="<b>Try</b>",
    help=(
        "<b>Ask</b>\nType a question in Chinese (either script) or English. Reply to an answer to go on from it; edit "
        "your question and its answer changes.\n\n"
        "<b>Commands</b>\n/ask QUESTION: ask\n/search WORDS: paragraphs; add @place #bulletin, such as /search 志願者 @重慶 "
        "#篇3\n/compare PLACE PLACE TOPIC: places side by side\n/places: browse by place\n/bulletins: table of "
        "contents\n/lang: language of the interface\n"
        "/about: what is covered and how good it is\n/forget: delete all about you\n\n"
        "<b>Reading an answer</b>\nText in 「」 is verbatim; 〔1〕 opens its paragraph. What the bulletins do not say, I "
        "say they do not.\n\n"
        "<b>In other chats</b>\nType my name and some words to quote a paragraph; in groups I answer when mentioned "
        "or replied to."
    ),
    greeting="Hello! What would you like to know from the bulletins? Just ask, for example: 北京榜樣每個月評出多少人？",
    thanks="You are welcome! Ask on whenever you like.",
    goodbye="Goodbye, come back any time.",
    who_are_you="I am a bot that answers questions about the civic bulletins in their own words, with citations. "
    "What they do not say, I say they do not.",
    acknowledgement="All right. Ask whenever there is more to look up.",
    unknown_command="There is no such command.",
    only_text="I can only read text: please type your question.",
    error="Sorry, something went wrong here. Please try again later. (No. {error_id})",
    commands=(
        ("ask", "Ask a question"),
        ("search", "Find paragraphs"),
        ("compare", "Compare places"),
        ("places", "Browse by place"),
        ("bulletins", "Table of contents"),
        ("lang", "Language"),
        ("about", "Coverage and quality"),
        ("help", "How to use me"),
    ),
    language_question="Which language for the interface? (Quotes always stay in the original.)",
    language_set="The interface is now in English.",
    ask_usage="Write the question after /ask, for example: /ask 北京榜樣每個月評出多少人？\nOr tap an example.",
    compare_usage="Write places and a topic after /compare, for example: /compare 北京 山東 好人\nOr tap an example.",
    ask_examples=(
        "北京榜樣每個月評出多少人？",
        "How many people does Beijing list each month?",
        "大連推出了多少個公益項目？",
    ),
    compare_examples=("北京 山東 好人", "江蘇 黑龍江 志願服務", "南京 長沙 微信"),
    empty_question="Please write your question in words, for example: 北京榜樣每個月評出多少人？",
    also="See also",
    read_as="Read as: {reading}",
    no_more="The bulletins hold nothing more that answers this directly.",
    place_silent="not mentioned in the bulletins",
    place_inside="You asked about {asked}; this is from {cited}, which lies in it.",
    place_around="The bulletins have no item of its own for {asked}; this is from {cited}.",
    passages_counted="{count} ¶",
    places_counted="Places that mention it: {count}",
    maybe_related="Possibly related",
    not_found="The bulletins do not seem to answer this.",
    said_elsewhere="The bulletins do not say this of “{asked}”; they say it of “{told_of}”.",
    masked="The bulletins mention it, but the figure is masked in the source (20xx, xx):",
    out_of_scope="This is outside what the bulletins are about; they do not mention it.",
    place_not_covered="The bulletins do not cover “{places}”. They cover: {covered}.",
    reference="（《{bulletin}》，{path}）",
    converted="简体转换，由机器转写，非原文；引用请以原文为准。",
    search_usage=(
        "Write the words after /search, with @place #bulletin if you like, for example: /search 志願者 @重慶 #篇3\n"
        "Or tap an example."
    ),
    search_examples=("志願者 保險", "身邊好人 評選", "微信 傳播"),
    results="Search: {search}",
    page="page {page}/{pages}",
    no_results="No paragraph matches; try other words.",
    no_words_match="No paragraph holds these words; the nearest in meaning:",
    unknown_place="The bulletins do not cover “{name}”. They cover: {known}.",
    unknown_bulletin="There is no bulletin “{name}”. There are: {known}.",
    choose_place="Paragraphs about which place?",
    choose_bulletin="Paragraphs of which bulletin?",
    search_forgotten="That search was too long ago to remember. Please use /search again.",
    places="Places covered ({count}), tap to open:",
    bulletins="Bulletins ({count}), tap to open:",
    place_items="{place}, bulletins: {count}",
    only_item="This is the only bulletin about {place}.",
    sections="Sections: {count}, tap to read:",
    lead="lead",
    no_place="Other",
    unknown_passage="That paragraph is no longer in the bulletins (the link may be old). Ask a question, or browse below.",
    nearest="The nearest in the present bulletins:",
    stale_button="That button no longer works; please begin again with /start.",
    verdict_kept="Thank you, noted.",
    citation_reported="Thank you, this citation will be checked.",
    answer_forgotten="That answer was too long ago to remember. Please ask again.",
    open_bot="Ask the bulletins",
    browse_places="🗺 Places",
    browse_bulletins="📚 Contents",
    start_search="🔍 Search",
    start_help="❓ Help",
    start_language="🌐 Language",
    home="🏠 Home",
    back="‹ Back",
    previous_page="‹ Previous",
    next_page="Next ›",
    read_section="Section",
    more_results="More",
    copy_reference="Copy",
    wrong_citation="Wrong citation",
    to_simplified="简",
    to_original="Original",
    previous="‹ Previous",
    next="Next ›",
    previous_section="‹ Section",
    next_section="Section ›",
    whole_section="Section",
    contents="Contents",
    elsewhere="More of this place",
    filter_place="📍 Place",
    filter_bulletin="📄 Bulletin",
    no_filter="Any",
)
