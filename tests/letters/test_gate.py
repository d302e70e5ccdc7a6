import pytest

from letters.gate import gate
from letters.render import letter_card
from models.facts import Facts
from models.letter import Audience, Heading, Letter, Link, Paragraph
from models.parties import Register
from services.documents.let_through import TO_THE_PEOPLE, remarks
from tests.letters.case import FACTS
from tests.letters.samples import SAMPLES, VARIANTS, to_person

CLEAN = [name for name in SAMPLES if name in TO_THE_PEOPLE]
NAMED_AFTER_THE_GROUP = "Uppgifter om patienter har hamnat hos obehöriga"


def saying(text: str, register: Register) -> Letter:
    """The letter to the person, with ``text`` among what happened."""
    return to_person(register, FACTS.learn(Facts(what_happened=text)))


def stops(letter: Letter) -> list[tuple[str, str]]:
    return [(one.key, one.words) for one in gate(letter) if one.stops]


def without(heading: str, letter: Letter) -> Letter:
    """The letter with nothing below that heading but a dash."""
    kept, under = [], False
    for block in letter.blocks:
        if isinstance(block, Heading):
            under = block.text.startswith(heading)
            kept += [block, Paragraph(text="–")] if under else [block]
        elif not under:
            kept.append(block)
    return letter.model_copy(update={"blocks": tuple(kept)})


@pytest.mark.parametrize("name", [*CLEAN, "update", "health", "lost", "confirmed"])
def test_what_the_engine_writes_of_sound_facts_passes_without_a_word(name: str, register: Register) -> None:
    assert gate({**SAMPLES, **VARIANTS}[name](register)) == ()


@pytest.mark.parametrize(
    "heading, particular",
    [
        ("Vad har hänt", "nature"),
        ("Vilka uppgifter", "nature"),
        ("Kontakta oss", "contact_point"),
        ("Vad kan det betyda", "likely_consequences"),
        ("Vad har vi gjort", "measures"),
        ("Vad kan du göra", "measures"),
    ],
)
def test_each_particular_of_article_34_2_must_be_said_under_its_heading(
    heading: str, particular: str, register: Register
) -> None:
    assert stops(without(heading, to_person(register))) == [(particular, heading)]


def test_a_variant_is_looked_at_like_the_letter_itself(register: Register) -> None:
    letter = to_person(register)
    guardian = next(one for one in letter.variants if one.audience is Audience.GUARDIAN)
    emptied = without("Vad kan det betyda", letter.to(Audience.GUARDIAN)).blocks
    broken = letter.model_copy(update={"variants": (guardian.model_copy(update={"blocks": emptied}),)})
    assert stops(broken) == [("likely_consequences", "Vad kan det betyda")]


def test_whom_to_ask_must_have_a_number_or_an_address(register: Register) -> None:
    letter = without("Kontakta oss", to_person(register))
    blocks = [
        Paragraph(text="Fråga gärna vårt ombud om du undrar.") if one == Paragraph(text="–") else one
        for one in letter.blocks
    ]
    (found,) = [one for one in gate(letter.model_copy(update={"blocks": tuple(blocks)})) if one.stops]
    assert "telephone" in found.why


def test_the_card_says_where_every_particular_stands() -> None:
    for name in ("data_subject_communication", "public_communication"):
        card = letter_card(name)
        assert set(card.stands_under) == set(card.particulars)


@pytest.mark.parametrize(
    "left",
    ["{{ datum }}", "[namn på systemet]", "<fyll i>", "XXX", "____", "TODO", "@@S1", "Det var den …… som", "None"],
)
def test_a_place_that_was_left_to_fill_in_stops_the_letter(left: str, register: Register) -> None:
    assert [key for key, _ in stops(saying(f"Systemet {left} stängdes av.", register))] == ["placeholder"]


@pytest.mark.parametrize(
    "broken",
    [
        "Uppgifterna l?stes.",
        "Uppgifterna lÃ¤stes.",
        "Uppgifterna l\ufffdstes.",
        "Uppgifterna l&auml;stes.",
    ],
)
def test_a_lost_or_broken_swedish_letter_stops_it(broken: str, register: Register) -> None:
    assert {key for key, _ in stops(saying(broken, register))} == {"broken_sign"}


def test_a_broken_letter_is_shown_where_it_stands(register: Register) -> None:
    found = [one.words for one in gate(saying("Hej Ã…sa.", register)) if one.key == "broken_sign"]
    assert found == ["Hej Ã…sa."]


def test_a_question_mark_where_it_belongs_is_left_alone(register: Register) -> None:
    assert gate(saying("Vad hände? Vi vet inte. Läs på www.exempelkommun.example/sok?id=7.", register)) == ()


def test_a_long_text_without_any_dots_is_asked_about_and_not_stopped(register: Register) -> None:
    bare = "Systemet blev angripet av en grupp som tog kopior av filer. " * 4
    (found,) = gate(saying(bare, register))
    assert (found.key, found.stops) == ("no_dots", False)


