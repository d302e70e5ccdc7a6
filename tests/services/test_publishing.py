import hashlib
import re
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from letters import plain
from models.breach_events import Risk
from models.duty import DutyStatus
from models.errors import NotApproved, NotEntitled, StepOutOfOrder, TransientPostError
from models.facts import Facts
from services.documents.issue import drafted
from services.public.remark_on_notice import remarks_on_draft
from tests.services.office import NOTICE, Office, at

OUT = "2023-05-12 15.04"


@pytest.fixture
def case(office: Office) -> str:
    case = office.decided(Risk.HIGH)
    office.excepted(case, "gdpr.34.3.c", when="2023-05-11 17.45")
    return case


def test_nothing_is_published_that_nobody_approved(office: Office, case: str) -> None:
    with pytest.raises(NotApproved):
        office.publish(case, when=OUT)
    office.draft(case, NOTICE, when="2023-05-12 10.30", issue=OUT)
    with pytest.raises(NotApproved):
        office.publish(case, when=OUT)
    assert "public_notice_published" not in office.words(case)


def test_the_published_notice_fulfils_the_duty_in_its_other_form_and_is_kept(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    duty = office.duty(case, "gdpr.34.1")
    assert (duty.status, duty.fulfilled_at) == (DutyStatus.FULFILLED, at(OUT))
    issued = [name for name in office.documents(case) if name.startswith("till-allmanheten/meddelande")]
    assert issued == [f"till-allmanheten/meddelande-1.{kind}" for kind in ("html", "pdf", "txt")]


def test_without_the_exception_a_notice_takes_no_letters_place(office: Office) -> None:
    case = office.decided(Risk.HIGH)
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.OWED


def test_somebody_from_another_organisation_publishes_nothing_for_us(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    with pytest.raises(NotEntitled):
        office.publish(case, when=OUT, by="maja.modell")


def test_the_same_notice_is_published_once(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    before = office.history(case)
    office.publish(case, when="2023-05-12 16.00")
    assert office.history(case) == before


def test_a_changed_notice_is_a_new_version_that_says_when_it_was_changed(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    office.facts(case, Facts(what_happened="Angriparna har publicerat uppgifter på nätet."), when="2023-05-13 09.00")
    office.drafted(case, NOTICE, when="2023-05-13 10.00")
    incident = office.publish(case, when="2023-05-13 11.00")
    assert [notice.version for notice in incident.notices] == [1, 2]
    second = office.world.archive.read(case, "till-allmanheten/meddelande-2.txt").decode()
    assert "13 maj 2023" in second
    assert office.duty(case, "gdpr.34.1").fulfilled_at == at(OUT), "the first publication told the public"


# the published copy


def site(office: Office, case: str) -> dict[str, str]:
    folder = office.folder / "publicerat" / case.lower()
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.suffix != ".pdf"}


def test_the_published_copy_is_static_files_that_link_only_to_each_other(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    folder = office.folder / "publicerat" / case.lower()
    names = {file.name for file in folder.iterdir()}
    assert names == {"index.html", "version-1.html", "meddelande-1.txt", "meddelande-1.pdf"}
    assert all(file.stat().st_mode & 0o044 for file in folder.iterdir())
    links = set(re.findall(r'(?:href|src)="([^"#][^"]*)"', site(office, case)["index.html"]))
    assert {link for link in links if not link.startswith(("tel:", "mailto:"))} <= names
    assert "<script" not in site(office, case)["index.html"]
    kept = office.world.archive.read(case, "till-allmanheten/webb-1/index.html")
    assert kept.decode() == site(office, case)["index.html"]


def test_earlier_versions_stay_and_say_so_and_what_changed_is_told(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    office.noted(case, "Leverantören har gått igenom allt.", when="2023-05-13 09.00")
    office.facts(case, Facts(what_happened="Angriparna har publicerat uppgifter på nätet."), when="2023-05-13 09.10")
    office.drafted(case, NOTICE, when="2023-05-13 10.00")
    office.publish(case, when="2023-05-13 11.00")
    pages = site(office, case)
    assert "13 maj 2023 kl. 09.00: Leverantören har gått igenom allt." in pages["index.html"]
    assert "Läs den senaste versionen" in pages["version-1.html"]
    assert "Läs den senaste versionen" not in pages["index.html"]
    new, _, gone = pages["versioner.html"].partition("<h3>Borttaget</h3>")
    assert "<li>Angriparna har publicerat uppgifter på nätet.</li>" in new
    assert "Systemet går inte att nå." in gone


def test_a_line_of_the_log_is_out_only_with_a_version_that_was_approved(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.noted(case, "Utredningen är klar.", when="2023-05-12 11.00")
    office.publish(case, when=OUT)
    assert "Utredningen är klar." not in site(office, case)["index.html"]


def test_a_notice_that_is_taken_down_says_how_long_it_stood(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    incident = office.taken_down(case, when="2023-08-12 09.00")
    assert incident.notice_withdrawn is not None
    page = site(office, case)["index.html"]
    assert "Den låg ute från den 12 maj 2023 kl. 15.04 till den 12 augusti 2023 kl. 09.00." in page
    assert office.duty(case, "gdpr.34.1").status is DutyStatus.FULFILLED
    with pytest.raises(StepOutOfOrder):
        office.taken_down(case, when="2023-08-13 09.00")


def test_a_notice_taken_down_leaves_a_closed_case_closed(office: Office) -> None:
    case = office.notified()
    office.decide(case, Risk.HIGH, when="2023-05-10 10.00")
    office.excepted(case, "gdpr.34.3.c", when="2023-05-11 17.45")
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    office.close(case, when="2023-05-24 09.00")
    assert office.taken_down(case, when="2023-08-12 09.00").closed is not None


@pytest.mark.parametrize("channel", ["Kommunens anslagstavla", "digital anslagstavla"])
def test_the_official_notice_board_is_refused(office: Office, case: str, channel: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    with pytest.raises(StepOutOfOrder, match="notice board"):
        office.publish(case, channel, when=OUT)
    assert "public_notice_published" not in office.words(case)


# how it stands on the web


@pytest.fixture
def web(office: Office) -> Iterator[str]:
    """A web server that serves what is in a folder, as the municipality's would."""
    folder = office.folder / "webben"
    folder.mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_what_stands_on_the_web_is_kept_byte_by_byte_and_shows_all_of_it(office: Office, case: str, web: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    shutil.copytree(office.folder / "publicerat" / case.lower(), office.folder / "webben" / "nyheter")
    captured = office.captured(case, f"{web}/nyheter/index.html", when="2023-05-12 15.10")
    assert captured.lacking == ()
    (kept,) = captured.incident.captures
    page = office.world.archive.read(case, f"till-allmanheten/avbild-1-{kept.sha256[:12]}.html")
    assert hashlib.sha256(page).hexdigest() == kept.sha256
    assert page == (office.folder / "webben" / "nyheter" / "index.html").read_bytes()


def test_what_the_web_editor_left_out_is_told_line_by_line(office: Office, case: str, web: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    page = site(office, case)["index.html"].replace("kl.&nbsp;", "kl. ").replace("<main", "<div").replace("–", "-")
    cut = re.sub(r"<h2>Vad kan det leda till\?</h2>\s*<p>.*?</p>", "", page, flags=re.DOTALL)
    (office.folder / "webben" / "nyhet.html").write_text(cut, encoding="utf-8")
    captured = office.captured(case, f"{web}/nyhet.html", when="2023-05-12 15.10")
    assert captured.lacking == (
        "Vad kan det leda till?",
        "Någon kan försöka använda uppgifterna för att lura de sökande.",
    )


def test_a_page_that_is_not_there_is_no_capture(office: Office, case: str, web: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    with pytest.raises(TransientPostError):
        office.captured(case, f"{web}/finns-inte.html", when="2023-05-12 15.10")
    with pytest.raises(TransientPostError):
        office.captured(case, "http://127.0.0.1:9/", when="2023-05-12 15.10")
    assert office.incident(case).captures == ()


def test_a_page_saved_by_hand_is_a_capture_too(office: Office, case: str) -> None:
    office.drafted(case, NOTICE, when="2023-05-12 10.30")
    office.publish(case, when=OUT)
    content = site(office, case)["index.html"].encode()
    captured = office.captured(
        case, "https://www.exempelkommun.example/nyhet", when="2023-05-13 09.00", content=content
    )
    assert captured.lacking == ()


def test_nothing_is_captured_before_anything_is_published(office: Office, case: str) -> None:
    with pytest.raises(StepOutOfOrder):
        office.captured(case, "https://www.exempelkommun.example/nyhet", when=OUT, content=b"<p>Hej</p>")


def test_a_drafted_notice_in_the_suppliers_own_words_is_remarked_on_before_approval(office: Office, case: str) -> None:
    digest = office.draft(case, NOTICE, when="2023-05-12 10.30")
    incident = office.incident(case)
    text = drafted(NOTICE, digest, incident=incident, world=office.world)
    before = remarks_on_draft(text, incident, office.world)
    office.world.archive.keep(case, "fran-bitrade/underrattelse.txt", plain.text(text).encode())
    first, *others = remarks_on_draft(text, incident, office.world)
    assert first.startswith("100 procent")
    assert tuple(others) == before
