import pytest

from letters.readability import lix


@pytest.mark.parametrize(
    "text, words, sentences, long",
    [
        ("Vi ses.", 2, 1, 0),
        ("Du får ett brev. Läs det noga.", 7, 2, 0),
        ("Personuppgiftsincidenten rapporterades omedelbart.", 3, 1, 3),
        ("Fristen går ut kl. 16.10 den 27 april 2023.", 9, 1, 1),
        ("Vad har hänt?\nSystemet är nere\n- Byt lösenord", 8, 3, 2),
        ("Vi gör två saker: vi ringer, t.ex. i dag, och vi mejlar.", 12, 2, 0),
        ("Skriv till dataskyddsombud@exempelkommun.example nu.", 4, 1, 1),
        ("it-stöd är kort men it-attacker är långt", 7, 1, 1),
        ("– – –", 0, 0, 0),
    ],
)
def test_lix_counts_words_sentences_and_long_words_as_defined(text: str, words: int, sentences: int, long: int) -> None:
    expected = words / sentences + 100 * long / words if words else 0.0

    assert lix(text) == pytest.approx(expected)


def test_bureaucratic_swedish_is_told_apart_from_plain_swedish() -> None:
    plain = "Vi har skickat ditt brev till fel person. Hen har lovat att kasta det. Ring oss om du har frågor."
    bureaucratic = (
        "Personuppgiftsansvarig har konstaterat att en handling innehållande personuppgifter felaktigt expedierats till "
        "obehörig mottagare, varvid erforderliga åtgärder omedelbart vidtagits."
    )

    assert lix(plain) < 30
    assert lix(bureaucratic) > 60
