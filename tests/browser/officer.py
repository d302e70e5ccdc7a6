"""A person at the desk, with a browser: what is seen on a page, and what is typed and chosen in a form."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, Request, expect

from tests.running import Running, until


class Officer:
    """One browser window. ``called`` is every address outside the desk that a page has asked for."""

    def __init__(self, page: Page, desk: Running, pictures: Path) -> None:
        self.page, self._desk, self._pictures = page, desk, pictures
        self.called: list[str] = []
        page.on("requestfinished", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self._desk.address, "blob:", "data:")):
            self.called.append(request.url)

    def opens(self, path: str) -> None:
        """Go to an address of the desk, and wait for what it shows."""
        self.page.goto(self._desk.address + path, wait_until="domcontentloaded")
        expect(self.page.get_by_text("Settings", exact=True)).to_be_visible()

    def reads(self, path: str, heading: str) -> str:
        """Return the text of a page once it shows ``heading``."""
        self.opens(path)
        expect(self.page.get_by_text(heading).first).to_be_visible()
        return self.page.locator("body").inner_text()

    def opens_form(self, name: str, case: str = "") -> None:
        """Open a form by its short address, filled in with the case."""
        self.opens(f"/formular/{name}/{case}".rstrip("/"))
        expect(self.page.get_by_role("button", name="Submit")).to_be_visible()

    def types(self, asked: str, answer: str) -> None:
        """Type an answer to what is asked."""
        self._field(asked).locator("textarea, input").first.fill(answer)

    def chooses(self, asked: str, answer: str) -> None:
        """Choose an answer in a drop-down, with the mouse."""
        self._field(asked).locator("fieldset button").first.click()
        self.page.get_by_role("option", name=answer).first.click()
        self._looks_away()

    def choices(self, asked: str) -> list[str]:
        """Return what a drop-down offers."""
        self._field(asked).locator("fieldset button").first.click()
        expect(self.page.get_by_role("option").first).to_be_visible()
        offered = self.page.get_by_role("option").all_inner_texts()
        self._looks_away()
        return offered

    def _looks_away(self) -> None:
        """Close the list if it is still open: where several may be chosen, it stays so."""
        self.page.wait_for_timeout(500)
        if self.page.get_by_role("option").count():
            self.page.keyboard.press("Escape")

    def filled_in(self, asked: str) -> str:
        """Return what stands in a field."""
        return self._field(asked).locator("textarea, input").first.input_value()

    def refusal(self, asked: str) -> str:
        """Return what is said beside a field that was refused."""
        said = self._field(asked).locator("p, span").filter(has_text=re.compile(r"\S")).last
        expect(said).to_be_visible()
        return said.inner_text()

    def submits(self) -> None:
        """Hand the form in."""
        self.page.get_by_role("button", name="Submit").click()

    def submits_and_reads(self, form: str, said: str) -> str:
        """Hand the form in, open its run, and return what its page says once it says ``said``."""
        self.submits()
        expect(self.page.get_by_role("tab", name="Runs").first).to_be_visible()
        run = until(lambda: self._desk.runs(form), f"a run of {form}")[0]["id"]
        self._desk.ended(run)
        return self.reads(f"/v2/runs/flow-run/{run}", said)

    def opens_question(self, run: str) -> str:
        """Open a decision that waits as its page says, and return the text of what opens."""
        self.opens(f"/v2/runs/flow-run/{run}")
        self.page.get_by_role("button", name="Open menu").last.click()
        self.page.get_by_role("menuitem", name="Resume").click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_text("Vem är du?")).to_be_visible()
        expect(dialog.get_by_text("Frågan är till")).to_be_visible()
        return dialog.inner_text()

    def answers(self) -> None:
        """Give the answer, and see it taken."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Resume").click()
        expect(dialog).to_be_hidden()

    def takes_picture(self, name: str, *, height: int = 900) -> Path:
        """Keep what the window shows."""
        self.page.set_viewport_size({"width": 1280, "height": height})
        self.page.wait_for_timeout(400)
        file = self._pictures / f"{name}.png"
        self.page.screenshot(path=file)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        return file

    def _field(self, asked: str) -> Locator:
        label = self.page.locator("label", has_text=re.compile("^" + re.escape(asked)))
        return self.page.locator("div.group").filter(has=label).last
