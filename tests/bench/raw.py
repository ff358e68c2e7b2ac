"""Raw limits: what the databases and the machine can do with no Vigie around them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import perf_counter

import psycopg
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sqlalchemy import make_url

BATCH = 500
_TABLE = """CREATE TABLE raw (
    id {serial}, channel INTEGER NOT NULL, external_id TEXT NOT NULL, body TEXT, UNIQUE (channel, external_id)
)"""


def sqlite_rate(folder: Path, texts: list[str]) -> float:
    """Rows a second: sqlite3 by hand, a unique key, ON CONFLICT DO NOTHING, 500 rows a transaction, WAL."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(_TABLE.format(serial="INTEGER PRIMARY KEY"))
        began = perf_counter()
        for start in range(0, len(texts), BATCH):
            rows = [(1, str(start + place), text) for place, text in enumerate(texts[start : start + BATCH])]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO raw (channel, external_id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", rows
            )
            connection.execute("COMMIT")
        return len(texts) / (perf_counter() - began)
    finally:
        connection.close()


def postgresql_rate(url: str, texts: list[str]) -> float:
    """Rows a second: COPY into a logged table with a primary and a unique key."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_TABLE.format(serial="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"))
        began = perf_counter()
        with connection.cursor().copy("COPY raw (channel, external_id, body) FROM STDIN") as copy:
            for number, text in enumerate(texts):
                copy.write_row((1, str(number), text))
        return len(texts) / (perf_counter() - began)


def toy_classifier_rate(texts: list[str], *, batch: int) -> float:
    """Messages a second: HashingVectorizer on words 1–2 and logistic regression, as small as it gets."""
    read = HashingVectorizer(ngram_range=(1, 2), n_features=2**18, alternate_sign=False)
    model = LogisticRegression(max_iter=50).fit(
        read.transform(texts[:2_000]), [n % 2 for n in range(len(texts[:2_000]))]
    )
    began = perf_counter()
    for start in range(0, len(texts), batch):
        model.predict_proba(read.transform(texts[start : start + batch]))
    return len(texts) / (perf_counter() - began)
