"""What is said about the bot itself, in each language: what it covers, how good it is, what it keeps of a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeepingTexts:
    """In one language; braces are filled by `replies.about`."""

    about: str
    dates: str
    no_dates: str
    built: str
    no_measurement: str
    measured: str
    kept: str
    forgotten: str
    nothing_kept: str
    about_button: str
    not_admitted: str


_ZH_HANT = KeepingTexts(
    about="<b>收錄</b>\n{places} 個地方、{bulletins} 篇簡報、{passages} 段\n{names}",
    dates="簡報的日期：{dates}",
    no_dates="簡報沒有寫明日期（原文的年份多寫成 20xx）。",
    built="<b>索引</b>\n建於 {built}（UTC）",
    no_measurement="<b>品質</b>\n這一代索引還沒有量測過。",
    measured=(
        "<b>品質</b>（{questions} 個已知答案的問題，{day} 量測，程式 {commit}）\n"
        "第一個結果就對：{hit}\n第一段引文含答案：{quote}\n\n<b>兩種錯誤</b>\n"
        "明明有答案卻說沒有：{wrong_refusals}\n沒有答案卻還是回答：相近的題目 {near}、無關的題目 {far}"
    ),
    kept=(
        "<b>我記住什麼</b>\n您發來的訊息處理完就刪，問題除外：上一個問題留 30 分鐘；"
        "問題連同回答（給按鈕和回覆用）留 30 天；評價連同那個問題留 1 年；這些都記著是您問的。"
        "訊息編號留 2 天，您選的語言留 1 年。"
        "搜尋的詞留 7 天、問題的結果和快慢留 90 天，都不記是誰。"
    ),
    forgotten="已經刪除關於您的所有紀錄，共 {rows} 筆。",
    nothing_kept="我沒有留下任何關於您的紀錄。",
    about_button="ℹ️ 關於",
    not_admitted="這個機器人只為特定的人和群組服務；想使用請告訴管理員這個編號：{chat}",
)

_ZH_HANS = KeepingTexts(
    about="<b>收录</b>\n{places} 个地方、{bulletins} 篇简报、{passages} 段\n{names}",
    dates="简报的日期：{dates}",
    no_dates="简报没有写明日期（原文的年份多写成 20xx）。",
    built="<b>索引</b>\n建于 {built}（UTC）",
    no_measurement="<b>品质</b>\n这一代索引还没有量测过。",
    measured=(
        "<b>品质</b>（{questions} 个已知答案的问题，{day} 量测，程序 {commit}）\n"
        "第一个结果就对：{hit}\n第一段引文含答案：{quote}\n\n<b>两种错误</b>\n"
        "明明有答案却说没有：{wrong_refusals}\n没有答案却还是回答：相近的题目 {near}、无关的题目 {far}"
    ),
    kept=(
        "<b>我记住什么</b>\n您发来的消息处理完就删，问题除外：上一个问题留 30 分钟；"
        "问题连同回答（给按钮和回复用）留 30 天；评价连同那个问题留 1 年；这些都记着是您问的。"
        "消息编号留 2 天，您选的语言留 1 年。"
        "搜索的词留 7 天、问题的结果和快慢留 90 天，都不记是谁。"
    ),
    forgotten="已经删除关于您的所有记录，共 {rows} 笔。",
    nothing_kept="我没有留下任何关于您的记录。",
    about_button="ℹ️ 关于",
    not_admitted="这个机器人只为特定的人和群组服务；想使用请告诉管理员这个编号：{chat}",
)

_EN = KeepingTexts(
    about="<b>Covered</b>\nPlaces: {places}, bulletins: {bulletins}, passages: {passages}\n{names}",
    dates="Dates of the bulletins: {dates}",
    no_dates="The bulletins tell no dates (years are mostly masked in the source, as 20xx).",
    built="<b>Index</b>\nBuilt {built} (UTC)",
    no_measurement="<b>Quality</b>\nThis generation has not been measured yet.",
    measured=(
        "<b>Quality</b> ({questions} questions with known answers, measured {day}, program {commit})\n"
        "First result is right: {hit}\nFirst quote holds the answer: {quote}\n\n<b>The two errors</b>\n"
        "Refused although there is an answer: {wrong_refusals}\n"
        "Answered although there is none: near misses {near}, far questions {far}"
    ),
    kept=(
        "<b>What I keep</b>\nYour messages until they are handled, but for questions: your last one 30 minutes; "
        "questions with their answers, for buttons and replies, 30 days; verdicts with their question a year; all these "
        "with who asked. Message numbers stay 2 days, the language you chose a year. Words searched for stay 7 days and "
        "how questions ended 90 days, without whose they were."
    ),
    forgotten="All that was kept about you is deleted ({rows} rows).",
    nothing_kept="Nothing is kept about you.",
    about_button="ℹ️ About",
    not_admitted="This bot serves certain people and groups only; to use it, tell its admin this number: {chat}",
)

KEEPING_TEXTS = {"zh-hant": _ZH_HANT, "zh-hans": _ZH_HANS, "en": _EN}
"""By the tag of the language."""
