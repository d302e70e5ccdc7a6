"""Whatever somebody does to a case file, the check says that it was done, and where."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proof.anchors import Anchor, anchors_told
from proof.check import MANIFEST, SEAL, check
from proof.contents import Contents, Fault, Unreadable
from proof.timeline import TIMELINE, Line
from tests.proof.case_file import (
    ANCHOR,
    CASE,
    DOCUMENTS,
    FILES,
    LINES,
    SHEET,
    case_file,
    chained,
    events,
    sealed,
    timeline,
)

TOLD = anchors_told(f"Hej!\n- {ANCHOR.told}\n")


def faults(files: dict[str, bytes], *, outside: bool = False) -> list[Fault]:
    return check(Contents(files, []), TOLD if outside else None).faults


def places(files: dict[str, bytes], *, outside: bool = False) -> set[str]:
    return {fault.where for fault in faults(files, outside=outside)}


def forged(lines: list[Line]) -> dict[str, bytes]:
    """A file whose timeline was changed by somebody who knows the format and seals it anew."""
    return sealed({**FILES, TIMELINE: timeline(lines)}, lines)


def renumbered(lines: list[Line]) -> list[Line]:
    return [line._replace(sequence=place) for place, line in enumerate(lines, start=1)]


def rechained(lines: list[Line]) -> list[Line]:
    return chained([line.payload for line in lines])


def test_an_untouched_file_is_whole_also_beside_the_mail() -> None:
    report = check(Contents(FILES, []), TOLD)
    assert report.faults == []
    assert (report.lines, report.head, report.anchored, report.compared) == (12, LINES[-1].hash, 7, 1)


@given(st.sampled_from(sorted(FILES)), st.data())
def test_one_changed_byte_in_any_file_is_found_and_the_file_named(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(FILES[name]) - 1))
    changed = bytearray(FILES[name])
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        found = places({**FILES, name: bytes(changed)})
    except Unreadable:
        found = {MANIFEST}
    assert found & ({MANIFEST} if name in (MANIFEST, SEAL) else {name})


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_byte_added_or_taken_away_is_found(name: str, data: st.DataObject) -> None:
    at, content = data.draw(st.integers(0, len(FILES[name]) - 1)), FILES[name]
    longer, shorter = content[:at] + b" " + content[at:], content[:at] + content[at + 1 :]
    for changed in (longer, shorter):
        try:
            found = places({**FILES, name: changed})
        except Unreadable:
            found = {MANIFEST}
        assert found & ({MANIFEST} if name in (MANIFEST, SEAL) else {name})


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_that_is_gone_is_missed(name: str) -> None:
    rest = {other: content for other, content in FILES.items() if other != name}
    if name == MANIFEST:
        with pytest.raises(Unreadable, match="saknas"):
            faults(rest)
    else:
        assert name in places(rest)


def test_a_file_that_was_put_there_is_pointed_out() -> None:
    assert faults({**FILES, "handlingar/nytt.pdf": b"%PDF"}) == [
        Fault("handlingar/nytt.pdf", "hör inte till akten: den har lagts till efteråt.")
    ]


def test_two_documents_that_changed_places_are_told_apart() -> None:
    pdf, text = f"{SHEET}.pdf", f"{SHEET}.txt"
    found = faults({**FILES, pdf: FILES[text], text: FILES[pdf]})
    assert Fault(pdf, f"är utbytt: innehållet är det som ska stå i {text}.") in found
    assert Fault(text, f"är utbytt: innehållet är det som ska stå i {pdf}.") in found


@given(st.sampled_from(sorted(DOCUMENTS)), st.binary(min_size=1))
def test_a_document_swapped_by_somebody_who_seals_anew_is_found_by_the_anchor(name: str, content: bytes) -> None:
    files = sealed({**FILES, name: content}, LINES)
    assert (name in places(files)) is (content != DOCUMENTS[name])


def test_a_document_taken_out_by_somebody_who_seals_anew_is_missed() -> None:
    for name in DOCUMENTS:
        assert name in places(sealed({other: FILES[other] for other in FILES if other != name}, LINES))


def test_the_text_that_was_filed_is_vouched_for_by_the_chain_without_any_anchor() -> None:
    other = sealed({n: c for n, c in FILES.items() if n != ANCHOR.name} | {f"{SHEET}.txt": b"another text"}, LINES)
    assert places(other) == {"tidslinjen, rad 6"}


CHANGES: dict[str, Callable[[list[Line], int], list[Line]]] = {
    "removed": lambda lines, at: [*lines[:at], *lines[at + 1 :]],
    "added": lambda lines, at: [*lines[:at], lines[at - 1], *lines[at:]],
    "moved": lambda lines, at: [*lines[:at], *lines[at + 1 :], lines[at]],
    "swapped": lambda lines, at: [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]],
    "changed": lambda lines, at: [*lines[:at], lines[at]._replace(payload=lines[at].payload + " "), *lines[at + 1 :]],
    "unhashed": lambda lines, at: [*lines[:at], lines[at]._replace(hash="0" * 64), *lines[at + 1 :]],
}


@given(st.sampled_from(sorted(CHANGES)), st.integers(1, len(LINES) - 2))
def test_an_event_removed_added_moved_or_changed_is_found_at_its_line(change: str, at: int) -> None:
    lines = CHANGES[change](LINES, at)
    found = places(forged(lines))
    assert any(where.startswith("tidslinjen") for where in found)
    if change == "removed":
        assert f"tidslinjen, rad {at + 1}" in found
    if change == "changed":
        assert found == {f"tidslinjen, rad {at + 1}"}


@given(st.sampled_from(["removed", "added", "moved", "swapped"]), st.integers(1, len(LINES) - 2))
def test_numbering_the_lines_anew_does_not_hide_it(change: str, at: int) -> None:
    assert any(where.startswith("tidslinjen, rad") for where in places(forged(renumbered(CHANGES[change](LINES, at)))))


@given(st.sampled_from(["removed", "added", "moved", "swapped", "changed"]), st.integers(1, 6))
def test_hashing_every_line_anew_does_not_hide_it_from_the_anchor(change: str, at: int) -> None:
    lines = rechained(CHANGES[change](LINES, at))
    if [line.payload for line in lines[:7]] != [line.payload for line in LINES[:7]]:
        assert "tidslinjen, rad 1–7" in places(forged(lines))


@given(st.integers(0, len(LINES) - 1))
def test_a_cut_end_is_found_by_the_manifest(length: int) -> None:
    found = faults({**FILES, TIMELINE: timeline(LINES[:length])})
    cut = f"slutet är avhugget: den har {length} rader, manifestet säger 12."
    assert Fault("tidslinjen", cut) in found


@given(st.integers(1, 6))
def test_an_end_cut_by_somebody_who_seals_anew_is_found_by_the_anchor_in_the_file(length: int) -> None:
    assert "tidslinjen" in places(forged(LINES[:length]))


@given(st.integers(1, 5))
def test_an_end_cut_with_its_anchor_is_found_by_the_mail_that_was_kept_outside(length: int) -> None:
    lines = LINES[:length]
    files = sealed({name: FILES[name] for name in ("index.html",)} | {TIMELINE: timeline(lines)}, lines)
    assert faults(files) == []
    found = faults(files, outside=True)
    assert any("avhugget" in fault.what for fault in found)
    assert any("borttagen eller utbytt" in fault.what for fault in found)


def test_a_file_written_anew_from_the_first_line_is_found_only_by_what_was_kept_outside() -> None:
    lines = chained([*events()[:2], '{"type":"never_happened.v1"}', *events()[2:]])
    anchor = Anchor(CASE, 7, lines[6].hash, ANCHOR.documents)
    files = sealed(
        {
            **{n: c for n, c in FILES.items() if n != ANCHOR.name},
            anchor.name: anchor.statement.encode(),
            TIMELINE: timeline(lines),
        },
        lines,
    )
    assert faults(files) == []
    assert "tidslinjen, rad 1–7" in places(files, outside=True)


def test_a_timeline_of_another_case_does_not_pass_for_ours() -> None:
    lines = chained(events(), "INC-2026-0043")
    assert any(where.startswith("tidslinjen, rad") for where in places(forged(lines)))


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[1]", b"[" * 100_000, b'[{"sequence":true,"payload":"","hash":""}]', b"\xff\xfe"],
    ids=["empty", "an object", "numbers", "bottomless", "no number", "no text"],
)
def test_a_timeline_that_is_none_is_a_fault_and_no_traceback(content: bytes) -> None:
    assert TIMELINE in places(sealed({**FILES, TIMELINE: content}, LINES))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format":"timglas.akt.2"}', b"[" * 100_000])
def test_a_manifest_that_is_none_is_a_refusal(content: bytes) -> None:
    with pytest.raises(Unreadable, match=MANIFEST):
        faults({**FILES, MANIFEST: content})


def test_a_mail_about_another_case_proves_nothing() -> None:
    other = [one._replace(incident="INC-2026-0099") for one in TOLD]
    assert [fault.what for fault in check(Contents(FILES, []), other).faults] == [f"säger inget om {CASE}."]


def test_the_manifest_reads_as_json_and_its_seal_as_sha256sum_writes_it() -> None:
    assert json.loads(FILES[MANIFEST])["head"] == LINES[-1].hash
    digest, name = FILES[SEAL].decode().split()
    assert (len(digest), name) == (64, MANIFEST)
    assert case_file() == FILES
