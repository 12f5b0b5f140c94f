"""Pages of the catalog: provinces, places, items with their sections, and bulletins."""

from __future__ import annotations

from itertools import islice

from bot.locales import Texts
from bot.replies import callback_data
from bot.replies.callback_data import View
from bot.replies.keyboards import button_rows, page_buttons, page_of
from bot.replies.markup import Button, LinkTo, Reply, anchor, clip, collection_name, escape
from bot.replies.message_length import pack_blocks
from bot.replies.welcome import home_row
from bot.serving import catalogs

_PROVINCES_ON_A_PAGE = 24
_PLACES_ON_A_PAGE = 20
_BULLETINS_ON_A_PAGE = 15
_ITEMS_ON_A_PAGE = 15
_SECTIONS_ON_A_PAGE = 10
# More lines or links than these never fit a message.
_MOST_LINES = 200
_MOST_BULLETINS = 50
_LONGEST_LABEL = 20
_LONGEST_NAME = 40
_LONGEST_LEAD = 700


def provinces_reply(catalog: catalogs.Catalog, texts: Texts, link: LinkTo, number: int = 0) -> Reply:
    """A button for each province; above them a line for each place with links to the bulletins about it."""
    page = page_of(catalog.provinces, number, _PROVINCES_ON_A_PAGE)
    lines = [f"<b>{escape(texts.places.format(count=len(catalog.places)))}</b>"]
    places = (place for province in page.items for place in province.places)
    lines += [_place_line(place, link) for place in islice(places, _MOST_LINES)]
    buttons = [_province_button(province) for province in page.items]
    return Reply(
        (_first_page("\n".join(lines)),),
        (
            *button_rows(buttons, 3),
            *page_buttons(page.number, page.count, callback_data.lists_places, texts),
            home_row(texts),
        ),
    )


def _place_line(place: catalogs.CatalogPlace, link: LinkTo) -> str:
    first_passages = [item.first for item in place.items[:_MOST_BULLETINS]]
    links = [anchor(first.bulletin, link(first.passage_id, None)) for first in first_passages]
    if len(place.items) > len(links):
        links.append(f"… {len(place.items)}")
    return f"• {escape(clip(place.name, _LONGEST_NAME))} {' '.join(links)}"


def _first_page(markup: str) -> str:
    """The part of a list that fits one message; the buttons below it lead to the rest."""
    return pack_blocks([markup])[0]


def _province_button(province: catalogs.Province) -> Button:
    count = f" {len(province.places)}" if len(province.places) > 1 else ""
    return Button(
        f"{clip(province.name, _LONGEST_LABEL)}{count}",
        callback_data.opens(View.PROVINCE, province.first.passage_id),
    )


def province_reply(province: catalogs.Province, texts: Texts, number: int = 0) -> Reply:
    """A button for each place of a province; the reply for the place itself if there is only one."""
    if len(province.places) == 1:
        return place_reply(province.places[0], texts)
    page = page_of(province.places, number, _PLACES_ON_A_PAGE)
    buttons = [
        Button(
            clip(place.name, _LONGEST_LABEL), callback_data.opens(View.PLACE, place.items[0].first.passage_id)
        )
        for place in page.items
    ]
    turn = page_buttons(
        page.number,
        page.count,
        lambda to: callback_data.opens(View.PROVINCE, province.first.passage_id, to),
        texts,
    )
    up = (Button(texts.back, callback_data.lists_places()), *home_row(texts))
    return Reply((f"<b>{escape(province.name)}</b>",), (*button_rows(buttons, 2), *turn, up))


def place_reply(
    place: catalogs.CatalogPlace, texts: Texts, number: int = 0, province: catalogs.Province | None = None
) -> Reply:
    """A button for each item about a place and one for its province; a single item is shown with a note instead."""
    around = ((_province_button(province),),) if province is not None and len(province.places) > 1 else ()
    if len(place.items) == 1:
        reply = item_reply(
            place.items[0], texts, note=texts.only_item.format(place=clip(place.name, _LONGEST_NAME))
        )
        return Reply(reply.messages, (*reply.rows[:-1], *around, reply.rows[-1]))
    page = page_of(place.items, number, _ITEMS_ON_A_PAGE)
    buttons = [_item_button(item, item.first.bulletin) for item in page.items]
    first = place.items[0].first.passage_id
    turn = page_buttons(page.number, page.count, lambda to: callback_data.opens(View.PLACE, first, to), texts)
    up = (Button(texts.back, callback_data.lists_places()), *home_row(texts))
    title = texts.place_items.format(place=clip(place.name, _LONGEST_NAME), count=len(place.items))
    lines = [f"<b>{escape(title)}</b>", *(_item_line(item) for item in page.items)]
    return Reply((_first_page("\n".join(lines)),), (*button_rows(buttons, 3), *turn, *around, up))


