"""The tables: a schema a generation, never changed after its swap, and one row that says which is in service."""

from __future__ import annotations

from typing import LiteralString

from psycopg.sql import SQL, Composable, Composed, Identifier

from retrieval.index.postgres.server.connections import Connection

SERVING = "default"
"""The name of the row of `bulletin_bot.serving`."""
NOTIFY_CHANNEL = "bulletin_bot_serving"
LOCK_KEY = 0x62756C6C  # "bull"; the advisory lock of whoever builds
LEASE_CLASS = 0x6C656173  # "leas"; with a hash of its name, the advisory lock of whoever reads a generation

_SERVING: LiteralString = """
create schema if not exists bulletin_bot;
create table if not exists bulletin_bot.serving(
    name text primary key,
    generation text not null,
    previous text[] not null default '{}')
"""
_TABLES: LiteralString = """
create schema {schema};
create table {schema}.passages(
    position int primary key, place int not null, bulletin int not null, terms text not null,
    paragraph halfvec({dimension}) not null);
create table {schema}.contents(
    position int primary key, passage_id text not null, path text not null, body text not null, folded text,
    original bytea, recognized text, length int not null, term_numbers bytea not null, term_counts bytea not null,
    paragraph bytea, token_counts bytea not null, sentences bytea not null, tokens bytea not null,
    exact_sentences bytea, exact_tokens bytea, keys bytea not null);
alter table {schema}.contents alter sentences set storage external, alter tokens set storage external,
    alter term_numbers set storage external, alter keys set storage external,
    alter exact_sentences set storage external, alter exact_tokens set storage external;
create table {schema}.pictures(position int primary key, picture bytea not null);
alter table {schema}.pictures alter picture set storage external;
create table {schema}.terms(collection int primary key, content bytea not null);
create table {schema}.books(name text primary key, kind text not null, shape int[] not null, content bytea not null);
create table {schema}.facts(name text primary key, value jsonb not null)
"""
# After the copy, never before: rows added to a BM25 index of pg_textsearch 1.0 are lost by a kill of the server.
_INDEXES: LiteralString = """
create unique index contents_passage_id on {schema}.contents(passage_id);
create index passages_place on {schema}.passages(place);
create index passages_bulletin on {schema}.passages(bulletin);
create index passages_paragraph on {schema}.passages using hnsw (paragraph halfvec_ip_ops)
    with (m = 16, ef_construction = 128)
"""
_BM25: LiteralString = """
create index passages_bm25 on {schema}.passages using bm25(terms) with (text_config='simple')
"""
_WORDS: LiteralString = """
create index passages_words on {schema}.passages using gin(to_tsvector('simple', terms))
"""
_ANALYZE: LiteralString = "analyze {schema}.passages; analyze {schema}.contents"


def schema_of(generation: str) -> str:
    """The name of the schema of a generation: g20261130t044524_530134 for 20261130T044524.530134Z."""
    return f"g{generation.removesuffix('Z').replace('.', '_').lower()}"


def generation_of(schema: str) -> str:
    """The name of the generation of a schema."""
    return f"{schema[1:].upper().replace('_', '.')}Z"


def in_schema(statement: LiteralString, generation: str, **parts: Composable) -> Composed:
    """The statement with `{schema}` replaced by the schema of the generation, and other parts by theirs."""
    return SQL(statement).format(schema=Identifier(schema_of(generation)), **parts)


def create_serving(connection: Connection) -> None:
    """Create the table of the pointer if it is missing."""
    connection.execute(_SERVING)


def create_tables(connection: Connection, generation: str, dimension: int) -> None:
    """Create the schema of a generation with its empty tables."""
    schema = Identifier(schema_of(generation))
    connection.execute(SQL(_TABLES).format(schema=schema, dimension=SQL(_number(dimension))))


def create_indexes(connection: Connection, generation: str, *, with_bm25: bool) -> None:
    """Create the indexes of a generation, and gather the statistics of its tables."""
    connection.execute(in_schema(_INDEXES, generation))
    connection.execute(in_schema(_BM25 if with_bm25 else _WORDS, generation))
    connection.execute(in_schema(_ANALYZE, generation))


def _number(value: int) -> LiteralString:
    """The digits of a number, for where SQL takes no parameter."""
    digits: tuple[LiteralString, ...] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
    return "".join(digits[int(digit)] for digit in str(int(value)))
