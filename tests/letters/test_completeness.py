from pathlib import Path

import pytest

from letters import plain
from letters.completeness import findings
from letters.similarity import LIMIT, copied
from models.parties import Register
from services.public.remark_on_notice import remarks_on
from tests.letters.samples import SAMPLES

WELL_MEANT = (Path(__file__).parent / "well_meant_notice.txt").read_text(encoding="utf-8")
"""Our own words with the facts and the holes of a notice of 12 May 2023: well meant, and of little help."""


def keys(text: str) -> list[str]:
    return [one.key for one in findings(text)]


def test_the_well_meant_notice_lacks_what_the_one_of_may_2023_lacked() -> None:
    assert keys(WELL_MEANT) == [
        "likely_consequences",
        "advice",
        "own_measures",
        "protected_route",
        "contact_point",
        "authority",
        "telephone",
        "time",
    ]


def test_what_is_written_in_the_wrong_form_is_shown_with_the_right_one() -> None:
    forms = {one.key: (one.words, one.better) for one in findings(WELL_MEANT) if one.words}
    assert forms == {"telephone": ("044-13-21-48", "044-13 21 48"), "time": ("15:04", "kl. 15.04")}


def test_a_notice_that_the_engine_writes_lacks_nothing(register: Register) -> None:
    assert findings(plain.text(SAMPLES["public_communication"](register))) == ()


@pytest.mark.parametrize(
    "added, filled",
    [
        ("Uppgifterna kan användas för att lura dig.", "likely_consequences"),
        ("Var vaksam på samtal från okända.", "advice"),
        ("Vi har stängt systemet och anmält händelsen till polisen.", "own_measures"),
        ("Har du skyddade personuppgifter? Ring oss.", "protected_route"),
        ("Du når vårt dataskyddsombud på samma nummer.", "contact_point"),
        ("Du kan klaga hos IMY.", "authority"),
    ],
)
def test_one_sentence_fills_one_hole_and_no_other(added: str, filled: str) -> None:
    assert set(keys(WELL_MEANT)) - set(keys(f"{WELL_MEANT}\n{added}")) == {filled}


@pytest.mark.parametrize(
    "said",
    [
        "Det finns en risk att uppgifter har röjts.",
        "Leverantören har stängt systemet och polisanmält.",
        "Vi ser allvarligt på det inträffade.",
        "På följande sida står mer.",
    ],
)
def test_reassurance_and_the_suppliers_assurances_fill_nothing(said: str) -> None:
    assert {"likely_consequences", "advice", "own_measures"} <= set(keys(said))


@pytest.mark.parametrize(
    "said, lacking",
    [
        ("Händelsen får inga konsekvenser för dig.", "likely_consequences"),
        ("Vi vet ännu inte vilka konsekvenser det kan få.", "likely_consequences"),
        ("Det finns ingen risk att uppgifterna kan användas.", "likely_consequences"),
        ("Vi bedömer inte att det\nkan leda till något för dig.", "likely_consequences"),
        ("Vi har i nuläget inga råd till dig.", "advice"),
        ("Du behöver inte byta lösenord.", "advice"),
        ("Du behöver inte vara särskilt vaksam.", "advice"),
        ("Kommunen har inte anmält händelsen till IMY.", "own_measures"),
        ("Ingen har ännu anmält det till Integritetsskyddsmyndigheten.", "own_measures"),
        ("Vi vet inte om personer med skyddade personuppgifter berörs.", "protected_route"),
    ],
)
def test_a_thing_that_is_named_only_to_be_denied_is_lacking(said: str, lacking: str) -> None:
    assert lacking in keys(said)
    assert lacking in keys(f"{WELL_MEANT}\n{said}")


@pytest.mark.parametrize(
    "said, there",
    [
        ("Du behöver inte göra något nu, men var vaksam på samtal från okända.", "advice"),
        ("Lämna aldrig ut lösenord. Logga inte in med länkar i mejl.", "advice"),
        ("Vi vet inte vem som har uppgifterna. De kan användas för att lura dig.", "likely_consequences"),
        ("Vi har inte sett att uppgifterna är spridda men de kan spridas och du kan bli lurad.", "likely_consequences"),
        ("Systemet går inte att nå, och vi har anmält händelsen till IMY.", "own_measures"),
    ],
)
def test_a_word_that_denies_something_else_takes_nothing_away(said: str, there: str) -> None:
    assert there not in keys(said)


@pytest.mark.parametrize(
    "well_written",
    [
        "Ring 044-13 50 00.",
        "Ring 08-657 61 00 eller 114 14.",
        "Ring +46 44 13 50 00.",
        "Ring 070-174 06 35.",
        "Ring 112.",
    ],
)
def test_a_number_as_people_read_it_is_left_alone(well_written: str) -> None:
    assert "telephone" not in keys(well_written)


@pytest.mark.parametrize(
    "written, better",
    [("0441321 48", "044-13 21 48"), ("044/132148", "044-13 21 48"), ("070 1740635", "070-174 06 35")],
)
def test_a_number_grouped_otherwise_is_shown_as_people_read_it(written: str, better: str) -> None:
    (found,) = [one for one in findings(f"Ring {written}.") if one.key == "telephone"]
    assert (found.words, found.better) == (written, better)


@pytest.mark.parametrize("well_written", ["kl. 15.04", "kl. 9", "kl. 9.00–11.00", "skalan 1:100 000", "artikel 33.1"])
def test_a_time_as_people_read_it_and_what_is_no_time_are_left_alone(well_written: str) -> None:
    assert "time" not in keys(well_written)


# whose words it is


def test_a_text_is_wholly_its_own_source_and_nothing_of_another() -> None:
    assert copied(WELL_MEANT, WELL_MEANT) == 1.0
    assert copied(WELL_MEANT, "Något helt annat om ett annat ämne än det här.") == 0.0
    assert copied("", WELL_MEANT) == 0.0


def test_a_lead_of_ones_own_before_the_suppliers_text_is_a_copy_still() -> None:
    own = "Vi beklagar det som har hänt. " + " ".join(WELL_MEANT.split()[20:])
    assert copied(own, WELL_MEANT) > LIMIT


def test_common_turns_of_phrase_make_no_copy(register: Register) -> None:
    ours = plain.text(SAMPLES["public_communication"](register))
    assert copied(ours, plain.text(SAMPLES["controller_notice_from_processor"](register))) < LIMIT / 2


def test_a_copy_is_remarked_on_in_swedish_with_its_share() -> None:
    remarks = remarks_on(WELL_MEANT, (WELL_MEANT,))
    assert remarks[0].startswith("100 procent av orden är leverantörens egna.")
    assert (
        "Klockslaget är inte skrivet som man läser det på svenska, med kl. och punkt. ”15:04” Skriv kl. 15.04."
        in remarks
    )
    assert remarks_on(WELL_MEANT)[0].startswith("Det står inte vad händelsen kan leda till")
    assert "(artikel 34.2" in remarks_on(WELL_MEANT)[0]