def _item_line(item: catalogs.Item) -> str:
    return f"• {escape(clip(item.first.bulletin, _LONGEST_NAME))}\u3000{escape(clip(item.first.text, _LONGEST_NAME))}"


def _item_button(item: catalogs.Item, label: str) -> Button:
    return Button(clip(label, _LONGEST_LABEL), callback_data.opens(View.ITEM, item.first.passage_id))


def item_reply(item: catalogs.Item, texts: Texts, number: int = 0, note: str = "") -> Reply:
    """The lead paragraph of an item, the note, and a button for each section."""
    page = page_of(item.sections, number, _SECTIONS_ON_A_PAGE)
    first = item.first
    names = (collection_name(first.collection, texts), first.place_name, first.bulletin)
    title = "・".join(name for name in names if name)
    lines = [f"<b>{escape(clip(title, _LONGEST_LEAD))}</b>"]
    if not first.section_path:
        lines.append(escape(clip(first.text, _LONGEST_LEAD)))
    sections = sum(bool(section.first.section_path) for section in item.sections)
    lines.append(f"<i>{escape(' '.join((note, texts.sections.format(count=sections))).strip())}</i>")
    buttons = [
        Button(
            clip(
                section.first.section_path[0].full if section.first.section_path else texts.lead,
                _LONGEST_LABEL,
            ),
            callback_data.opens(View.PASSAGE, section.first.passage_id),
        )
        for section in page.items
    ]
    turn = page_buttons(
        page.number, page.count, lambda to: callback_data.opens(View.ITEM, first.passage_id, to), texts
    )
    up = (
        Button(texts.browse_places, callback_data.lists_places()),
        Button(texts.browse_bulletins, callback_data.lists_bulletins()),
        *home_row(texts),
    )
    return Reply(("\n\n".join(lines),), (*button_rows(buttons, 1), *turn, up))


def bulletins_reply(catalog: catalogs.Catalog, texts: Texts, number: int = 0) -> Reply:
    """The table of contents: a line with the places of each bulletin, and a button for it."""
    page = page_of(catalog.bulletins, number, _BULLETINS_ON_A_PAGE)
    lines = [f"<b>{escape(texts.bulletins.format(count=len(catalog.bulletins)))}</b>"]
    collections = [collection_name(bulletin.items[0].first.collection, texts) for bulletin in page.items]
    are_mixed = len(set(collections)) > 1
    lines += [
        _bulletin_line(bulletin, f"{collection}・" if are_mixed else "", texts)
        for bulletin, collection in zip(page.items, collections, strict=True)
    ]
    buttons = [
        Button(
            clip(bulletin.label, _LONGEST_LABEL),
            callback_data.opens(View.BULLETIN, bulletin.items[0].first.passage_id),
        )
        for bulletin in page.items
    ]
    turn = page_buttons(page.number, page.count, callback_data.lists_bulletins, texts)
    return Reply((_first_page("\n".join(lines)),), (*button_rows(buttons, 3), *turn, home_row(texts)))


def _bulletin_line(bulletin: catalogs.CatalogBulletin, collection: str, texts: Texts) -> str:
    items = bulletin.items[:_MOST_BULLETINS]
    places = dict.fromkeys(item.first.place_name or texts.no_place for item in items)
    label = clip(f"{collection}{bulletin.label}", _LONGEST_NAME)
    return f"• {escape(label)}\u3000{escape(clip('、'.join(places), 120))}"


def bulletin_reply(bulletin: catalogs.CatalogBulletin, texts: Texts, number: int = 0) -> Reply:
    """A button for each item of a bulletin; a single item is shown with its sections instead."""
    if len(bulletin.items) == 1:
        return item_reply(bulletin.items[0], texts)
    page = page_of(bulletin.items, number, _ITEMS_ON_A_PAGE)
    buttons = [_item_button(item, item.first.place_name or texts.no_place) for item in page.items]
    first = bulletin.items[0].first
    turn = page_buttons(
        page.number, page.count, lambda to: callback_data.opens(View.BULLETIN, first.passage_id, to), texts
    )
    up = (Button(texts.back, callback_data.lists_bulletins()), *home_row(texts))
    title = f"<b>{escape(clip(first.bulletin_title or bulletin.label, _LONGEST_LEAD))}</b>"
    return Reply((title,), (*button_rows(buttons, 2), *turn, up))


def view_reply(position: catalogs.CatalogPosition, view: View, texts: Texts, number: int) -> Reply:
    """The item, place, province or bulletin that contains the passage at a position."""
    if view is View.PLACE and position.place:
        return place_reply(position.place, texts, number, position.province)
    if view is View.PROVINCE and position.province:
        return province_reply(position.province, texts, number)
    if view is View.ITEM:
        return item_reply(position.item, texts, number)
    return bulletin_reply(position.bulletin, texts, number)
