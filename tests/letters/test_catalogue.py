from babel.messages.catalog import Catalog

from law.statute_book import StatuteBook
from letters.catalogue import check, load, update, wanted
from letters.vocabulary import PARTICULARS, PROVISIONS


def new_faults(catalogue: Catalog) -> set[str]:
    return set(check(catalogue)) - set(check(load()))


def test_the_catalogue_has_every_word_the_code_needs_and_no_other() -> None:
    assert check(load()) == []


def test_an_empty_catalogue_lacks_everything_and_is_filled_without_translations() -> None:
    catalogue = Catalog(locale="sv")
    everything = len(wanted())

    assert [fault.split(":")[0] for fault in check(catalogue)] == ["missing"] * everything
    update(catalogue)
    assert [fault.split(":")[0] for fault in check(catalogue)] == ["untranslated"] * everything


def test_what_nothing_asks_for_is_obsolete_until_it_is_taken_out() -> None:
    catalogue = load()
    catalogue.add("Nobody says this.", "Ingen säger det här.")

    assert new_faults(catalogue) == {"obsolete: Nobody says this."}
    update(catalogue)
    assert new_faults(catalogue) == set()


def test_a_fuzzy_translation_is_not_one() -> None:
    catalogue = load()
    message = catalogue.get("high", "Risk")
    assert message is not None
    message.flags.add("fuzzy")

    assert new_faults(catalogue) == {"fuzzy: Risk · high"}


def test_a_translation_fills_in_the_values_of_the_original() -> None:
    catalogue = load()
    message = catalogue.get("at least {number}")
    assert message is not None
    message.string = "minst {antal}"

    assert new_faults(catalogue) == {"other values than the original: at least {number}"}


def test_every_provision_and_particular_of_the_statute_book_has_its_swedish_name() -> None:
    statutes = StatuteBook.load().statutes
    keys = {item.key for statute in statutes.values() for items in statute.particulars.values() for item in items}

    assert set(statutes) <= set(PROVISIONS)
    assert keys <= set(PARTICULARS)
