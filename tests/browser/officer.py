"""A person at the desk, with a browser: what is seen on a page, and what is typed and chosen in a form."""

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, Request, expect

from tests.running import Running, until

COLOURS = 64
A_LOOK = 5_000
"""Milliseconds until what has not come is asked for again. Nothing may depend on whether it comes after all."""


class Officer:
    """One browser window. ``called`` is every address outside the desk that answered a page of it."""

    def __init__(self, page: Page, desk: Running, pictures: Path) -> None:
        self.page, self._desk, self._pictures, self.address = page, desk, pictures, desk.address
        self.called: list[str] = []
        self._handed_in: list[Request] = []
        page.on("requestfinished", self._note)
        page.on("request", self._see_form)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self._desk.address, "blob:", "data:")):
            self.called.append(request.url)

    def _see_form(self, request: Request) -> None:
        if request.url.endswith("/create_flow_run"):
            self._handed_in.append(request)

    def opens(self, path: str) -> None:
        """Go to an address of the desk, and wait for what it shows."""
        self.page.goto(self._desk.address + path, wait_until="domcontentloaded")
        expect(self.page.get_by_text("Inställningar", exact=True)).to_be_visible()

    def reads(self, path: str, heading: str) -> str:
        """Return the text of a page once it shows ``heading``; a page that is not there yet is asked for again."""
        self.opens(path)
        until(lambda: self._sees(heading) or self._looks_again(), f"{heading} on {path}")
        return self.page.locator("main").last.inner_text()

    def _sees(self, heading: str) -> bool:
        return _comes_true(lambda: expect(self.page.get_by_text(heading).first).to_be_visible(timeout=A_LOOK))

    def _looks_again(self) -> bool:
        self.page.reload(wait_until="load")
        return False

    def opens_form(self, name: str, case: str = "") -> None:
        """Open a form by its short address, filled in with the case."""
        self.opens(f"/formular/{name}/{case}".rstrip("/"))
        expect(self._submit).to_be_visible()

    def types(self, asked: str, answer: str) -> None:
        """Type an answer to what is asked."""
        self._field(asked).locator("textarea, input").first.fill(answer)

    def chooses(self, asked: str, answer: str, *, of_several: bool = False) -> None:
        """Choose an answer in a drop-down, with the mouse. Where several may be chosen, the list stays open."""
        self._unfolds(asked)
        self.page.get_by_role("option", name=answer).first.click()
        if of_several:
            self._looks_away()
        expect(self.page.get_by_role("option")).to_have_count(0)

    def choices(self, asked: str) -> list[str]:
        """Return what a drop-down offers."""
        self._unfolds(asked)
        offered = self.page.get_by_role("option").all_inner_texts()
        self._looks_away()
        return offered

    def _unfolds(self, asked: str) -> None:
        self._field(asked).locator("button[aria-haspopup=listbox]").first.click()
        expect(self.page.get_by_role("option").first).to_be_visible()

    def _looks_away(self) -> None:
        """Close the list that is open."""
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("option")).to_have_count(0)

    def filled_in(self, asked: str) -> str:
        """Return what stands in a field."""
        return self._field(asked).locator("textarea, input").first.input_value()

    def refusal(self, asked: str) -> str:
        """Return what is said beside a field that was refused."""
        said = self._field(asked).locator("p.text-destructive").first
        expect(said).to_be_visible()
        return said.inner_text()

    def submits(self) -> None:
        """Hand the form in, once."""
        self._submit.click()

    def submits_and_reads(self, form: str, said: str) -> str:
        """Hand the form in until it is taken, open its run, and return what its page says once it says ``said``.

        After a refusal the first try only looks at the answers again, and the second one takes them.
        """
        before = {run["id"] for run in self._desk.runs(form)}
        address = self.page.url
        until(lambda: self._is_taken(address), f"{form} to be taken")
        (run,) = [run["id"] for run in self._desk.runs(form) if run["id"] not in before]
        self._desk.ended(run)
        return self.reads(f"/v2/runs/flow-run/{run}", said)

    def _is_taken(self, address: str) -> bool:
        """Hand the form in and tell whether it was taken: another page opens then, however long it takes to."""
        self._handed_in.clear()
        with self.page.expect_response(lambda answer: answer.url.endswith("/ui/schemas/validate")):
            self.submits()
        if _comes_true(lambda: expect(self.page).not_to_have_url(address, timeout=A_LOOK)):
            return True
        self._draws()
        answers = [request.response() for request in self._handed_in]
        if not any(answer and answer.ok for answer in answers):
            return False  # it only looked at the answers again, or Prefect's database was busy
        expect(self.page).not_to_have_url(address)
        return True

    def unfolds_menu(self) -> None:
        """Open the menu under the three dots of a run's page."""
        self.page.get_by_role("button", name="Öppna menyn").last.click()
        expect(self.page.get_by_role("menuitem", name="Svara")).to_be_visible()

    def shows(self, asked: str) -> None:
        """Bring a field into view."""
        self._field(asked).scroll_into_view_if_needed()

    def opens_question(self, run: str) -> str:
        """Open a decision that waits as its page says, and return the text of what opens."""
        self.opens(f"/v2/runs/flow-run/{run}")
        self.unfolds_menu()
        self.page.get_by_role("menuitem", name="Svara").click()
        expect(self._dialog.get_by_text("Vem är du?")).to_be_visible()
        expect(self._dialog.get_by_text("Frågan är till")).to_be_visible()
        return self._dialog.inner_text()

    def answers(self) -> None:
        """Give the answer, and see it taken."""
        self._dialog.get_by_role("button", name="Svara").click()
        expect(self._dialog).to_be_hidden()

    def takes_picture(self, name: str, *, height: int = 900) -> None:
        """Keep what the window shows, in few colours."""
        self.page.set_viewport_size({"width": 1280, "height": height})
        self._draws()
        file = self._pictures / f"{name}.png"
        self.page.screenshot(path=file)
        with Image.open(file) as taken:
            taken.convert("RGB").quantize(COLOURS).save(file, optimize=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def _draws(self) -> None:
        """Wait until the page has done what it had to do, and is drawn."""
        self.page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def faults(self, part: str) -> list[str]:
        """Return what axe finds in a part of the page."""
        found = Axe().run(self.page, context=part)
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found.response["violations"]]

    @property
    def _dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def _submit(self) -> Locator:
        return self.page.get_by_role("button", name="Skicka in")

    def _field(self, asked: str) -> Locator:
        label = self.page.locator("label", has_text=re.compile("^" + re.escape(asked)))
        return self.page.locator("div.group").filter(has=label).last


def _comes_true(expected: Callable[[], None]) -> bool:
    try:
        expected()
    except AssertionError:
        return False
    return True
