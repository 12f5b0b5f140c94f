# PostgreSQL 18 with pgvector and pg_textsearch, for compose.postgres.yaml. Debian's stable release has neither; pin the
# digest of the image that was tried before the first start, since sid changes daily.
FROM debian:sid-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-18 postgresql-18-pgvector postgresql-18-pg-textsearch \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner postgres --group postgres --mode 0700 /var/lib/postgresql/bulletins
COPY deploy/start-postgres.sh /usr/local/bin/start-postgres
USER postgres
VOLUME /var/lib/postgresql/bulletins
EXPOSE 5432
HEALTHCHECK --interval=10s --timeout=5s --start-period=1m CMD ["/usr/lib/postgresql/18/bin/pg_isready", "--host", "127.0.0.1"]
CMD ["sh", "/usr/local/bin/start-postgres"]
