import re
from pathlib import Path

import pytest
import yaml

from law.assessment import assess, read_facts
from letters.citations import cited

ROOT = Path(__file__).parents[2]
ENGLISH = re.compile(
    r"\b(?:[Aa]rticle|[Ss]ections?|[Gg]uidelines|[Rr]ecital|cases?|paras?|and|the|of|Annex|examples?)\b"
)


@pytest.mark.parametrize(
    "citation, swedish",
    [
        ("Article 33(1) and recital 85 GDPR", "artikel 33.1 och skäl 85 i dataskyddsförordningen"),
        (
            "Article 9(1) and Article 4(13) and (15) GDPR",
            "artikel 9.1 och artikel 4.13 och 4.15 i dataskyddsförordningen",
        ),
        ("Guidelines 9/2022, section IV.B: a combination is more sensitive", "EDPB:s riktlinjer 9/2022, avsnitt IV.B"),
        ("Guidelines 9/2022, sections I.B.2 and IV.B", "EDPB:s riktlinjer 9/2022, avsnitt I.B.2 och IV.B"),
        (
            "Guidelines 01/2021, cases 04, 05 and 18; Guidelines 9/2022, Annex B, examples ix and x",
            "EDPB:s riktlinjer 01/2021, fall 04, 05 och 18; EDPB:s riktlinjer 9/2022, bilaga B, exempel ix och x",
        ),
        ("Guidelines 01/2021, para 19: exfiltration without a trace", "EDPB:s riktlinjer 01/2021, punkt 19"),
        ("ENISA 2013, simple data; ENISA 2013, financial data", "Enisas metod från 2013"),
        (
            "Datatilsynet (DK) on Nemlig; CNIL (FR), SAN-2020-014",
            "Datatilsynet (DK) om Nemlig; CNIL (FR), SAN-2020-014",
        ),
    ],
)
def test_a_citation_is_said_in_swedish_with_its_source_and_its_place(citation: str, swedish: str) -> None:
    assert cited(citation) == swedish


def _references() -> list[str]:
    tables = [file.read_text(encoding="utf-8") for file in (ROOT / "law" / "tables").glob("*.yaml")]
    return [one.strip('"') for table in tables for one in re.findall(r"reference: (?!>-)(.+)", table)]


def _advised() -> set[str]:
    files = (ROOT / "tests" / "cases" / "edpb").glob("*.yaml")
    stated = [case for file in files for case in yaml.safe_load(file.read_text(encoding="utf-8"))]
    given = [case["facts"] for case in stated if "facts" in case]
    return {reason.citation for facts in given for reason in assess(read_facts(facts)).because}


def test_no_citation_of_the_published_cases_and_tables_is_left_in_english() -> None:
    citations = _advised() | set(_references())
    assert len(citations) > 40
    assert {text for text in map(cited, citations) if ENGLISH.search(text)} == set()
