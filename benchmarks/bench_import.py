"""A list of a million people judged row by row, beside polars doing the same in one go."""

import csv
import tempfile
import time
from datetime import date
from pathlib import Path

import polars as pl

from adapters.people_list.recipient_file import RecipientFile
from benchmarks.figure import Figure
from models.base import has_right_check_digit

ROWS = 1_000_000
HEADING = [
    *("Förnamn", "Efternamn", "Personnummer", "E-post", "Mobil"),
    *("Adress", "Postnr", "Postort", "Skyddade personuppgifter", "Avliden"),
]
FIRST, LAST = ("Anna", "Åsa", "Östen", "Łukasz", "Zoé"), ("Ek", "Öberg", "Sjöö", "Nowak", "Lindqvist")
WORDS = r"^[\p{L}\p{N} .,'/–-]{1,120}$"


def figures() -> list[Figure]:
    """Both read the same file, write nothing, and say how many rows are wrong or stand there twice."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lista.csv"
        write(file)
        begun = time.perf_counter()
        found = RecipientFile(file, on=date(2026, 11, 26)).check()
        ours = time.perf_counter() - begun
        begun = time.perf_counter()
        wrong = by_polars(file)
        theirs = time.perf_counter() - begun
    assert (found.people, wrong) == (ROWS, 0)
    return [Figure("import.vs_polars", ROWS / ours, "rows/s", "polars, the same checks", theirs / ours)]


def write(file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, delimiter=";")
        rows.writerow(HEADING)
        for number in range(ROWS):
            group, serial = divmod(number, 900)
            year, month, day = 1920 + group % 80, group // 80 % 12 + 1, group // 960 + 1
            nine = f"{year % 100:02}{month:02}{day:02}{serial:03}"
            last = next(digit for digit in "0123456789" if has_right_check_digit(nine + digit))
            mail = f"{number}.a@post{number % 50}.example" if number % 5 else ""
            phone = f"070-{number % 1000:03} {number % 90 + 10} {number % 80 + 11}"
            home = (f"Storgatan {number % 99 + 1}", "291 32", "KRISTIANSTAD")
            name = (FIRST[number % 5], LAST[number // 5 % 5])
            rows.writerow([*name, f"{year // 100}{nine[:6]}-{nine[6:]}{last}", mail, phone, *home, "nej", ""])


def by_polars(file: Path) -> int:
    """Return how many rows have a fault: the same columns, check digits, dates, signs and twins, all at once."""
    rows = pl.read_csv(file, separator=";", infer_schema=False).with_columns(pl.all().fill_null(""))
    digits = pl.col("Personnummer").str.replace("-", "")
    total = sum(
        (digits.str.slice(2 + place, 1).cast(pl.Int8, strict=False) * (2 - place % 2)).map_batches(
            lambda product: product // 10 + product % 10
        )
        for place in range(10)
    )
    born = digits.str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
    whole = pl.all_horizontal(pl.col("Förnamn", "Efternamn", "Adress", "Postort").str.contains(WORDS))
    right = (
        whole
        & (total % 10 == 0)
        & born.is_not_null()
        & (born <= date(2026, 11, 26))
        & pl.col("E-post").str.contains(r"^$|^[\w+-]+(\.[\w+-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,24}$")
        & pl.col("Mobil").str.contains(r"^$|^07[02369][- ]?\d([- ]?\d){6}$")
        & pl.col("Postnr").str.contains(r"^\d{3} ?\d{2}$")
        & pl.col("Skyddade personuppgifter").is_in(["", "ja", "nej"])
        & ~pl.col("Personnummer").is_duplicated()
    )
    return int(rows.select((~right).sum()).item())
