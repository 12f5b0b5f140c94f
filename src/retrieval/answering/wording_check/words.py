"""Tables of the words that change what a sentence claims, of synonyms, and of words that claim nothing; all folded."""

from __future__ import annotations

import re
from enum import StrEnum


class FaultKind(StrEnum):
    """Why a sentence does not hold."""

    FIGURE = "figure"
    DATE = "date"
    RATE = "frequency"
    PLACE = "place"
    NAME = "name"
    NEGATION = "negation"
    QUANTITY = "quantity"
    MODALITY = "modality"
    FREQUENCY = "adverb of frequency"
    COMPARISON = "comparison"
    ORDER = "order"
    CAUSE = "cause"
    CONDITION = "condition"
    UNSAID = "unsaid"
    """Words that stand in no cited quote."""
    ROLE = "role"
    """The quotes say it of another subject, or the other way round."""
    DOUBT = "doubt"
    """No single fault, but sentences like it are too often wrong."""
    CITATION = "citation"


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {word: name for name, words in rows.items() for word in words.split()}


# Each row is a class: a word may stand for any other of its row, and for none outside. A name with a colon is one of
# several classes of a kind.
_ROWS: dict[FaultKind, dict[str, str]] = {
    FaultKind.NEGATION: {
        "not": "不 没 没有 未 无 尚未 未曾 未能 并未 并非 不是 非 从未 毫不 毫无 并不 不会 否",
        "must not": "不得 不准 不许 禁止 严禁 不能 不可 勿 莫 切勿 不应 不该 不允许",
        "need not": "无需 不必 不用 无须 不需 不需要 免于",
        "no longer": "不再 停止 取消 暂停 终止 废止 撤销",
        "refuse": "拒绝 杜绝 避免 防止",
    },
    FaultKind.QUANTITY: {
        "all": "全部 所有 全体 一切 悉数 一律 全都 皆 任何 统统 无一 凡是 人人",
        "each": "每个 每位 每一 逐一 逐个 各个",
        "some": "部分 有的 有些 一些 某些 若干 一部分",
        "few": "少数 少量 个别 极少数 极少",
        "most": "多数 大多数 大多 大部分 绝大多数 绝大部分 过半 半数 半数以上 超半数",
        "half": "一半",
        "many": "许多 很多 众多 大量 大批 一大批 不少 大批量",
        "nearly": "几乎 差不多 基本",
        "only": "只 仅 仅仅 唯一 只有 只能 单单 惟一 独家 仅有 专 限 限于 只限",
        "both": "都 均",
        "of these": "其中",
        "total": "累计",
        "new": "新增 新建",
        "mean": "平均 人均",
        "respectively": "分别",
        "another": "另 另有 另外 此外 还有",
        "or": "或 或者 或是 之一 任选",
        "at most": "至多 最多",
        "at least": "至少 最少 起码",
        "first": "首批 首次 首个 首届 首创 首先 第一",
        "mainly": "主要 以主",
    },
    FaultKind.MODALITY: {
        "future": "将 将要 拟 计划 打算 准备 即将 预计 预期 有望 未来 今后",
        "try": "力争 争取 试图 尝试 力求 努力",
        "may": "可 可以 能 能够 可能 或许 也许 允许 准许",
        "must": "应 应当 应该 须 必须 需 需要 要 务必 要求",
        "encourage": "鼓励 提倡 建议 希望 号召 倡议",
        "trial": "试点 试行 试运行 试 探索 试验",
        "done": "已 已经 曾 曾经 业已 早已",
        "now": "正在 正",
        "voluntary": "自愿 主动",
        "still": "仍 仍然 依然 仍旧",
    },
    FaultKind.FREQUENCY: {
        "regular": "定期 按期 按时 常态化 经常性",
        "irregular": "不定期",
        "often": "经常 常常 时常 频繁 常年 往往 通常 一般",
        "seldom": "偶尔 有时 很少",
        "always": "一直 始终 长期 永远 从来 持续 不间断 连续 全年 全天 随时 一贯",
        "again": "再次 多次 屡次 反复 重新 数次",
        "once": "一次性 临时 短期",
        "at once": "立即 马上 当场 立刻 即时 第一时间 率先",
    },
    FaultKind.COMPARISON: {
        "than": "比 较 相比 比较 相较 相对",
        "than a year before": "同比",
        "than a month before": "环比",
        "more": "更 更加 更为 更多 更高 越 愈",
        "most": "最 最为 最多 最大 最高 最早 最先 之最 居首 首位 榜首 第一名",
        "least": "最少 最小 最低 最晚",
        "above": "高于 多于 大于 优于 胜过 强于 领先 领先于 早于",
        "below": "低于 少于 小于 不如 不及 落后 落后于 弱于 晚于 逊于",
        "equal": "相当 等于 相同 一样 同样 持平 一致",
        "front": "前列",
        "times": "倍增 翻番 翻倍",
    },
    FaultKind.ORDER: {
        "first": "先 首先 起初 最初 第一步",
        "then": "再 然后 随后 接着 之后 而后 其后 此后 后来 继而 进而 紧接着 其次 以后 后",
        "before": "之前 此前 以前 事前 事先 前",
        "last": "最后 最终 末了",
        "while": "同步 同期",
        "since": "自从 以来",
        "until": "直到 直至 截至",
    },
    FaultKind.CAUSE: {
        "because": "因为 由于 因 鉴于 缘于 源于 得益于 归功于 有赖 有赖于 受益于 由此 是因为 之所以 归因于 出于",
        "so": "因此 因而 所以 从而 于是 以致 以至于 故而 为此 由此可见 可见",
        "make": "使 使得 令 让 导致 致使 促使 促成 换来 催生 造成 引发 引起 带来 带动 推动 拉动 促进 助推 助力",
        "by": "凭借 依靠 借助 借此 藉此 依托 靠",
        "purpose": "为了 以便 旨在 目的 以期",
    },
    FaultKind.CONDITION: {
        "if": "如 如果 若 倘若 一旦 假如 如遇 若遇 遇 遇到",
        "only if": "只要 只有 除非 才 方可 方能",
        "whoever": "凡 凡是",
        "except": "除 除了 除外 以外 之外 不包括 不含",
        "though": "虽然 尽管 虽 即使",
    },
}
CLASSES: dict[str, tuple[FaultKind, str]] = {
    word: (kind, name) for kind, rows in _ROWS.items() for word, name in _table(rows).items()
}
"""The kind and the class of each word that changes what a sentence claims."""

