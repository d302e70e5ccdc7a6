import pytest

from models.errors import TimglasError
from tests.cases.reader import Case, answer, cases, expected


@pytest.mark.parametrize("case", cases("art33", "art34", "incidents"))
def test_case(case: Case) -> None:
    if "refused" in case["expect"]:
        with pytest.raises(TimglasError, match=case["expect"]["refused"]):
            answer(case)
    else:
        assert answer(case) == expected(case)
