"""Every string that a person sees, in Traditional Chinese, Simplified Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The interface in one language. Quotes are never translated; braces are filled by `replies`."""

    welcome: str
    help: str
    ask_usage: str
    search_usage: str
    also: str
    evidence: str
    maybe_related: str
    not_found: str
    masked: str
    out_of_scope: str
    place_not_covered: str
    empty_question: str
    no_results: str
    results: str
    places: str
    lead: str
    unknown_passage: str
    previous: str
    next: str
    error: str
    only_text: str
    greeting: str
    thanks: str
    goodbye: str
    who_are_you: str
    acknowledgement: str
    place_silent: str
    passages_counted: str
    places_counted: str
    read_as: str
    no_more: str
    commands: tuple[tuple[str, str], ...]


ZH_HANT = Texts(
    welcome=(
        "您好！我用簡報的原文回答關於精神文明建設工作簡報的問題，並註明城市與章節，點一下就能打開原段落。\n\n"
        "直接打字發問就可以，例如：\n• 北京榜樣每個月評出多少人？\n• 日照遇到重大報道，各平台先後怎麼發？\n"
        "• 大連推出了多少個公益項目？\n\n目前收錄：{places}"
    ),
    help=(
        "<b>怎麼用</b>\n直接打字發問，繁體、簡體都可以。\n/ask 問題：發問\n/search 關鍵詞：列出最相關的段落\n"
        "/places：收錄了哪些地方\n\n「」裡是簡報的原文，〔1〕是出處，點一下打開那一段。簡報沒有說的，我會說沒有。"
    ),
    ask_usage="請在 /ask 後面寫上問題，例如：/ask 北京榜樣每個月評出多少人？",
    search_usage="請在 /search 後面寫上關鍵詞，例如：/search 志願者 保險",
    also="另見",
    evidence="原文",
    maybe_related="可能相關",
    not_found="簡報裡沒有找到能回答這個問題的內容。",
    masked="簡報提到了，但這個數字在原文裡已被隱去（20xx、xx），無從得知：",
    out_of_scope="這個問題不在簡報的範圍內，簡報沒有提到。",
    place_not_covered="簡報沒有收錄「{places}」。收錄的地方有：{covered}。",
    empty_question="請用文字寫下您想問的事，例如：北京榜樣每個月評出多少人？",
    no_results="沒有找到相關的段落，換個說法試試。",
    results="最相關的段落",
    places="收錄的地方（{count} 處），點一下打開：",
    lead="導語",
    unknown_passage="這一段已經不在目前的簡報裡了（連結可能來自舊版）。可以直接發問，或用 /places 瀏覽。",
    previous="‹ 上一段",
    next="下一段 ›",
    error="抱歉，這邊出了點狀況，請稍後再試一次。（編號 {error_id}）",
    only_text="我只看得懂文字，請把問題打出來。",
    greeting="您好！想知道簡報裡的什麼？直接問就可以，例如：北京榜樣每個月評出多少人？",
    thanks="不客氣！還想知道什麼，儘管問。",
    goodbye="再見，有需要隨時再來。",
    who_are_you="我是簡報問答機器人：用精神文明建設工作簡報的原文回答問題，並註明出處。簡報沒有說的，我會說沒有。",
    acknowledgement="好的。還有想查的，直接問就可以。",
    place_silent="簡報未提及",
    passages_counted="{count} 段",
    places_counted="共 {count} 個地方提到",
    read_as="理解為：{reading}",
    no_more="關於這一問，簡報裡沒有更多能直接回答的內容了。",
    commands=(
        ("ask", "發問"),
        ("search", "搜尋段落"),
        ("places", "收錄的地方"),
        ("help", "使用說明"),
    ),
)

