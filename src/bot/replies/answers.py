"""Renders answers: quotes with their citations, or the refusal with related passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.locales import Texts
from bot.replies.answer_rows import LEADS_SHOWN, answer_rows, leads_and_sections
from bot.replies.markup import (
    LONGEST_NAMES,
    LinkTo,
    Reply,
    anchor,
    citation_path,
    clip,
    escape,
    mark_spans,
    place_label,
    short_citation,
)
from bot.replies.message_length import pack_blocks
from bot.replies.place_answers import place_blocks, place_table
from bot.replies.refusals import refusal_blocks
from retrieval.language import fold
from retrieval.questions import follow_ups
from retrieval.types import (
    Answer,
    Answered,
    Citation,
    Hit,
    Passage,
    PlaceShift,
    QuestionType,
    Quote,
    Refused,
    RenamedPlace,
    SmallTalk,
    SmallTalkReply,
)

_LONGEST_EVIDENCE = 900
_LONGEST_SNIPPET = 72
_MOST_TOPICS = 3


def answer_reply(
    answer: Answer,
    covered: Sequence[str],
    texts: Texts,
    link: LinkTo,
    *,
    resolved: follow_ups.ResolvedMessage | None = None,
    answer_id: str | None = None,
    examples: Sequence[tuple[int, str]] = (),
) -> Reply:
    """The quotes with their citations, or the refusal; below a line that says how the question was read.

    Buttons need an answer id; the examples (number and text) are offered below a refusal.
    """
    if resolved and answer.status == "refused" and (resolved.skip or resolved.is_exhausted):
        return _no_more(resolved, texts)
    blocks = _blocks(answer, covered, texts, link)
    rich = (
        place_table(answer, covered, texts, link) if isinstance(answer, Answered) and answer.by_place else ""
    )
    if answer.renamed_places:
        renamed = "\n".join(_renamed_line(place, texts) for place in answer.renamed_places)
        blocks[0] = f"{renamed}\n{blocks[0]}"
        rich = f"<p>{renamed}</p>{rich}" if rich else ""
    if isinstance(answer, Answered) and answer.taken_as_newest:
        newest = _newest_line(answer.taken_as_newest, texts)
        blocks[0] = f"{newest}\n{blocks[0]}"
        rich = f"<p>{newest}</p>{rich}" if rich else ""
    rows = answer_rows(answer, texts, answer_id, examples) if answer_id else ()
    read_as = resolved.description if resolved else answer.read_as
    if read_as:
        line = _read_as_line(read_as, texts)
        blocks[0] = f"{line}\n{blocks[0]}"
        rich = f"<p>{line}</p>{rich}" if rich else ""
    return Reply(pack_blocks(blocks), rows, rich)


def _no_more(resolved: follow_ups.ResolvedMessage, texts: Texts) -> Reply:
    """Nothing more after an answer, below the question that was gone on from; or nothing to go on from."""
    if not resolved.skip:
        return Reply((escape(texts.nothing_to_go_on_from),))
    return Reply((f"{_read_as_line(resolved.description, texts)}\n{escape(texts.no_more)}",))


def _read_as_line(reading: str, texts: Texts) -> str:
    return f"<i>{escape(texts.read_as.format(reading=clip(reading, LONGEST_NAMES)))}</i>"


def _blocks(answer: Answer, covered: Sequence[str], texts: Texts, link: LinkTo) -> list[str]:
    match answer:
        case SmallTalkReply():
            return [escape(_small_talk(answer.small_talk, texts))]
        case Answered(question_type=QuestionType.OVERVIEW):
            return _overview(answer, texts, link)
        case Answered(by_place=()):
            return _answered(answer, texts, link)
        case Answered():
            return place_blocks(answer, covered, texts, link)
        case Refused(hits=()):
            return [texts.empty_question]
        case Refused():
            return refusal_blocks(answer, texts, link)


def _small_talk(kind: SmallTalk, texts: Texts) -> str:
    match kind:
        case SmallTalk.GREETING:
            return texts.greeting
        case SmallTalk.THANKS:
            return texts.thanks
        case SmallTalk.GOODBYE:
            return texts.goodbye
        case SmallTalk.WHO:
            return texts.who_are_you
        case SmallTalk.ACKNOWLEDGEMENT:
            return texts.acknowledgement


def _answered(answer: Answered, texts: Texts, link: LinkTo) -> list[str]:
    """The first quote with its citation and the collapsed paragraph around it; between them what to see also."""
    numbers = {citation.passage.passage_id: citation.number for citation in answer.citations}
    first, *others = answer.quotes
    lines = [_quote_line(first, numbers[first.passage.passage_id], link)]
    if answer.place_shift:
        lines.insert(0, _place_shift_line(answer.place_shift, texts))
    if texts.reads_latin and (topics := _topics(first, texts)):
        about = texts.about_quote.format(topics=texts.between_names.join(topics))
        lines.append(f"<i>{escape(about)}</i>")
    first_citation, *other_citations = answer.citations
    lines.append(_citation_lines([first_citation], answer.quotes, texts, link))
    if others:
        also = [_quote_line(quote, numbers[quote.passage.passage_id], link) for quote in others]
        lines += [f"<i>{escape(texts.also)}</i>", *also]
    if other_citations:
        lines.append(_citation_lines(other_citations, answer.quotes, texts, link))
    if first.text != first.passage.text:
        lines.append(_evidence(first))
    return ["\n".join(lines)]


def _topics(quote: Quote, texts: Texts) -> list[str]:
    """The topics of the heading and the quote, in the words of the reader's glossary: the first few in the text."""
    text = fold(quote.passage.heading + quote.text)
    known = dict(texts.glossary)
    found = {known[word]: text.index(word) for word in known if word in text}
    return sorted(found, key=lambda topic: found[topic])[:_MOST_TOPICS]


