"""The command line. Each command imports its modules when it runs, so that --help is quick."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    name="bulletin-bot",
    help="Ask work bulletins a question and get the answer in their own words, with its citation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[Path | None, typer.Option("--data", help="Folder of bulletins (BULLETINS_DIR).")]
IndexFolder = Annotated[Path | None, typer.Option("--index", help="Folder of the index (INDEX_DIR).")]
CollectionNames = Annotated[
    list[str] | None,
    typer.Option("--collection", help="Only this collection; may be given several times."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


@app.command()
def run(
    data: Data = None,
    index: IndexFolder = None,
    or_chat: Annotated[
        bool, typer.Option("--or-chat", help="Without a token, chat in this terminal.")
    ] = False,
) -> None:
    """Serve the Telegram bot, by polling, or by webhook where WEBHOOK_URL is set."""
    from bot.cli.run import serve, serve_terminal
    from bot.settings import load_settings

    settings = load_settings(bulletins_dir=data, index_dir=index)
    if or_chat and settings.telegram_bot_token is None:
        serve_terminal(settings, "zh-hant")
    else:
        serve(settings)


@app.command()
def chat(
    data: Data = None,
    index: IndexFolder = None,
    language: Annotated[str, typer.Option(help="zh-hant, zh-hans or en.")] = "zh-hant",
) -> None:
    """The same conversation in this terminal, without a token."""
    from bot.cli.run import serve_terminal
    from bot.settings import load_settings

    serve_terminal(load_settings(bulletins_dir=data, index_dir=index), language)


@app.command()
def web(
    data: Data = None,
    index: IndexFolder = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="WEB_PORT; 8080 by default.")] = None,
) -> None:
    """Serve the reader page alone: bulletins, citations, search and questions in a browser."""
    from bot.cli.run import serve_web
    from bot.settings import load_settings

    serve_web(load_settings(bulletins_dir=data, index_dir=index, web_port=port))


@app.command()
def export_site(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    language: Annotated[str, typer.Option(help="zh-hant, zh-hans or en.")] = "zh-hant",
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Write the bulletins as static pages for any web server, without search and questions."""
    from bot.cli.run import write_site
    from bot.settings import load_settings

    write_site(load_settings(bulletins_dir=data, index_dir=index), folder, language)


