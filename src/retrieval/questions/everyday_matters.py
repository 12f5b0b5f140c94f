"""Everyday matters that people ask any bot about: weather, trains, prices of flats. A text answers only if it names the matter.

Similarity cannot tell these: a question that names a covered place is near to all that is said of the place.
"""

from __future__ import annotations

import re

from retrieval.language import Pattern

# One row a matter over folded text: an example, its words in Chinese and in English. The same words open the question and
# show that a text is about it. Of 240 everyday questions about places of bulletins that were left unread 0.93 are refused with
# them, 0.55 without, and none of 1,514 questions that other such bulletins answer.
_WORDS = (
    (
        "明天会不会下雨",
        (
            r"天[气氣]|[降下雷大]雨|雨天|[降下]雪|暴雨|气温|降温|升温|几度|多少度|[恒室]温|\d度|零下|"
            r"[冷热]不[冷热]|好[冷热]|台风|空气(?:质量|污染)|雾?霾|[刮大]风|[℃°]|高温|低温|气候"
        ),
        r"weather|rain\w*|snow\w*|temperature|forecast|air quality",
    ),
    (
        "房价多少",
        r"房价|房租|租|[买卖租]房|二手房|楼[盘价]|新房|住宅|首付|学区房|公寓|一坪|一室一厅",
        r"rent|flats?|apartments?|(?:house|property|housing) prices?|real estate",
    ),
    (
        "坐高铁要多久",
        r"高铁|火车|动车|列车|车次",
        r"trains?|railways?",
    ),
    (
        "有直飞航班吗",
        r"航班|机票|飞机|机场|直飞",
        r"flights?|airports?|airlines?|planes?",
    ),
    (
        "地铁几点收车",
        r"地铁|轻轨",
        r"metro|subway",
    ),
    (
        "坐几路公交",
        r"公交|巴士|末班车|[几\d]路车",
        r"bus|buses",
    ),
    (
        "打车多少钱",
        r"出租车|打车|网约车|起步价",
        r"taxis?|cabs?",
    ),
    (
        "停车多少钱",
        r"停车(?:费|场|一|多少)|车位|加油站|油价|限行|违章|车牌|驾[照证]",
        r"parking|gas station|driving licen[cs]e",
    ),
    (
        "哪家酒店好",
        r"酒店|宾馆|旅[馆店]|民宿|住宿",
        r"hotels?|hostels?|accommodation",
    ),
    (
        "火锅哪家好吃",
        (
            r"好吃|餐[厅馆饮]|饭[店馆]|火锅|小吃|美食|早餐|面馆|烤鸭|串串|海鲜|咖啡[店馆厅]|奶茶|外卖|"
            r"菜谱|[炒炖]|食堂|特产|[早午晚盒]饭|送餐|食[品物]"
        ),
        r"restaurants?|vegetarian|cuisine",
    ),
    (
        "门票多少钱",
        r"景[点区]|旅游|旅行|攻略|行程|[一二两三四五]日游|好玩|去哪玩|门票|入[园场馆]|动物园|海洋馆|游乐|迪士尼",
        r"tourist attractions?|sightseeing|itinerary|things to (?:do|see)|zoo",
    ),
    (
        "几点关门",
        r"营业|几点[开关]门|开不开门|[开闭]馆|开放|几点[上下]班|\d[时点]|打烊|停业|全天",
        r"opening hours|closed on|what time\b.*\b(?:open|close)",
    ),
    (
        "看牙哪里好",
        (
            r"挂号|看牙|牙[科医]|看病|三甲|门诊|急诊|[药薬][店房]|发烧|感冒|血压|糖尿病|减肥|疫苗|核酸|"
            r"医院|医[生师护]|[头颈腰膝]椎?痛|失眠|睡着"
        ),
        r"hospitals?|doctors?|dentists?|pharmac\w+|fever|vaccin\w+",
    ),
    (
        "补办身份证要几天",
        r"离婚|结婚证|身份证|护照|签证|户口|居住证|公积金|社保|医保|养老金|退休金|个税|交税|最低工资",
        r"passports?|visas?|tax(?:es)?|minimum wage",
    ),
    (
        "醉驾判几年",
        r"起诉|判几年|判刑|坐牢|犯法|违法|赔偿|押金|合同|仲裁|律师|[酒醉]驾",
        r"lawyers?|sue|illegal|lawsuit|jail",
    ),
    (
        "高考分数线",
        r"高考|中考|学测|分数线|录取|公务员|事业单位|考研|211|985|学区|学费|招生|私立|高校|大学(?!生)|学院",
        r"tuition|exam scores?",
    ),
    (
        "足球队赢了吗",
        r"足球|篮球|羽毛球|乒乓|球队|球赛|[nc]ba\b|世界杯|欧冠|奥运|联赛|马拉松",
        r"football|soccer|basketball|world cup|olympics|marathon",
    ),
    (
        "推荐几部电影",
        r"演唱会|电影|影院|电视剧|韩剧|悬疑剧|专辑|歌手|明星|综艺|小说|动漫",
        r"concerts?|movies?",
    ),
    (
        "股票能买吗",
        r"股[票价市]|炒股|基金(?!会)|比特币|汇率|利率|[金油]价|彩票|gdp|房贷|涨停",
        r"stocks?|bitcoin|exchange rates?|lottery",
    ),
    (
        "人口有多少",
        r"人口|面积|平方|公顷|亩|区号|邮编|邮政编码|方言|首都|光年|万有引力|秦始皇|朝代|星座|历史上",
        r"population|capital of|area code|post ?code|richest",
    ),
    (
        "电脑蓝屏了",
        (
            r"手机(?:内存|屏|卡住|没电|坏|充)|二手手机|电脑|笔电|蓝屏|充不进|代码|编程|python|"
            r"java|html"
        ),
        r"iphone|laptops?",
    ),
    (
        "讲个笑话",
        (
            r"翻译|作诗|[一两]首诗|请假条|辞职信|作文|祝福语?|等于[几多]|乘以|除以|笑话|谜语|唱首|日语|"
            r"英语怎么"
        ),
        r"translate|poem|joke|limerick|essay",
    ),
    (
        "猪肉多少钱一斤",
        r"超市|商[场户家]|[小商]店|市场|便利店|买菜|猪肉|一斤|网购|快递|打折|麦当劳|肯德基|好市多",
        r"supermarkets?|shopping|mall",
    ),
)
_MATTERS = tuple(
    Pattern(re.compile(rf"{chinese}|\b(?:{english})\b"), example, "志愿者服务")
    for example, chinese, english in _WORDS
)


def lacks_matter(folded_question: str, folded_text: str) -> bool:
    """Whether the question is about an everyday matter that the text does not name."""
    asked = [matter for matter in _MATTERS if matter.regex.search(folded_question)]
    return bool(asked) and not any(matter.regex.search(folded_text) for matter in asked)
