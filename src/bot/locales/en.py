"""The interface in English."""

from __future__ import annotations

from bot.locales.schema import AboutTexts, AdminTexts, DeliveryTexts, Texts

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
    place_renamed="{asked} has been called {current} since {year}.",
    place_merged="{asked} has been part of {current} since {year}.",
    passages_counted="{count} ¶",
    places_counted="Places that mention it: {count}",
    maybe_related="Possibly related",
    not_found="The bulletins do not seem to answer this.",
    said_elsewhere="The bulletins do not say this of “{asked}”; they say it of “{told_of}”.",
    masked="The bulletins mention it, but the figure is masked in the source (20xx, xx):",
    out_of_scope="This is outside what the bulletins are about; they do not mention it.",
    place_not_covered="The bulletins do not cover “{places}”. They cover: {covered}.",
    date_not_covered="No bulletin is of that date, or none says its date.",
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
    recognized="read by OCR, {score}",
    page_picture="Picture",
    no_picture="The picture of this paragraph is not in the index.",
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
    admin=AdminTexts(
        commands=(
            ("rebuild", "Rebuild the index"),
            ("rollback", "Back to the previous index"),
            ("stats", "Usage and state"),
        ),
        admins_only="This command is for admins.",
        only_in_private="Please use this command in our private chat.",
        rebuild_started="🔁 Rebuilding the index: getting ready…\nQuestions are answered meanwhile.",
        rebuild_stage="🔁 Rebuilding the index: {stage} {bar}{left}\nQuestions are answered meanwhile.",
        stages={
            "recognising pages": "reading scanned pages",
            "reading": "reading the bulletins",
            "embedding": "embedding passages",
            "putting in order": "putting vectors in order",
            "indexing": "indexing",
            "coding": "coding vectors",
            "asking the questions": "asking the known questions",
            "writing": "writing",
            "checking": "checking",
        },
        rebuild_left=", about {time} left",
        seconds="{count} s",
        minutes="{count} min",
        hours="{hours} h {minutes} min",
        rebuild_running="A rebuild is under way already: watch the message above.",
        rebuild_done="✅ The new generation is in service: {passages} passages.\n<code>{generation}</code>",
        rebuild_nothing_new="Nothing in it has changed.",
        rebuild_findings="{count} things to look at in the files: see <code>bulletin-bot outline</code>.",
        rebuild_failed="⚠️ Not rebuilt; what was in service still is.\n{reason}",
        see_log="The log of the bot says why.",
        rebuild_stopped="⏹ The bot is stopping, and the rebuild with it; what was in service still is.",
        rolled_back="↩️ The previous generation is in service again.\n<code>{generation}</code>",
        stats=(
            "<b>Last {days} days</b>\nQuestions: {questions}\n{outcomes}\nWaiting time: half within {median}, 95% within "
            "{slow}\n\n<b>Feedback</b>\n👍 {good}　👎 {bad}　wrong citation {wrong}\n\n"
            "<b>Service</b>\nMemory {memory}\nRunning for {uptime}\nIndex <code>{generation}</code>\n"
            "{passages} passages, built {built}"
        ),
        no_times="—",
        outcomes={
            "answered": "answered",
            "not_found": "no answer found",
            "place_not_covered": "place not covered",
            "date_not_covered": "date not covered",
            "out_of_scope": "out of scope",
        },
        upload_too_big=(
            "This file has {size} MB. Telegram lets bots download files of up to 20 MB: split it, or put it into the folder "
            "of bulletins on the server."
        ),
        upload_format="This kind of file cannot be read. These can: {formats}.",
        upload_recognizing="Reading scanned pages: {done} of {total}",
        upload_unreadable="No paragraph could be read from <b>{name}</b>; it was not added.",
        upload_preview="<b>{name}</b>\nBulletins: {bulletins}, places: {places}, passages: {passages}",
        upload_known="Already covered: {known} of these passages.",
        upload_more="… and {count} more",
        upload_findings="<b>To look at: {count}</b>",
        left_out="Left out: {count} lines ({reasons}); see <code>bulletin-bot outline --left-out</code>.",
        left_out_separator=", ",
        left_out_reasons={
            "boilerplate": "boilerplate",
            "list of contents": "list of contents",
            "repeated title": "repeated title",
            "head of the bulletin": "head of the bulletin",
            "repeated page head": "page head",
            "page number": "page number",
            "watermark": "watermark",
            "hidden": "hidden",
            "struck out": "struck out",
            "comment": "comment",
            "illegible": "illegible in a picture",
            "not placed": "not placed",
        },
        upload_exists="⚠️ There is a file of this name among the bulletins already.",
        upload_same="The very same file is among the bulletins already; there is nothing to add.",
        upload_placed="✅ Added to the bulletins: <b>{name}</b>\nIt will be in answers after a rebuild.",
        upload_cancelled="Cancelled; <b>{name}</b> was not added.",
        upload_unavailable="Telegram did not hand over this file. Please send it again.",
        upload_gone="This file was dealt with already, or has waited for more than a day. Please send it again.",
        upload_taken="The name was taken just now; please choose again.",
        upload_failed="⚠️ Not added.\n{reason}",
        add="✅ Add",
        replace="Replace",
        keep_both="Keep both",
        cancel="Cancel",
        rebuild_now="🔁 Rebuild now",
    ),
    about=AboutTexts(
        coverage="<b>Covered</b>\nPlaces: {places}, bulletins: {bulletins}, passages: {passages}\n{names}",
        dates="Dates of the bulletins: {dates}",
        no_dates="The bulletins tell no dates (years are mostly masked in the source, as 20xx).",
        built="<b>Index</b>\nBuilt {built} (UTC)",
        no_measurement="<b>Quality</b>\nThis generation has not been measured on held-out questions yet.",
        measured=(
            "<b>Quality</b> ({questions} held-out questions that nobody tuned on, with 95% intervals, "
            "measured {day}, program {commit})\n"
            "First result is right: {hit}\nFirst quote holds the answer: {quote}\n\n<b>The two errors</b>\n"
            "Refused although there is an answer: {wrong_refusals}\n"
            "Answered although there is none: near misses {near}, far questions {far}"
        ),
        retention=(
            "<b>What I keep</b>\nYour messages until they are handled, but for questions: your last one 30 minutes; "
            "questions with their answers, for buttons and replies, 30 days; verdicts with their question a year; all these "
            "with who asked. Message numbers stay 2 days, the language you chose a year. Words searched for stay 7 days and "
            "how questions ended 90 days, without whose they were."
        ),
        forgotten="All that was kept about you is deleted ({rows} rows).",
        nothing_kept="Nothing is kept about you.",
        button="ℹ️ About",
        not_admitted="This bot serves certain people and groups only; to use it, tell its admin this number: {chat}",
    ),
    delivery=DeliveryTexts(
        wait="Please wait: your question has arrived and will be answered in its turn.",
        late="Sorry for the wait: the connection was down, and this answer is late.",
        repeated="Sorry, the bot was interrupted just now: you may have received this reply once already.",
        unanswered="Sorry, I was interrupted at your message. If no whole answer stands above, please ask in other words.",
        too_many="You are sending too fast, and some messages were left out. Please wait a moment.",
    ),
)