@app.command()
def new_key(name: Annotated[str, typer.Argument(help="Whose it is: letters, digits, _ or -.")]) -> None:
    """Make a key for a program or a reader, and the line of it for ACCESS_KEYS."""
    from bot.settings import load_settings
    from bot.web_access import hash_of_key, new_key

    key = new_key()
    line = f"{name}:{hash_of_key(key)}"
    load_settings(access_keys=line)  # raises for a name that is none
    sys.stdout.write(f"The key, shown this once: {key}\nFor ACCESS_KEYS: {line}\n")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: AsJson = False,
    jsonl: Annotated[
        str | None, typer.Option(help='A file of {"id","q"} lines; "-" is standard input.')
    ] = None,
    docx: Annotated[
        Path | None, typer.Option(help="Also write the quotes to this Word file, each with a footnote.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Also write the quotes to this Markdown file.")
    ] = None,
    collection: CollectionNames = None,
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Answer one question, or a line of JSON for each line of a file, in order."""
    from bot.cli.ask import answer_lines, answer_once
    from bot.export import ExportFormat
    from bot.settings import load_settings

    if (question is None) == (jsonl is None):
        raise typer.BadParameter("give either a QUESTION or --jsonl FILE")
    files = {ExportFormat.WORD: docx, ExportFormat.MARKDOWN: markdown}
    exports = {kind: path for kind, path in files.items() if path is not None}
    if jsonl is not None and exports:
        raise typer.BadParameter("--docx and --markdown go with one QUESTION")
    settings = load_settings(bulletins_dir=data, index_dir=index)
    if jsonl is not None:
        answer_lines(settings, jsonl, collection or ())
    else:
        answer_once(settings, question or "", collection or (), as_json=as_json, exports=exports)


@app.command()
def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Over HTTP on MCP_PORT instead of standard input and output.")
    ] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of MCP_PORT.")] = None,
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Serve the tools ask, search and passage to programs (Model Context Protocol)."""
    from bot.cli.run import serve_programs
    from bot.settings import load_settings

    serve_programs(load_settings(bulletins_dir=data, index_dir=index, mcp_port=port), over_http=http)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    place: Annotated[str | None, typer.Option(help="Only passages about this place.")] = None,
    bulletin: Annotated[str | None, typer.Option(help="Only passages of this bulletin, such as 篇3.")] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=1000)] = 10,
    collection: CollectionNames = None,
    as_json: AsJson = False,
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Rank passages for words."""
    from bot.cli.ask import SearchRequest, search_once
    from bot.settings import load_settings
    from retrieval.index import Filter

    settings = load_settings(bulletins_dir=data, index_dir=index)
    request = SearchRequest(query, Filter(place, bulletin), top_k, tuple(collection or ()))
    search_once(settings, request, as_json=as_json)


@app.command()
def outline(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files to read; the whole data folder by default.")
    ] = None,
    as_json: AsJson = False,
    left_out: Annotated[
        bool, typer.Option("--left-out", help="Show every line that was left out, with the reason.")
    ] = False,
    collection: CollectionNames = None,
    data: Data = None,
) -> None:
    """Show what is read from files: bulletins, places, sections. Needs no index."""
    from bot.cli.outline import read_outline, show_outline
    from bot.settings import load_settings

    folder = load_settings(bulletins_dir=data).bulletins_dir
    reading = read_outline(folder, files or (), collection or ())
    show_outline(reading, as_json=as_json, with_left_out=left_out)


@app.command()
def rebuild(
    data: Data = None,
    index: IndexFolder = None,
    check: Annotated[bool, typer.Option("--check", help="Say what would change and build nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Embed every passage anew.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Serve it although it answers fewer of the known questions.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Rebuild whenever the bulletins change, until stopped.")
    ] = False,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing where there is an index of this version.")
    ] = False,
) -> None:
    """Build the index and put it into service."""
    from bot.cli import rebuild as building
    from bot.output import terminal
    from bot.settings import load_settings

    if watch and (check or full):
        raise typer.BadParameter("--watch goes with neither --check nor --full")
    settings = load_settings(bulletins_dir=data, index_dir=index)
    if if_missing and settings.index_home().has_current():
        return
    console = terminal()
    if check:
        building.check(settings, console)
        return
    with building.stopped_cleanly():
        if watch:
            building.rebuild_on_change(settings, console, force=force)
        else:
            building.rebuild(settings, console, full=full, force=force)


@app.command()
def rollback(index: IndexFolder = None) -> None:
    """Put the previous generation back into service."""
    from bot.settings import load_settings

    name = load_settings(index_dir=index).index_home().roll_back()
    sys.stdout.write(f"Generation {name} is in service again.\n")


@app.command("copy-index")
def copy_index(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A folder, or a postgresql:// address.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The other of the two.")],
) -> None:
    """Copy the index in service between a folder and a server; nothing is embedded again."""
    from bot.cli.progress import shown_progress
    from bot.output import terminal
    from retrieval.index import homes

    with shown_progress(terminal()) as progress:
        name = homes.copy_index(source, target, progress)
    sys.stdout.write(f"Generation {name} is in service there.\n")


@app.command("copy-state")
def copy_state(
    source: Annotated[str, typer.Argument(metavar="FROM", help="A state file, or a postgresql:// address.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The other one, without anything in it.")],
) -> None:
    """Copy what the bot remembers between a file and a server, while no bot serves from either."""
    from bot.maintenance import copy_state as copy

    sys.stdout.write(f"{copy(source, target)} rows copied.\n")


@app.command()
def purge(
    bulletin: Annotated[
        str | None, typer.Argument(help="Its label, title or file; without one, all are listed.")
    ] = None,
    collection: CollectionNames = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Take a bulletin out for good: show what would go, ask, and delete all that holds it."""
    from bot.cli.purge import list_bulletins, purge_bulletin
    from bot.settings import load_settings

    settings = load_settings(bulletins_dir=data, index_dir=index)
    if bulletin is None:
        list_bulletins(settings, collection or ())
    else:
        purge_bulletin(settings, bulletin, collection or (), is_sure=yes)


@app.command()
def status(index: IndexFolder = None, as_json: AsJson = False) -> None:
    """Show what is being served: counts, encoder, age, and whether its parts are whole."""
    from bot.cli.status import show_status
    from bot.settings import load_settings

    show_status(load_settings(index_dir=index), as_json=as_json)


