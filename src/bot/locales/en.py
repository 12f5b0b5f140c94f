"""The interface in English."""

from __future__ import annotations

from bot.locales.schema import (
    AboutTexts,
    AdminTexts,
    BasketTexts,
    DeliveryTexts,
    FollowingTexts,
    GroupTexts,
    InboxTexts,
    PurgeTexts,
    ReportTexts,
    RollbackTexts,
    Texts,
    WebTexts,
    WordingTexts,
)

EN = Texts(
    name="English",
    between_names=", ",
    reads_simplified=False,
    reads_latin=True,
    glossary=(
        ("志愿者", "volunteers"),
        ("志愿服务", "volunteering"),
        ("公益项目", "charity projects"),
        ("好人", "exemplary citizens"),
        ("榜样", "role models"),
        ("道德模范", "moral models"),
        ("评选", "selection"),
        ("培训", "training"),
        ("教材", "textbooks"),
        ("讲师", "lecturers"),
        ("课程", "courses"),
        ("微信", "WeChat"),
        ("微博", "Weibo"),
        ("公众号", "official accounts"),
        ("网站", "websites"),
        ("网民", "internet users"),
        ("评论", "commentary"),
        ("报道", "press reports"),
        ("媒体", "media"),
        ("宣传", "publicity"),
        ("广告", "advertising"),
        ("家风", "family traditions"),
        ("家庭", "families"),
        ("社区", "communities"),
        ("农村", "villages"),
        ("学校", "schools"),
        ("未成年人", "minors"),
        ("学生", "students"),
        ("交通", "traffic"),
        ("垃圾分类", "waste sorting"),
        ("环境", "environment"),
        ("诚信", "honesty"),
        ("保险", "insurance"),
        ("奖励", "rewards"),
        ("资金", "funding"),
        ("经费", "funding"),
        ("基金", "funds"),
        ("组织", "organisations"),
        ("站点", "stations"),
        ("活动", "activities"),
        ("大赛", "contests"),
        ("展览", "exhibitions"),
        ("文明城市", "civilised cities"),
        ("文明单位", "civilised units"),
        ("节日", "festivals"),
        ("春节", "Spring Festival"),
        ("雷锋", "Lei Feng"),
        ("旅游", "tourism"),
        ("景区", "scenic areas"),
        ("扶贫", "poverty relief"),
        ("心理", "counselling"),
        ("法律", "legal aid"),
        ("医疗", "health care"),
        ("图书", "books"),
        ("电影", "films"),
        ("歌曲", "songs"),
        ("制度", "rules"),
        ("考核", "assessment"),
        ("注册", "registration"),
        ("平台", "platforms"),
    ),
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
        "contents\n/collection: which collection answers\n"
        "/basket: quotes you collected, as a Word or Markdown file\n/lang: language of the interface\n"
        "/follow PLACE or TOPIC: be told of new and changed paragraphs\n/following: what is followed\n"
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
    picture_not_read="I cannot read pictures: only the caption is answered.",
    attachment_not_read="I cannot read attachments: only the caption is answered.",
    edited_command="An edited command is not run: please send it anew.",
    error="Sorry, something went wrong here. Please try again later. (No. {error_id})",
    commands=(
        ("ask", "Ask a question"),
        ("search", "Find paragraphs"),
        ("compare", "Compare places"),
        ("places", "Browse by place"),
        ("bulletins", "Table of contents"),
        ("collection", "Choose the bulletins"),
        ("basket", "Collected quotes"),
        ("follow", "Follow a place or topic"),
        ("following", "What is followed"),
        ("lang", "Language"),
        ("about", "Coverage and quality"),
        ("forget", "Delete what is kept about you"),
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
    about_quote="About: {topics}",
    read_as="Read as: {reading}",
    no_more="The bulletins hold nothing more that answers this directly.",
    nothing_to_go_on_from="The last question had no answer, so there is no more of it. Try another question.",
    no_such_number="The last list has only {count} entries.",
    nothing_listed="There is no list to pick a number from yet. Ask a question, or find paragraphs with /search.",
    filter_ignored="One place and one bulletin at a time: used {used}, not {ignored}.",
    name_ignored="The bulletins know no “{names}”; left out.",
    one_place_left="Only one place is left, so nothing is compared.",
    place_inside="You asked about {asked}; this is from {cited}, which lies in it.",
    place_around="The bulletins have no item of its own for {asked}; this is from {cited}.",
    place_renamed="{asked} has been called {current} since {year}.",
    place_merged="{asked} has been part of {current} since {year}.",
    passages_counted="{count} ¶",
    places_telling="{count} of {total} places mention it.",
    places_silent=" Silent: {places}.",
    places_largest_first="{count} places give such a figure, the largest first:",
    places_smallest_first="{count} places give such a figure, the smallest first:",
    places_one_figure="One place alone gives such a figure:",
    column_place="Place",
    column_quote="In the bulletins",
    nearest_paragraph="Nearest paragraph: ",
    not_found="The bulletins do not seem to answer this.",
    said_elsewhere="The bulletins do not say this of “{asked}”; they say it of “{told_of}”.",
    masked="The bulletins mention it, but the figure is masked in the source (20xx, xx):",
    out_of_scope="This is outside what the bulletins are about; they do not mention it.",
    place_not_covered="The bulletins do not cover “{places}”.",
    place_inside_covered="No bulletin is about “{places}” itself; “{around}” around it is covered, but this is not said.",
    newest_unknown="The bulletins bear no dates, so which is the newest is unknown. All of them:",
    newest_by_number="The bulletins bear no dates; {bulletin} has the highest number and is taken as the newest.",
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
    items_of_overview="Items: {count}, tap to read:",
    lead="lead",
    no_place="Other",
    unknown_passage="That paragraph is no longer in the bulletins (the link may be old). Ask a question, or browse below.",
    recognized="read by OCR, {score}",
    page_picture="Picture",
    no_picture="The picture of this paragraph is not in the index.",
    nearest="The nearest in the present bulletins:",
    stale_button="That button no longer works; please begin again with /start.",
    default_collection="General bulletins",
    collections="The collection that answers here",
    one_collection="There is one collection of bulletins, and it answers every question.",
    choose_collection="Tap a name to ask that collection alone; tap “+ Add” to ask several together. "
    "What is not chosen is never mixed in.",
    collection_admins_only="In a group, only its admins may choose the collection.",
    unknown_collection="There is no collection “{name}”. There are: {known}.",
    add_collection="+ Add",
    remove_collection="− Remove",
    verdict_kept="Thank you, noted.",
    citation_reported="Thank you, this citation will be checked.",
    answer_forgotten="That answer was too long ago to remember. Please ask again.",
    terminal="Type a question here; 1 presses the first button, help explains, quit ends.",
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
            ("inbox", "Reports of readers"),
            ("purge", "Take a bulletin out"),
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
            "note": "note of what is in no passage",
            "reading": "reading beside a character",
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
        colon=": ",
        heading="<b>For admins</b>",
        inbox=InboxTexts(
            title="<b>📥 Report {number}</b>　{verdict}　{when}",
            verdicts={
                "d": "👎",
                "c": "wrong citation",
            },
            reason="Reason: {reason}",
            no_reason="none given",
            question="<b>Asked</b>　{question}",
            answer="<b>Answered</b>",
            refused="No quote (it said that the bulletins do not say).",
            quote_gone="The quoted paragraph is no longer in the index.",
            decisions={
                "r": "✓ Admin: the answer is right",
                "w": "✓ Admin: the answer is wrong",
            },
            made="✓ Made an evaluation question: {answer}",
            unanswerable="(not in the bulletins)",
            gone="This report was taken back or deleted.",
            only_this="No other report is waiting.",
            empty="📥 No report is waiting.",
            right="Right",
            wrong="Wrong",
            make="Make a question",
            next="Next ›",
            how=(
                "<b>Make a question: which answer is right?</b>\nTap a button; or reply to this "
                "message with the words of the bulletins that answer."
            ),
            gold_quote="This quote",
            gold_near="Not in them (near miss)",
            gold_far="Not in them (unrelated)",
            back="‹ Back",
            kept="Made a question, written to {file}.",
            words_unknown=("No passage holds “{words}”. Copy the words from a bulletin and reply again."),
            words_common=("“{words}” stands in {count} passages. Copy more of the sentence and reply again."),
            quote_missing=(
                "This report has no quote to use. Reply with the right words, or tap “Not in them”."
            ),
            not_written=("The question cannot be written to {file}. Check the permissions of the folder."),
        ),
        purge=PurgeTexts(
            list=(
                "<b>Which bulletin is to be taken out?</b> (page {page} of {pages})\nTap one to "
                "see what would go; nothing is changed yet. Or type /purge NAME."
            ),
            unknown="No bulletin is called “{name}”.",
            preview=(
                "<b>Take this bulletin out?</b>\n<b>{bulletin}</b>\n{passages} passages, {places} "
                "places: {names}"
            ),
            collection="Collection: {collection}",
            deletes_file=(
                "• The source file <code>{file}</code> is <b>deleted</b> from the folder of "
                "bulletins (it holds this one alone)."
            ),
            keeps_file=(
                "• The source file <code>{file}</code> holds other bulletins too, so it is "
                "<b>left as it is</b>, with the text of this one; every rebuild passes over it "
                "(noted in <code>{record}</code>). Edit the file to delete it there as well."
            ),
            file_missing=("• The source file <code>{file}</code> is no longer in the folder of bulletins."),
            also=(
                "• An index without it is built; every older index that holds it is deleted "
                "whole ({generations}), with cached vectors, conversions, page pictures, and the "
                "answers and reports that quote it."
            ),
            final="This cannot be undone, not by /rollback either.",
            confirm="🗑 Take it out",
            changed="The index has just changed; please look again.",
            cancelled="Nothing was taken out.",
            only_one="It is the only bulletin of the index. Add another one and rebuild first.",
            running="🗑 Taking out <b>{bulletin}</b>… Questions are answered meanwhile.",
            busy=("The index is being rebuilt, or another process works on it. Try again when it is done."),
            failed="⚠️ Not finished: {reason}\nWhat was begun is finished at the next start.",
            done=(
                "✅ <b>{bulletin}</b> is taken out ({passages} passages).\nNew index: "
                "<code>{generation}</code>\nDeleted: {generations} older indexes, {answers} "
                "answers that quoted it, {reports} reports, {conversions} conversions."
            ),
            file_deleted="Source file deleted: <code>{file}</code>",
            nothing_older="No older index is kept: /rollback has nothing to go back to.",
            older_kept="{count} older indexes that never held it are kept.",
            out_of_reach="<b>Out of reach: please see to these</b>",
            other_places="• Backups and exports elsewhere, and answers already sent to chats.",
        ),
        rollback=RollbackTexts(
            nothing_older="No older index is kept; there is nothing to go back to.",
            question="<b>Go back to the previous index?</b>\nNow: {now}\nThen: {then}",
            index=("<code>{generation}</code>\n　built {built}, {bulletins} bulletins, {passages} passages"),
            lost="<b>Bulletins that go ({count})</b>",
            back="<b>Bulletins that come back ({count})</b>",
            same="The bulletins are the same; {lost} passages go, {back} come back.",
            passages="Passages: {lost} go, {back} come back",
            confirm="↩️ Go back",
            changed="The index has just changed; please look again.",
            cancelled="The index stays as it is.",
            busy="The index is being rebuilt; try again when it is done.",
            failed="⚠️ Not rolled back: {reason}",
        ),
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
            "questions with their answers, for buttons and replies, 30 days; quotes in your basket 30 days; "
            "verdicts with their question a year; all these "
            "with who asked. Message numbers stay 2 days, the language, "
            "the collection and the wording you chose a year, what you follow until you end it. Words searched for stay 7 days "
            "and how questions ended 90 days, without whose they were. If you tap 👎 or “Wrong citation”, admins see that "
            "question and its answer, not who tapped."
        ),
        forgotten="All that was kept about you is deleted ({rows} rows).",
        nothing_kept="Nothing is kept about you.",
        forget_question=(
            "<b>Delete everything kept about you?</b>\n{rows}\n\nIt cannot be brought back; "
            "your reports are emptied in the chats of admins too. Messages already in this "
            "chat stay."
        ),
        forget_rows={
            "languages": "chosen language",
            "collections": "chosen collection",
            "turns": "last question",
            "wording": "wording on or off",
            "basket": "quotes in your basket",
            "subscriptions": "places and topics followed",
            "sent": "message numbers",
            "answers": "questions with answers",
            "feedback": "verdicts and reports",
            "searches": "words searched for",
        },
        forget_yes="🗑 Delete all",
        forget_no="Keep",
        forget_kept="Nothing was deleted.",
        forget_not_yours="This button is somebody else’s. To delete your own data, send /forget.",
        button="ℹ️ About",
        not_admitted="This bot serves certain people and groups only; to use it, tell its admin this number: {chat}",
    ),
    basket=BasketTexts(
        title="<b>Your basket</b> (quotes: {count})",
        empty_basket=(
            "Your basket is empty. Tap “🧺 Collect” below an answer or a paragraph to put its quotes in; "
            "then take them all away as a Word or Markdown file, each with a footnote."
        ),
        is_gone="No bulletin holds this any more; it is not exported.",
        collected="In your basket, which now holds {count}. /basket shows it.",
        collected_before="It is in your basket already. /basket shows it.",
        full="Your basket is full ({most} quotes), so not all of them went in. Export or remove some with /basket first.",
        unavailable="Your basket cannot be opened at the moment; nothing was changed. Please try again later.",
        nothing_to_export="There is no quote to export.",
        empty_question="Remove everything from your basket (quotes: {count})?",
        caption="Quotes: {count}, each with its source in a footnote.",
        document_title="Bulletin quotes",
        bulletin_of_source="《{bulletin}》",
        between_parts=", ",
        no_date="no date given",
        file_of_source="file: {file}",
        verbatim_remark=(
            "What stands between 「」 is the bulletins' own text, unchanged; the footnotes give the sources. Exported on {day}."
        ),
        recognized_remark=(
            "Quotes marked as read from a scan were recognised by a machine: compare the picture before citing them."
        ),
        gone_remark="No bulletin holds these any more, so they were not exported: {passages}.",
        collect="🧺 Collect",
        word="📄 Word",
        markdown="Markdown",
        remove="✕ {number}",
        empty="🗑 Empty",
        do_empty="🗑 Remove all",
    ),
    delivery=DeliveryTexts(
        wait="Please wait: your question has arrived and will be answered in its turn.",
        late="Sorry for the wait: the connection was down, and this answer is late.",
        repeated="Sorry, the bot was interrupted just now: you may have received this reply once already.",
        unanswered="Sorry, I was interrupted at your message. If no whole answer stands above, please ask in other words.",
        too_many="You are sending too fast, and some messages were left out. Please wait a moment.",
    ),
    web=WebTexts(
        site="Work bulletins",
        skip="Skip to the text",
        footer="All text is that of the bulletins; a conversion between scripts is marked as one.",
        static_notice="These are static pages: without search and questions.",
        search="Search",
        ask="Ask",
        question="What would you like to know from the bulletins?",
        answer="Answer",
        words="Words",
        place="Place (optional)",
        bulletin="Bulletin (optional)",
        results="Results",
        collections="Collection",
        bulletins="Bulletins",
        bulletins_counted="{count} bulletins",
        contents="Contents",
        all_parts="All parts of this bulletin",
        pages="Pages",
        beside="Before and after",
        previous_part="‹ Previous part",
        next_part="Next part ›",
        previous_bulletin="‹ Previous: {label}",
        next_bulletin="Next: {label} ›",
        script="Script",
        script_original="Original",
        script_simplified="To Simplified",
        script_traditional="To Traditional",
        converted_to_simplified="Converted to Simplified Chinese by a program. Please quote from the original.",
        converted_to_traditional="Converted to Traditional Chinese by a program. Please quote from the original.",
        changed="The paragraph that the link was made for has been changed; this is the text that stands in its place.",
        passage_link="Link to this paragraph",
        picture="The picture from which this paragraph was recognised",
        not_found="There is no such page.",
        too_long="That is too long: please shorten it and try again.",
        too_many="Too many requests: please try again in {seconds} seconds.",
        busy="Too many questions at once: please try again in a moment.",
        failed="Sorry, something went wrong with this page: please try again later.",
        closed="These pages are for admitted readers. Please open them by a link from the bot, or with a key.",
        link_expired="This link has expired or is incomplete. Open the citation in the chat again: the bot gives a new one.",
        not_admitted="The key is not right, or you have not been admitted.",
        key="Key",
        enter="Enter",
        open_page="🌐 Page",
    ),
    groups=GroupTexts(
        start="I answer from the bulletins, with sources.\nMention me or reply to me. See /help.",
        whole_answer="📖 Whole answer",
        open_bot="💬 Open the bot",
    ),
    following=FollowingTexts(
        usage="Write a place or a topic after /follow (at most 60 characters), for example: /follow 重慶 or "
        "/follow 志願者. Add “anytime” to be "
        "told at night too.",
        followed="Following “{words}”: when the bulletins gain or change paragraphs there, this chat is told.",
        known="“{words}” is followed already.",
        by_day="Nothing between 22 and 8 o’clock: it waits for the morning.",
        anytime="At any time, at night too.",
        too_many="Nearly everything matches that, so it cannot be followed. Please be more specific.",
        admins_only="In a group only its admins may change what is followed.",
        list="Followed here (✕ ends it):",
        none="Nothing is followed here. /follow 重慶 or /follow 志願者 follows a place or a topic.",
        ended="“{words}” is no longer followed.",
        gone="This is not followed any more.",
        news="🔔 {words}: {count} ¶ new or changed",
        more="And {count} more.",
        button_anytime="🔔 At night too",
        button_by_day="🌙 Not at night",
        button_list="☰ What is followed",
    ),
    reports=ReportTexts(
        why="What is wrong with it? Please tap a reason.",
        reasons={
            "p": "Wrong place",
            "n": "Not the answer",
            "o": "Out of date",
            "q": "Quote wrong or cut",
            "t": "Bulletins say it",
            "m": "Question misread",
        },
        reason_kept="Thank you, noted; an admin will see it.",
        withdrawn="Your verdict is taken back.",
    ),
    wording=WordingTexts(
        label="Worded by a language model; the original follows",
        sent_to=(
            "A language model at {host} worded this: your question and the quotes below were sent there. "
            "/wording off turns it off."
        ),
        is_on=(
            "Wording is on: up to three sentences of a language model may stand above an answer; your "
            "question and the quotes go to {host}."
        ),
        is_off="Wording is off: your questions and the quotes do not go to {host}.",
        usage="/wording on turns it on, /wording off turns it off, for you alone.",
        unavailable="This bot has no language model: answers are the words of the bulletins alone, and nothing is sent anywhere.",
        help=(
            "<b>Wording</b>\n"
            "For a question with an answer, the question and its quotes go to a language model at {host}, "
            "which words them in up to three sentences; what the quotes do not hold is not shown, and the "
            "original always follows. Nothing is sent for greetings, searches and questions without an "
            "answer. /wording off turns it off."
        ),
    ),
)
