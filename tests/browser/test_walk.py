from tests.browser.walk import NUMBER, Walk


def test_what_does_not_fit_is_refused_beside_its_field_in_swedish(walked: Walk) -> None:
    assert "finns två gånger" in walked.seen["refused time"]
    assert "ser ut som ett personnummer" in walked.seen["refused number"]
    assert NUMBER not in walked.seen["refused number"]