LONGEST_WORD = max(map(len, CLASSES))

NEVER_LOST = frozenset(
    {(FaultKind.NEGATION, name) for name in _ROWS[FaultKind.NEGATION]}
    | {
        (FaultKind.MODALITY, name)
        for name in ("future", "try", "may", "must", "encourage", "trial", "voluntary")
    }
    | {(FaultKind.QUANTITY, name) for name in ("only", "or", "respectively", "nearly", "each")}
    | {(FaultKind.CONDITION, name) for name in ("if", "only if", "except")}
    | {(FaultKind.FREQUENCY, name) for name in ("irregular", "seldom", "once")}
)
"""Classes that bear on all that follows in their clause: a sentence that uses it must say them."""

LOST_BEFORE = frozenset(
    {
        (FaultKind.QUANTITY, name)
        for name in ("some", "few", "most", "half", "new", "mean", "of these", "another")
    }
    | {(FaultKind.COMPARISON, name) for name in ("than", "more", "most", "least", "above", "below")}
)
"""Classes that bear on the word behind them: a sentence that uses that word must say them."""

ADDED_FREELY = frozenset({(FaultKind.QUANTITY, "another"), (FaultKind.ORDER, "while")})
"""Classes that a sentence may say of itself."""

SYNONYMS: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "开展 举办 举行 组织 进行 实施 组织开展 办",
        "评出 评选出 选出 评选 评选产生 推选出",
        "海选出 海选 选出",
        "设立 设置 设有 设 开设",
        "成立 组建 建立 设立 组成 建起 建",
        "建成 建好",
        "参加 参与",
        "帮助 帮扶 协助",
        "群众 百姓 老百姓 居民 民众 市民",
        "老人 老年人",
        "孩子 儿童",
        "利用 运用 借助 使用 借 用",
        "包括 包含 涵盖 含 有",
        "获得 获 荣获 得到",
        "走进 进入 进",
        "共同 一起 联合 一同",
        "制定 制订",
        "出台 印发 发布 公布",
        "作为 当作",
        "称为 叫 命名为 名为 称 取名",
        "打造 建设 构建",
        "通过 透过 经过 经",
        "负责 承担",
        "邀请 请",
        "以及 和 与 及",
        "选拔 挑选 遴选 选 选出",
        "推荐 举荐",
        "颁发 颁",
        "拨款 列支",
        "发放 派发 分发",
        "提高 提升 增强",
        "增加 增长 上升",
        "减少 下降 降低",
        "去年 上年",
        "年底 年末",
        "走访 探访",
        "注册 登记",
        "文明办 文明委办公室",
        "征集 募集",
        "纳入 列入",
        "达到 达 突破",
        "宣传 宣讲",
        "播出 播放",
        "刊登 刊发",
        "吸引 引来",
        "来自 出自",
        "招募 招收 招",
        "发动 动员",
        "手段 方式 形式 办法 方法",
        "途径 渠道",
        "网民 网友",
        "互相 相互 彼此",
        "人数 人次",
        "户外 室外",
        "举措 措施 做法",
        "缴纳 缴 交",
        "费用 经费 资金 钱 款 开支",
        "购置 购买 买 采购",
        "推迟 延后 延迟",
        "晚上 夜间 夜里 晚间",
        "早上 早间 清晨 早晨",
        "免费 无偿",
        "改为 改成 转为 变为",
        "其余 余下 剩余 剩下",
        "增设 加设 增加 新增",
        "星期天 星期日 周日 礼拜天",
        "一生 毕生 终生",
        "收到 获得 得到 拿到",
        "冬天 冬季",
        "夏天 夏季",
        "秋天 秋季",
        "春天 春季",
        "当天 当日",
        "次日 第二天",
        "数目 数量 量",
        "供应 提供 供",
        "轮流 轮值 轮班",
        "返乡 回乡",
        "解释 说明",
        "启封 开启",
        "完工 竣工 建成",
        "教师 老师",
        "作为 用作 当作",
        "推行 实行 施行 执行 实施",
        "承担 负担",
        "缩短 压缩",
        "出资 捐资",
        "签订 签署 签",
        "协助 帮忙 帮助",
        "入住 住进",
        "征集 收集",
        "拨付 划拨 拨给 拨",
        "安装 装",
        "每逢 逢",
        "子女 孩子",
        "用餐 吃饭 就餐",
        "佩戴 戴",
        "会同 联合 一道 共同",
        "整改 改好 改正",
        "发现 查出 查到",
    )
)
"""Words of which a text may use any for any other."""

