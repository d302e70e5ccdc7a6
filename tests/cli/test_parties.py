from pathlib import Path

from tests.cli.desk import OFFICER, Desk, write

AT = "2026-11-26 09.00"
CUSTOMERS = "deployments/examples/customers.csv"


def test_a_dry_run_shows_what_would_differ_and_changes_nothing(desk: Desk) -> None:
    said = desk.does("parties", "load", CUSTOMERS, "--dry-run", at=AT, by=OFFICER).out
    assert "+ socialnamnden" in said
    assert "2 nya, 0 ändrade, 0 avslutade" in said
    assert said.rstrip().endswith("Inget är ändrat än.")
    assert "socialnamnden" not in desk.does("parties", "show").out


def test_a_change_is_shown_by_field_in_swedish_and_stands_in_the_history(desk: Desk) -> None:
    desk.does("parties", "load", CUSTOMERS, at=AT, by=OFFICER)
    assert "provregionen: Regionstyrelsen i Region Prov" in desk.does("parties", "show").out
    moved = Path(CUSTOMERS).read_text(encoding="utf-8").replace("vakthavande@regionprov", "jour@regionprov")
    file = write(desk.folder / "kunder.csv", moved)
    said = desk.does("parties", "load", str(file), at="2026-11-27 10.00", by=OFFICER).out
    change = "kontaktväg 1, e-post: vakthavande@regionprov.example → jour@regionprov.example"
    assert change in said
    assert "kund" not in said.replace("kunder", "")
    history = desk.does("parties", "history").out
    assert "2. Fredag 27 november 2026 kl. 10.00, sara.exempel, kunder.csv" in history.replace("fredag", "Fredag")
    assert change in history
    assert desk.does("parties", "load", str(file), "--json", at="2026-11-28 10.00", by=OFFICER).data == {
        "recorded": False,
        "changes": [],
    }


def test_a_case_can_be_opened_for_a_party_as_soon_as_it_is_loaded(desk: Desk) -> None:
    new = ["new", "provregionen", "--family=f-1", "--summary=Ett system ligger nere.", "--source=Telefon"]
    assert "provregionen" in desk.types(*new, "--reported-at=2026-11-26 08.00", at=AT, by=OFFICER).err
    desk.does("parties", "load", CUSTOMERS, at=AT, by=OFFICER)
    assert "INC-2026-0001" in desk.does(*new, "--reported-at=2026-11-26 08.00", at=AT, by=OFFICER).out


def test_one_party_is_shown_with_its_roles_contacts_and_agreements(desk: Desk) -> None:
    said = desk.does("parties", "show", "kommunstyrelsen").out
    assert "Dataskyddsombud: Sara Exempel, dataskyddsombud, dataskyddsombud@exempelkommun.example" in said
    assert "Kontaktväg 2: Kommunens jour, jour@exempelkommun.example, 031-390\u00a006\u00a090, dygnet runt" in said
    assert "Avtal med rekryteringssystem: rekryteringssystemet; ska underrättas inom 24 timmar" in said


def test_a_table_with_a_fault_is_refused_in_swedish_by_row_and_column(desk: Desk) -> None:
    text = Path(CUSTOMERS).read_text(encoding="utf-8").replace("232100-0000", "232100")
    said = desk.refused("parties", "load", str(write(desk.folder / "kunder.csv", text)), at=AT, by=OFFICER)
    assert "3 organisationsnummer" in said
    assert "Inget ur filen är sparat" in said


def test_a_register_in_yaml_changes_roles_and_who_stands_behind_a_product_and_says_so_first(desk: Desk) -> None:
    example = Path("deployments/examples/parties.yaml").read_text(encoding="utf-8")
    desk.does("parties", "load", str(write(desk.folder / "parties.yaml", example)), at=AT, by=OFFICER)
    changed = example.replace(
        "- {name: rekryteringssystemet, sub_processors: [Driftbolaget AB]}",
        "- {name: rekryteringssystemet, sub_processors: [Driftbolaget AB, Lagringsbolaget AB]}",
    ).replace("communicator: kim.exempel", "communicator: omar.exempel")
    file = str(write(desk.folder / "nya.yaml", changed))
    shown = desk.does("parties", "load", file, "--dry-run", at="2026-11-27 10.00", by=OFFICER).out
    assert "Lagringsbolaget AB" in shown
    assert "kim.exempel → omar.exempel" in shown
    assert shown.rstrip().endswith("Inget är ändrat än.")
    assert "Lagringsbolaget AB" not in desk.does("parties", "show", "rekryteringssystem").out
    desk.does("parties", "load", file, at="2026-11-27 10.00", by=OFFICER)
    assert "Lagringsbolaget AB" in desk.does("parties", "show", "rekryteringssystem").out
    assert "kim.exempel → omar.exempel" in desk.does("parties", "history").out
    roles = desk.does("parties", "show", "barn-och-utbildningsnamnden").out
    for role in ("Dataskyddsombud", "Delegat som beslutar", "Ersättare", "Jurist", "Kommunikatör", "Registrator"):
        assert f"{role}: " in roles