ZH_HANS = Texts(
    welcome=(
        "您好！我用简报的原文回答关于精神文明建设工作简报的问题，并注明城市与章节，点一下就能打开原段落。\n\n"
        "直接打字提问就可以，例如：\n• 北京榜样每个月评出多少人？\n• 日照遇到重大报道，各平台先后怎么发？\n"
        "• 大连推出了多少个公益项目？\n\n目前收录：{places}"
    ),
    help=(
        "<b>怎么用</b>\n直接打字提问，繁体、简体都可以。\n/ask 问题：提问\n/search 关键词：列出最相关的段落\n"
        "/places：收录了哪些地方\n\n「」里是简报的原文，〔1〕是出处，点一下打开那一段。简报没有说的，我会说没有。"
    ),
    ask_usage="请在 /ask 后面写上问题，例如：/ask 北京榜样每个月评出多少人？",
    search_usage="请在 /search 后面写上关键词，例如：/search 志愿者 保险",
    also="另见",
    evidence="原文",
    maybe_related="可能相关",
    not_found="简报里没有找到能回答这个问题的内容。",
    masked="简报提到了，但这个数字在原文里已被隐去（20xx、xx），无从得知：",
    out_of_scope="这个问题不在简报的范围内，简报没有提到。",
    place_not_covered="简报没有收录「{places}」。收录的地方有：{covered}。",
    empty_question="请用文字写下您想问的事，例如：北京榜样每个月评出多少人？",
    no_results="没有找到相关的段落，换个说法试试。",
    results="最相关的段落",
    places="收录的地方（{count} 处），点一下打开：",
    lead="导语",
    unknown_passage="这一段已经不在目前的简报里了（链接可能来自旧版）。可以直接提问，或用 /places 浏览。",
    previous="‹ 上一段",
    next="下一段 ›",
    error="抱歉，这边出了点状况，请稍后再试一次。（编号 {error_id}）",
    only_text="我只看得懂文字，请把问题打出来。",
    greeting="您好！想知道简报里的什么？直接问就可以，例如：北京榜样每个月评出多少人？",
    thanks="不客气！还想知道什么，尽管问。",
    goodbye="再见，有需要随时再来。",
    who_are_you="我是简报问答机器人：用精神文明建设工作简报的原文回答问题，并注明出处。简报没有说的，我会说没有。",
    acknowledgement="好的。还有想查的，直接问就可以。",
    place_silent="简报未提及",
    passages_counted="{count} 段",
    places_counted="共 {count} 个地方提到",
    read_as="理解为：{reading}",
    no_more="关于这一问，简报里没有更多能直接回答的内容了。",
    commands=(
        ("ask", "提问"),
        ("search", "搜索段落"),
        ("places", "收录的地方"),
        ("help", "使用说明"),
    ),
)

EN = Texts(
    welcome=(
        "Hello! I answer questions about the civic bulletins (精神文明建設工作簡報) in their own words, with the city "
        "and section, one tap from the paragraph.\n\nJust type a question, for example:\n"
        "• 北京榜樣每個月評出多少人？\n• How many people does Beijing list each month?\n\nCovered: {places}"
    ),
    help=(
        "<b>How to use me</b>\nType a question in Chinese (either script) or English.\n/ask QUESTION: ask\n"
        "/search WORDS: the nearest paragraphs\n/places: what is covered\n\nText in 「」 is verbatim; 〔1〕 opens "
        "its paragraph. What the bulletins do not say, I say they do not."
    ),
    ask_usage="Write the question after /ask, for example: /ask 北京榜樣每個月評出多少人？",
    search_usage="Write the words after /search, for example: /search 志願者 保險",
    also="See also",
    evidence="Original",
    maybe_related="Possibly related",
    not_found="The bulletins do not seem to answer this.",
    masked="The bulletins mention it, but the figure is masked in the source (20xx, xx):",
    out_of_scope="This is outside what the bulletins are about; they do not mention it.",
    place_not_covered="The bulletins do not cover “{places}”. They cover: {covered}.",
    empty_question="Please write your question in words, for example: 北京榜樣每個月評出多少人？",
    no_results="No paragraph matches; try other words.",
    results="Nearest paragraphs",
    places="Places covered ({count}), tap to open:",
    lead="lead",
    unknown_passage="That paragraph is no longer in the bulletins (the link may be old). Ask a question or try /places.",
    previous="‹ Previous",
    next="Next ›",
    error="Sorry, something went wrong here. Please try again later. (No. {error_id})",
    only_text="I can only read text: please type your question.",
    greeting="Hello! What would you like to know from the bulletins? Just ask, for example: 北京榜樣每個月評出多少人？",
    thanks="You are welcome! Ask on whenever you like.",
    goodbye="Goodbye, come back any time.",
    who_are_you="I am a bot that answers questions about the civic bulletins in their own words, with citations. "
    "What they do not say, I say they do not.",
    acknowledgement="All right. Ask whenever there is more to look up.",
    place_silent="not mentioned in the bulletins",
    passages_counted="{count} ¶",
    places_counted="Places that mention it: {count}",
    read_as="Read as: {reading}",
    no_more="The bulletins hold nothing more that answers this directly.",
    commands=(
        ("ask", "Ask a question"),
        ("search", "Find paragraphs"),
        ("places", "Places covered"),
        ("help", "How to use me"),
    ),
)

_SIMPLIFIED_REGIONS = ("hans", "cn", "sg", "my")


def texts_for(language_code: str | None) -> Texts:
    """The interface for an IETF language tag as Telegram gives it; Traditional Chinese where it gives none."""
    tag = (language_code or "zh-hant").lower()
    if tag == "zh" or not tag.startswith("zh"):
        return ZH_HANS if tag == "zh" else EN
    return ZH_HANS if any(part in _SIMPLIFIED_REGIONS for part in tag.split("-")[1:]) else ZH_HANT


def texts_by_command_language() -> dict[str, Texts]:
    """The texts by the two-letter code under which Telegram keeps command lists; "" is for everyone else."""
    return {"": ZH_HANT, "zh": ZH_HANT, "en": EN}