_CLAIM_NOTHING_LISTED = (
    "是 为 有 在 的 了 着 过 等 于 对 把 向 从 自 到 给 与 和 及 并 也 还 又 就 而 "
    "以 其 该 此 这 那 之 所 地 得 个 名 来 去 上 中 下 里 内 间 们 者 性 化 式 类 "
    "种 项 条 件 处 家 座 位 员 人 支 次 场 期 批 份 篇 部 本 共 共有 总共 一共 合计 "
    "共计 总计 有着 具有 拥有 开展 进行 组织 实施 举办 举行 做 做好 包括 包含 涵盖 分为 "
    "涉及 属于 成为 称 称为 叫 指 指出 提到 介绍 表示 显示 记载 写道 据 根据 按照 依据 "
    "作为 采取 采用 方式 做法 措施 工作 活动 方面 内容 情况 过程 期间 同时 当地 该地 该市 "
    "该区 该省 该县 例如 比如 譬如 简报 原文 引文 资料 文中 具体 相关 有关 以及 等等 这些 "
    "那些 一个 一种 一批 一系列 一项 即 也就是 则 且 并且 还会 会 各 每 通过 用 由 被 受 "
    "当 时 将其 它 它们 他们 她们 其他 分别为 为主 来说 而言 关于 对于 针对 围绕 至 达 "
    "达到 第 目前 截至目前 现 现有 如下 以下 上述 说 讲 获 没错 本次 这次 这项 这个 这种 "
    "所在 方 面 层面 外 前者 后者 总数 数量 总 数 额 起来 出来 下来 当中 用来 处于 处在 "
    "时候 金额 如何 多个 诸如 地方 事项"
)
CLAIM_NOTHING = frozenset(_CLAIM_NOTHING_LISTED.split())
"""Words that claim nothing that must stand in a quote."""

ROLE_MARKS = frozenset("从自由向到至给对被将把替比受为")
"""Prepositions that say who does something, and to whom."""

SUFFIXES = frozenset("所站队团室馆处部园点办局委院社区县市省镇乡村员户级群班组科校厅台网岗榜奖号")
"""Characters that with the noun before them name something else: 實踐所 and 實踐站."""

GRAMMAR_TAGS = ("u", "p", "c", "y", "e", "o", "d", "r", "f", "q", "k", "h", "x", "zg")
"""jieba's parts of speech that name no thing, deed or quality."""

NOUN_TAGS = ("n", "j", "s", "g", "r")

OPPOSITES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (
            "增加|增长|上升|提高|提升|升[至到]|扩大|多于|高于|超过|增至",
            "减少|下降|降低|缩短|降[至到]|少于|低于|不足|不到|减至|压缩",
        ),
        ("允许|可以|可|能够", "不得|不能|禁止|不许|不准|不可"),
        ("免费|不收|无偿|不要钱", "收费|收取|付费|自费"),
        ("保留|维持|照常|照旧", "取消|停止|停办|拆除|撤销|暂停"),
        ("以内|之内|内|以下|不超过|最多|至多", "以外|之外|以上|不少于|至少|最少"),
        ("之前|以前|前", "之后|以后|后"),
        ("无|没有|未|零", "均|都|全部|皆"),
        ("部分|多数|大多|有的|其中|少数", "全部|所有|全体|均|都|一律|每"),
        ("已|完成|建成|完毕|圆满|结束", "将|拟|计划|打算|预计|力争|争取|尚未|待|准备"),
        ("自愿|鼓励|可", "必须|须|应|强制"),
        ("父|男|儿|丈夫|公公", "母|女|妻|婆"),
        ("开始|启动|开放|开门", "结束|关闭|闭馆|停"),
    )
)
"""Opposites: a sentence that says one where its quotes say only the other is suspect."""
