"""Place names that are ordinary words besides, such as 和平 and 大方."""

from __future__ import annotations

from retrieval.language import segmentation

# Words first and places second, whatever their frequency in jieba's dictionary.
_ORDINARY_LISTED = (
    "和平 大方 东方 文明 平安 高明 福利 长寿 兴国 太平 安康 日照 来宾 白银 开封 大同 仙桃 天门 天水 三明 清远 公安 资源 合作 "
    "友好 前进 向阳 东风 新华 建设 振兴 复兴 富裕 延长 安定 丰满 宏伟 光泽 平和 政和 乐业 惠农 民乐 富民 裕民 安居 新民 同心 "
    "共和 互助 民和 民丰 康乐 永和 和顺 和政 平定 永定 修文 修水 通道 城口 港口 河口 南岸 南部 东部 西部 平原 古城 新城 新建 "
    "江南 江北 江东 江西区 路桥 江山 天山 泰山 龙门 天河 长安 中原 商城 新乡 新县 中方 中站 城中 城东 城西 城北 城南 城区 "
    "郊区 矿区 东区 西区 市区 平房 小店 灯塔 钟楼 鼓楼 宝塔 白塔 双塔 石台 天台 高台 灵台 大田 大竹 三台 五台 木兰 麒麟 "
    "前锋 名山 温泉 海棠 天涯 黄龙 九龙 金牛 白云 白水 清水 黑水 曲水 合水 响水 盐池 盐边 南山 西山 东山 香山 西湖 东湖 南湖 "
    "太湖 运河 清流 石棉 金沙 磐石 长子 大名 大通 大观 武功 三元 五常 五华 九台 二道 八步 六合 七星 建平 建华 建德 志丹 子长 "
    "文成 正安 正定 定边 定远 定日 永年 平利 平遥 无为 凤凰 安化 宣化 兴化 奉化 开化 教化 通化县 常熟 高平 林口 海门 三门 "
    "玉树 莲花 石狮 石林 阳春 阳光 比如 加查 普格 得荣 且末 上思 分宜 从江 通江 连平 南华 中华 中山 山南 黄山 黄石 北海 "
    "南海 东海 海港 海曙 保定 长治 平凉 鹤山 蓝山 凌云 中牟 安溪 友谊 木里 元宝 元宝山 红星 曙光 首山 站前 桥东 桥西 "
    "解放 工农 爱民 铁东 铁西 铁山 河东 河西 河北区 青山 青云 梨树 独山 金山 宝山 霍山 方正 尚志 集贤 文安 固安 安平 安图 "
    "大安 农安 依安 明水 望都 大厂 大城 新河 新和 新安 新源 新龙 新邱 沙河 沙市 江海 江城 都江 崇信 西安区 大兴 东光 东明 "
    "明光 信丰 永丰 宝丰 长丰 大丰 和田 阿里 大理 红河 怒江 楚雄 德宏 文山 宁德 商丘 金门 花莲 云林 海东 海西 海北 黄南 "
    "两江 新星 白杨 和安 和康"
)
_ORDINARY = frozenset(_ORDINARY_LISTED.split())
# Official names that say nothing without the city before them.
_GENERIC_LISTED = (
    "城区 郊区 矿区 东区 西区 市区 新区 市中区 城中区 城东区 城西区 城北区 新城区 港口区 平房区 工农区 前进区 向阳区 东风区 "
    "合作市 南部县 城口县 友好区 资源县 文明区"
)
GENERIC = frozenset(_GENERIC_LISTED.split())
# Of the words above, those of which the bare name means the prefecture often enough.
_PREFECTURES_FIRST_LISTED = (
    "日照 三明 黄石 北海 通化 大理 宁德 商丘 保定 黄山 长治 安康 大同 开封 平凉 清远 和田 中山 红河 怒江 楚雄 德宏 文山 玉树 "
    "山南 海东 海北 新乡 花莲 云林 金门 红河"
)
_PREFECTURES_FIRST = frozenset(_PREFECTURES_FIRST_LISTED.split())
# Above this count in jieba's dictionary a county's name is used for something else most of the time.
_FREQUENT = 400


def is_ordinary(name: str, *, strict: bool) -> bool:
    """Whether the bare name is a word first and a place second; `strict` is for the name of a prefecture."""
    if strict:
        return name in _ORDINARY and name not in _PREFECTURES_FIRST
    if name in _ORDINARY:
        return True
    return segmentation.word_count(name) > (_FREQUENT if len(name) > 1 else 0)