@app.command()
def evaluate(
    questions: Annotated[
        Path | None,
        typer.Option(help="A JSON lines file, or a folder of them, instead of all those in data/eval."),
    ] = None,
    collection: Annotated[
        str | None,
        typer.Option(help="Only this collection: bulletins, or a folder in data/eval/collections."),
    ] = None,
    as_json: AsJson = False,
    store: Annotated[
        bool, typer.Option("--store", help="Keep the result in data/eval/results, under day and commit.")
    ] = False,
    wording: Annotated[
        bool,
        typer.Option(
            "--wording", help="Measure worded sentences instead: the check, and the model if one is set."
        ),
    ] = False,
    index: IndexFolder = None,
) -> None:
    """The quality on questions with known answers, those held out first."""
    from bot.cli.evaluate import show_evaluation, show_wording
    from bot.settings import load_settings

    if questions and collection:
        raise typer.BadParameter("--questions and --collection exclude each other.")
    if wording:
        show_wording(load_settings(index_dir=index), questions)
        return
    show_evaluation(
        load_settings(index_dir=index), questions, collection=collection, as_json=as_json, store=store
    )


@app.command()
def feedback(
    confirm: Annotated[
        list[int] | None, typer.Option(help="Make an evaluation question of this one.")
    ] = None,
    answer: Annotated[
        str | None, typer.Option(help="Words of the bulletins that would have answered the one confirmed.")
    ] = None,
    unanswerable: Annotated[
        Literal["near", "far"] | None,
        typer.Option(help="The bulletins do not answer it: a near miss, or far from them."),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(help="Add what is confirmed to this file, such as data/eval/questions_feedback.jsonl."),
    ] = None,
    as_json: AsJson = False,
    index: IndexFolder = None,
) -> None:
    """Show what people thought of answers; confirmed feedback becomes evaluation questions."""
    from bot.cli.feedback import confirm_feedback, export_feedback, show_feedback
    from bot.operations import evaluation_questions
    from bot.settings import load_settings

    if (answer or unanswerable) and len(confirm or ()) != 1:
        raise typer.BadParameter("--answer and --unanswerable go with one --confirm ID")
    if answer and unanswerable:
        raise typer.BadParameter("give either --answer or --unanswerable")
    settings = load_settings(index_dir=index)
    if confirm:
        confirm_feedback(settings, confirm, evaluation_questions.Correction(answer, unanswerable))
    if export:
        export_feedback(settings, export)
    if not confirm and not export:
        show_feedback(settings, as_json=as_json)


@app.command()
def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Leave out what calls Telegram.")] = False,
    as_json: AsJson = False,
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Find what is wrong: settings, folders, model, index, state, space, network, clock. A remedy in a line each."""
    from bot.cli.maintenance import show_diagnosis
    from bot.settings import load_settings

    show_diagnosis(load_settings(bulletins_dir=data, index_dir=index), offline=offline, as_json=as_json)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    without_index: Annotated[
        bool, typer.Option("--without-index", help="Leave the index out; it can be built again.")
    ] = False,
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Write bulletins, state, index and settings without secrets into one file, while the bot serves."""
    from bot.cli.maintenance import back_up
    from bot.settings import load_settings

    back_up(load_settings(bulletins_dir=data, index_dir=index), file, with_index=not without_index)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put what is there aside, under a name with the time.")
    ] = False,
    data: Data = None,
    index: IndexFolder = None,
) -> None:
    """Check a backup, then put bulletins, state and index in their places."""
    from bot.cli.maintenance import bring_back
    from bot.settings import load_settings

    bring_back(load_settings(bulletins_dir=data, index_dir=index), file, replace=replace)


_UNUSABLE_STATE = (
    "The state cannot be read or written ({error}): see what `bulletin-bot doctor` says, and try again."
)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a BulletinBotError is one sentence on standard error and exit status 1."""
    try:
        app(arguments)
    except Exception as error:
        from retrieval.errors import BulletinBotError  # brings numpy: half of the time of --help

        if not isinstance(error, BulletinBotError | sqlite3.OperationalError):
            raise
        from bot.output import printable

        said = str(error) if isinstance(error, BulletinBotError) else _UNUSABLE_STATE.format(error=error)
        sys.stderr.write(f"{printable(said)}\n")
        sys.exit(1)


def rebuild_index() -> None:
    """`rebuild-index` is `bulletin-bot rebuild`."""
    main(["rebuild", *sys.argv[1:]])
