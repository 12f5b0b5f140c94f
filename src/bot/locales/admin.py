"""What admins see, in each language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AdminTexts:
    """The interface for admins in one language; braces are filled by `replies.admin`."""

    commands: tuple[tuple[str, str], ...]
    admins_only: str
    only_in_private: str

    rebuild_started: str
    rebuild_stage: str
    stages: dict[str, str]
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

    stats: str
    no_times: str
    outcomes: dict[str, str]

    upload_too_big: str
    upload_format: str
    upload_unreadable: str
    upload_preview: str
    upload_known: str
    upload_more: str
    upload_findings: str
    upload_exists: str
    upload_same: str
    upload_placed: str
    upload_cancelled: str
    upload_gone: str
    upload_unavailable: str
    upload_taken: str
    upload_failed: str

    add: str
    replace: str
    keep_both: str
    cancel: str
    rebuild_now: str


_ZH_HANT = AdminTexts(
    commands=(("rebuild", "重建索引"), ("rollback", "回到前一代索引"), ("stats", "用量與狀態")),
    admins_only="這是管理員的命令，您不能使用。",
    only_in_private="這個命令請在和我的私人聊天裡用。",
    rebuild_started="🔁 重建索引：準備中…\n重建時照常回答。",
    rebuild_stage="🔁 重建索引：{stage} {bar}{left}\n重建時照常回答。",
    stages={
        "reading": "讀取簡報",
        "embedding": "編碼段落",
        "putting in order": "排好向量",
        "indexing": "建立索引",
        "coding": "壓縮向量",
        "asking the questions": "用已知問題檢查",
        "writing": "寫入",
        "checking": "核對",
    },
    rebuild_left="　大約還要 {time}",
    seconds="{count} 秒",
    minutes="{count} 分鐘",
    hours="{hours} 小時 {minutes} 分鐘",
    rebuild_running="已經有一次重建在進行，看上面的進度就好。",
    rebuild_done="✅ 新的一代索引已經啟用：{passages} 段。\n<code>{generation}</code>",
    rebuild_nothing_new="內容沒有改變。",
    rebuild_findings="讀取時有 {count} 處待看，請用 <code>bulletin-bot outline</code> 查看。",
    rebuild_failed="⚠️ 沒有重建，原來的索引照常使用。\n{reason}",
    see_log="原因在機器人的日誌裡。",
    rebuild_stopped="⏹ 機器人正在停止，重建中斷；原來的索引照常使用。",
    rolled_back="↩️ 已回到前一代索引。\n<code>{generation}</code>",
    stats=(
        "<b>最近 {days} 天</b>\n問題 {questions} 個\n{outcomes}\n等候時間：一半在 {median} 內，95% 在 {slow} 內\n\n"
        "<b>評價</b>\n👍 {good}　👎 {bad}　引用有誤 {wrong}\n\n"
        "<b>服務</b>\n記憶體 {memory}\n已運行 {uptime}\n索引 <code>{generation}</code>\n{passages} 段，建於 {built}"
    ),
    no_times="—",
    outcomes={
        "answered": "回答",
        "not_found": "找不到答案",
        "place_not_covered": "地方未收錄",
        "out_of_scope": "不在範圍內",
    },
    upload_too_big=(
        "這個檔案 {size} MB。Telegram 只讓機器人下載 20 MB 以內的檔案，"
        "請分成幾個小檔，或直接放進伺服器的簡報資料夾。"
    ),
    upload_format="這種檔案讀不了。可以傳：{formats}。",
    upload_unreadable="從 <b>{name}</b> 裡讀不到任何段落，沒有加入。",
    upload_preview="<b>{name}</b>\n讀到 {bulletins} 篇簡報、{places} 個地方、{passages} 段：",
    upload_known="其中 {known} 段已經收錄。",
    upload_more="……另有 {count} 項",
    upload_findings="<b>待看 {count} 處</b>",
    upload_exists="⚠️ 簡報資料夾裡已經有同名的檔案。",
    upload_same="簡報資料夾裡已經有一模一樣的檔案，不用再加。",
    upload_placed="✅ 已放進簡報資料夾：<b>{name}</b>\n重建索引之後才會出現在回答裡。",
    upload_cancelled="已取消，<b>{name}</b> 沒有加入。",
    upload_unavailable="Telegram 沒有交出這個檔案。請再傳一次。",
    upload_gone="這個檔案已經處理過，或放了超過一天。請再傳一次。",
    upload_taken="這個檔名剛剛被用掉了，請再選一次。",
    upload_failed="⚠️ 沒有加入。\n{reason}",
    add="✅ 加入",
    replace="取代舊檔",
    keep_both="兩個都留",
    cancel="取消",
    rebuild_now="🔁 立即重建",
)

_ZH_HANS = AdminTexts(
    commands=(("rebuild", "重建索引"), ("rollback", "回到前一代索引"), ("stats", "用量与状态")),
    admins_only="这是管理员的命令，您不能使用。",
    only_in_private="这个命令请在和我的私人聊天里用。",
    rebuild_started="🔁 重建索引：准备中…\n重建时照常回答。",
    rebuild_stage="🔁 重建索引：{stage} {bar}{left}\n重建时照常回答。",
    stages={
        "reading": "读取简报",
        "embedding": "编码段落",
        "putting in order": "排好向量",
        "indexing": "建立索引",
        "coding": "压缩向量",
        "asking the questions": "用已知问题检查",
        "writing": "写入",
        "checking": "核对",
    },
    rebuild_left="　大约还要 {time}",
    seconds="{count} 秒",
    minutes="{count} 分钟",
    hours="{hours} 小时 {minutes} 分钟",
    rebuild_running="已经有一次重建在进行，看上面的进度就好。",
    rebuild_done="✅ 新的一代索引已经启用：{passages} 段。\n<code>{generation}</code>",
    rebuild_nothing_new="内容没有改变。",
    rebuild_findings="读取时有 {count} 处待看，请用 <code>bulletin-bot outline</code> 查看。",
    rebuild_failed="⚠️ 没有重建，原来的索引照常使用。\n{reason}",
    see_log="原因在机器人的日志里。",
    rebuild_stopped="⏹ 机器人正在停止，重建中断；原来的索引照常使用。",
    rolled_back="↩️ 已回到前一代索引。\n<code>{generation}</code>",
    stats=(
        "<b>最近 {days} 天</b>\n问题 {questions} 个\n{outcomes}\n等候时间：一半在 {median} 内，95% 在 {slow} 内\n\n"
        "<b>评价</b>\n👍 {good}　👎 {bad}　引用有误 {wrong}\n\n"
        "<b>服务</b>\n内存 {memory}\n已运行 {uptime}\n索引 <code>{generation}</code>\n{passages} 段，建于 {built}"
    ),
    no_times="—",
    outcomes={
        "answered": "回答",
        "not_found": "找不到答案",
        "place_not_covered": "地方未收录",
        "out_of_scope": "不在范围内",
    },
    upload_too_big=(
        "这个文件 {size} MB。Telegram 只让机器人下载 20 MB 以内的文件，"
        "请分成几个小文件，或直接放进服务器的简报文件夹。"
    ),
    upload_format="这种文件读不了。可以传：{formats}。",
    upload_unreadable="从 <b>{name}</b> 里读不到任何段落，没有加入。",
    upload_preview="<b>{name}</b>\n读到 {bulletins} 篇简报、{places} 个地方、{passages} 段：",
    upload_known="其中 {known} 段已经收录。",
    upload_more="……另有 {count} 项",
    upload_findings="<b>待看 {count} 处</b>",
    upload_exists="⚠️ 简报文件夹里已经有同名的文件。",
    upload_same="简报文件夹里已经有一模一样的文件，不用再加。",
    upload_placed="✅ 已放进简报文件夹：<b>{name}</b>\n重建索引之后才会出现在回答里。",
    upload_cancelled="已取消，<b>{name}</b> 没有加入。",
    upload_unavailable="Telegram 没有交出这个文件。请再传一次。",
    upload_gone="这个文件已经处理过，或放了超过一天。请再传一次。",
    upload_taken="这个文件名刚刚被用掉了，请再选一次。",
    upload_failed="⚠️ 没有加入。\n{reason}",
    add="✅ 加入",
    replace="取代旧文件",
    keep_both="两个都留",
    cancel="取消",
    rebuild_now="🔁 立即重建",
)

_EN = AdminTexts(
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
        "out_of_scope": "out of scope",
    },
    upload_too_big=(
        "This file has {size} MB. Telegram lets bots download files of up to 20 MB: split it, or put it into the folder "
        "of bulletins on the server."
    ),
    upload_format="This kind of file cannot be read. These can: {formats}.",
    upload_unreadable="No paragraph could be read from <b>{name}</b>; it was not added.",
    upload_preview="<b>{name}</b>\nBulletins: {bulletins}, places: {places}, passages: {passages}",
    upload_known="Already covered: {known} of these passages.",
    upload_more="… and {count} more",
    upload_findings="<b>To look at: {count}</b>",
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
)

ADMIN_TEXTS = {"zh-hant": _ZH_HANT, "zh-hans": _ZH_HANS, "en": _EN}
"""By the tag of the language."""
