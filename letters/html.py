"""A letter as one HTML document: the same page for the e-mail and for the public notice.

No script, image or outside resource: nothing to track, nothing that a mail reader must fetch, and nothing to click but
the way in to a case, which only colleagues get.
Measures are relative, so the text reflows at any magnification; the language and the headings are real (EN 301 549).
"""

from html import escape

from models.letter import Block, Chart, Fields, Heading, Items, Letter, Link, Paragraph, Signature, Table

_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
body {{ margin: 0; padding: 1.5rem; background: #fff; color: #1a1a1a;
  font: 1.0625rem/1.55 Arial, Helvetica, sans-serif; overflow-wrap: break-word; hyphens: auto; }}
main {{ max-width: 38rem; margin: 0 auto; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }}
h2 {{ font-size: 1.1875rem; line-height: 1.3; margin: 1.75rem 0 .35rem; }}
p, ul, dl {{ margin: 0 0 .9rem; }}
ul {{ padding-left: 1.4rem; }}
li {{ margin-bottom: .35rem; }}
dt {{ font-weight: bold; }}
dd {{ margin: 0 0 .6rem; }}
table {{ border-collapse: collapse; width: 100%; margin: 0 0 .9rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #b8b8b8; }}
.signature {{ margin-top: 1.75rem; }}
@media print {{
  body {{ padding: 0; font-size: 11pt; }}
  main {{ max-width: none; }}
  h2 {{ break-after: avoid; }}
  li, dd, .signature {{ break-inside: avoid; }}
}}
{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
{script}</body>
</html>
"""


def html(letter: Letter) -> str:
    """Return ``letter`` as a complete document; every value in it is escaped."""
    return page(letter, "\n".join(element(block) for block in letter.blocks))


def page(letter: Letter, body: str, *, style: str = "", script: str = "") -> str:
    """Return the document around ``body``, which is HTML already, with more of ``style`` and ``script`` if given."""
    return _PAGE.format(
        language=escape(letter.language),
        title=escape(letter.subject),
        body=body,
        style=style,
        script=f"<script>\n{script}</script>\n" if script else "",
    )


def element(block: Block) -> str:  # noqa: PLR0911 - one arm a kind of block
    """Return one block as HTML."""
    match block:
        case Heading():
            return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            return f"<p>{escape(block.text)}</p>"
        case Items():
            return "\n".join(("<ul>", *(f"<li>{escape(item)}</li>" for item in block.items), "</ul>"))
        case Fields():
            rows = (f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in block.rows)
            return "\n".join(("<dl>", *rows, "</dl>"))
        case Link():
            return f'<p><a href="{escape(block.href)}">{escape(block.text)}</a></p>'
        case Signature():
            return f'<p class="signature">{"<br>".join(escape(line) for line in block.lines)}</p>'
        case Table():
            return _table(block)
        case Chart():
            return f"<p>{escape(block.alt)}</p>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = (
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in table.rows
    )
    return "\n".join((f"<table><thead><tr>{head}</tr></thead>", "<tbody>", *rows, "</tbody></table>"))
