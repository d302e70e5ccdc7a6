"""A sheet for the authority as a page to copy from: each answer with a button, and the number of its characters.

The page stands alone: its few lines of script are in it, and nothing is fetched or sent. Without script the answers can
be marked and copied by hand.
"""

from html import escape

from letters.html import element, page
from models.letter import Fields, Letter

_STYLE = """\
dt { margin-top: 1rem; }
dd { margin: .2rem 0 0; display: grid; grid-template-columns: 1fr auto; gap: .35rem .75rem; align-items: start; }
dd span { white-space: pre-wrap; }
dd small { grid-column: 1; color: #505050; }
button { font: inherit; font-size: .9375rem; padding: .35rem .8rem; min-width: 6.5rem; border: 1px solid #0b5a5e;
  border-radius: .25rem; background: #fff; color: #0b5a5e; cursor: pointer; }
button:hover, button:focus-visible { background: #0b5a5e; color: #fff; outline: 2px solid #0b5a5e; outline-offset: 2px; }
button[hidden] { display: none; }
@media print { button, dd small { display: none; } }
"""

_SCRIPT = """\
for (const button of document.querySelectorAll("button[data-answer]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const answer = document.getElementById(button.dataset.answer);
    try {
      await navigator.clipboard.writeText(answer.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(answer);
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      document.execCommand("copy");
    }
    document.getElementById("said").textContent = button.dataset.done;
    button.textContent = "Kopierat";
    window.setTimeout(() => { button.textContent = "Kopiera"; }, 4000);
  });
}
"""


def sheet_html(letter: Letter) -> str:
    """Return ``letter`` as a complete document in which each labelled answer can be copied; every value is escaped."""
    parts, count = [], 0
    for block in letter.blocks:
        if isinstance(block, Fields):
            rows = []
            for label, answer in block.rows:
                count += 1
                rows.append(_row(f"svar-{count}", label, answer))
            parts.append("\n".join(("<dl>", *rows, "</dl>")))
        else:
            parts.append(element(block))
    parts.append('<p id="said" role="status"></p>')
    return page(letter, "\n".join(parts), style=_STYLE, script=_SCRIPT)


def _row(key: str, label: str, answer: str) -> str:
    spoken = escape(label.rstrip("?:"), quote=True)
    button = (
        f'<button type="button" hidden data-answer="{key}" data-done="Kopierat: {spoken}" '
        f'aria-label="Kopiera svaret: {spoken}">Kopiera</button>'
    )
    said = f'<span id="{key}">{escape(answer)}</span>'
    count = "" if label.endswith(" tecken)") else f"<small>{len(answer)} tecken</small>"
    return f"<dt>{escape(label)}</dt><dd>{said}{button}{count}</dd>"
