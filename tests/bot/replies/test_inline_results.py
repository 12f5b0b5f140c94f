from __future__ import annotations

from bot.replies.passages import inline_results
from retrieval.types import Quote
from tests.chatting import a_passage, link
from tests.e2e.bot_api.formatting import parse_html


def test_an_offer_is_a_quote_with_its_citation_under_an_id_of_its_generation() -> None:
    quote = Quote(a_passage(), 0, 12, 1.0, marks=((4, 7),))
    (offer,) = inline_results([quote, quote], "20261123T175746.705300Z", link)
    assert offer.result_id == "20261123T175746.705300Z:0123456789abcdef"
    assert offer.title == "北京・篇3・二、把好“三關”"
    assert offer.description == "每月發佈10名月榜人物。"
    text, entities = parse_html(offer.message)
    assert text == "「每月發佈10名月榜人物。」\n\n〔1〕北京・篇3・二、把好“三關”"
    assert [entity.url for entity in entities if entity.url] == [
        "https://t.me/a_bot?start=p_0123456789abcdef_0_12"
    ]