@pytest.mark.parametrize(
    "text",
    [
        "An unauthorised party has gained access to the servers of the hosting company and your data may have been copied.",
        "The attack was discovered on Monday. We do not know yet which of the files were read by the intruder.",
    ],
)
def test_what_was_taken_over_in_english_is_pointed_out(text: str, register: Register) -> None:
    found = [one for one in gate(saying(text, register)) if one.key == "english"]
    assert found
    assert all(one.words.split()[0] in text for one in found)
    assert not any(one.stops for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "Angriparna kom in via The Bank of the North and Company, som sköter driften åt oss.",
        "Vi är med i en by på 400 personer, och all post i byn har legat på is sedan dess.",
    ],
)
def test_an_english_name_and_swedish_words_that_look_english_are_not(text: str, register: Register) -> None:
    assert "english" not in {one.key for one in gate(saying(text, register))}


def test_a_whole_personal_identity_number_stops_it_and_is_not_repeated(register: Register) -> None:
    letter = to_person(register)
    blocks = (*letter.blocks, Paragraph(text="Det gäller 19121212-1212."))
    found = gate(letter.model_copy(update={"blocks": blocks}))
    assert [(one.key, one.stops) for one in found] == [("identity_number", True)]
    assert "1212" not in "".join(remarks(found))


@pytest.mark.parametrize("word", ["hiv", "depressioner", "missbruk", "cancersjukdom", "homosexuella"])
def test_something_sensitive_spelt_out_stops_it(word: str, register: Register) -> None:
    assert stops(saying(f"I filen stod det vilka som hade {word}.", register)) == [("sensitive", word)]


@pytest.mark.parametrize(
    "said", ["Uppgifterna kan missbrukas.", "Det gäller uppgifter om din hälsa.", "Han heter Kristen Romer."]
)
def test_the_kind_of_data_and_words_that_only_look_alike_pass(said: str, register: Register) -> None:
    assert gate(saying(said, register)) == ()


def test_a_subject_that_anybody_can_see_names_no_sensitive_kind(register: Register) -> None:
    letter = to_person(register).model_copy(update={"subject": "Om din hälsa"})
    assert stops(letter) == [("sensitive_subject", "hälsa")]


def test_a_notice_to_the_public_says_in_its_headline_whom_it_is_for(register: Register) -> None:
    notice = SAMPLES["public_communication"](register)
    assert gate(notice.model_copy(update={"subject": NAMED_AFTER_THE_GROUP})) == ()


@pytest.mark.parametrize(
    "said, found",
    [
        ("Logga in på www.exempelkommun.example och byt lösenord.", [("login", True)]),
        ("Läs mer på https://www.exempelkommun.example.", [("link", False)]),
        ("Logga in med BankID på minasidor.example.", [("login", True)]),
        ("Logga in på exempel.se/konto i dag.", [("login", True)]),
        ("Logga aldrig in på exempel.se från ett mejl.", []),
        ("Klicka på länken bit.ly/abc för att läsa mer.", [("link", True)]),
        ("Klicka inte på länkar till exempel.se.", []),
        ("Läs mer på exempel.se/incident.", []),
        ("Läs mer på exempel.se, t.ex. i dag.", []),
        ("Logga in hos din bank och se över dina konton.", []),
        ("Vi skickar aldrig någon länk till www.exempelkommun.example att logga in på.", []),
    ],
)
def test_no_address_to_log_in_at(said: str, found: list[tuple[str, bool]], register: Register) -> None:
    assert [(one.key, one.stops) for one in gate(saying(said, register))] == found


def test_a_letter_to_the_people_has_nothing_to_click(register: Register) -> None:
    letter = to_person(register)
    link = Link(text="Ärendet", href="http://127.0.0.1:4200/")
    assert ("link", link.href) in stops(letter.model_copy(update={"blocks": (*letter.blocks, link)}))


HEAVY = "Personuppgiftsansvarig har konstaterat obehörig åtkomst avseende personuppgiftsbehandlingen i verksamhetssystemet. "


def test_a_heavy_letter_is_warned_of_and_a_hard_one_stopped_and_both_say_where_it_is_hard(register: Register) -> None:
    light, heavy, hard = (
        [one for one in gate(saying(HEAVY * times, register)) if one.key == "plain_language"] for times in (8, 14, 30)
    )
    assert [light, [one.stops for one in heavy][:1], [one.stops for one in hard][:1]] == [[], [False], [True]]
    said = remarks(hard)[0]
    assert "LIX" in said
    assert "personuppgiftsbehandlingen" in said
    assert "artikel 34.2" in said


def test_a_hard_paragraph_among_easy_ones_is_pointed_at_and_does_not_stop_the_letter(register: Register) -> None:
    found = {one.key: one for one in gate(saying(HEAVY * 2, register))}
    assert set(found) == {"heavy_paragraph"}
    assert not found["heavy_paragraph"].stops
    assert found["heavy_paragraph"].words.startswith("Personuppgiftsansvarig har konstaterat")