def _overview(answer: Answered, texts: Texts, link: LinkTo) -> list[str]:
    """The opening of each item with its citation, and a line that leads to the buttons of the sections."""
    numbers = {citation.passage.passage_id: citation.number for citation in answer.citations}
    cited = {citation.passage.passage_id: citation for citation in answer.citations}
    leads, sections = leads_and_sections(answer)
    blocks = [
        f"{_quote_line(quote, numbers[quote.passage.passage_id], link)}\n"
        f"{_citation_lines([cited[quote.passage.passage_id]], [quote], texts, link)}"
        for quote in leads[:LEADS_SHOWN]
    ]
    counted = texts.sections.format(count=len(sections)) if sections else ""
    items = texts.items_of_overview.format(count=len(leads)) if not sections else counted
    return [*blocks, f"<i>{escape(items)}</i>"]


def _place_shift_line(shift: PlaceShift, texts: Texts) -> str:
    """A line that the answer is about a place inside the one asked about, or around it."""
    line = texts.place_inside if shift.is_inside else texts.place_around
    asked, cited = (clip(place_label(name, texts), LONGEST_NAMES) for name in (shift.asked, shift.cited))
    return f"<i>{escape(line.format(asked=asked, cited=cited))}</i>"


def _newest_line(bulletin: str, texts: Texts) -> str:
    """A line that the bulletin stands for the newest one by its number."""
    return f"<i>{escape(texts.newest_by_number.format(bulletin=clip(bulletin, LONGEST_NAMES)))}</i>"


def _renamed_line(place: RenamedPlace, texts: Texts) -> str:
    """A line that the place asked about has another name today."""
    line = texts.place_merged if place.is_merged else texts.place_renamed
    return f"<i>{escape(line.format(asked=place.asked, current=place.current, year=place.year))}</i>"


def _quote_line(quote: Quote, number: int, link: LinkTo) -> str:
    """The quote with its marks in bold, and the number of its citation."""
    span = (quote.start, quote.end)
    text = mark_spans(quote.passage.text, span, quote.marks, "b")
    return f"「{text}」{anchor(f'〔{number}〕', link(quote.passage.passage_id, span))}"


def _citation_lines(
    citations: Iterable[Citation], quotes: Sequence[Quote], texts: Texts, link: LinkTo
) -> str:
    """A line for each citation, all of it a link to the first quote from its passage."""
    spans = {quote.passage.passage_id: (quote.start, quote.end) for quote in reversed(quotes)}
    return "\n".join(
        anchor(
            f"〔{citation.number}〕{short_citation(citation.passage, texts)}",
            link(citation.passage.passage_id, spans.get(citation.passage.passage_id)),
        )
        for citation in citations
    )


def _evidence(first: Quote) -> str:
    """The paragraph around the first quote, collapsed, with the quote in bold."""
    text = first.passage.text
    room = max(_LONGEST_EVIDENCE - (first.end - first.start), 0) // 2
    start, end = max(first.start - room, 0), min(first.end + room, len(text))
    excerpt = mark_spans(text, (start, end), [(first.start, first.end)], "b")
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"<blockquote expandable>{before}{excerpt}{after}</blockquote>"


def related_blocks(hits: Sequence[Hit], texts: Texts, link: LinkTo) -> list[str]:
    """A block for each hit: a link to the passage, and the beginning of its text."""
    return [_related(hit.rank, hit.passage, texts, link) for hit in hits]


def _related(rank: int, passage: Passage, texts: Texts, link: LinkTo) -> str:
    title = anchor(f"{rank}. {citation_path(passage, texts)}", link(passage.passage_id, None))
    return f"{title}\n{escape(clip(passage.text, _LONGEST_SNIPPET))}"
