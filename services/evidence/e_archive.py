"""Describe a case file for an e-archive: ``METS.xml``, with every file, its kind, its length and its checksum."""

import hashlib
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from law.e_archive import ArchiveFormat
from models.base import IncidentId
from models.parties import Party
from proof.check import FORMAT

METS = "METS.xml"
_METS, _CSIP = "http://www.loc.gov/METS/", "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
_XLINK = "http://www.w3.org/1999/xlink"
_KINDS = {
    "pdf": "application/pdf",
    "html": "text/html",
    "txt": "text/plain",
    "json": "application/json",
    "py": "text/x-python",
    "png": "image/png",
    "jpg": "image/jpeg",
    "tsr": "application/timestamp-reply",
}
_CONTENT, _WHOLE = "Representations", "Documentation"


def mets(
    files: Mapping[str, bytes], *, incident: IncidentId, party: Party, made_at: str, version: str, form: ArchiveFormat
) -> bytes:
    """Return the description of ``files``; ``made_at`` is in UTC, ``version`` that of this program.

    The documents are the content; what explains and proves them is documentation. The values that are uncertain stand in
    a note of their own, by the number of their requirement.
    """
    for prefix, name in (("mets", _METS), ("csip", _CSIP), ("xlink", _XLINK)):
        register_namespace(prefix, name)
    package = form.package
    root = Element(_mets("mets"), {"OBJID": incident, "TYPE": package.type.value, "PROFILE": package.profile.value})
    root.set(_csip("OTHERTYPE"), "Akt i personuppgiftsincident")
    root.set(_csip("CONTENTINFORMATIONTYPE"), package.content_type.value)
    root.set(_csip("OTHERCONTENTINFORMATIONTYPE"), FORMAT)
    _header(root, party, made_at, version, form)
    groups = _groups(root, files, made_at, package.checksum_type.value)
    structure = SubElement(
        root, _mets("structMap"), {"ID": "struktur", "TYPE": "PHYSICAL", "LABEL": package.map_label.value}
    )
    whole = SubElement(structure, _mets("div"), {"ID": "akt", "LABEL": incident})
    for label in groups:
        part = SubElement(whole, _mets("div"), {"ID": f"del-{label.lower()}", "LABEL": label})
        SubElement(part, _mets("fptr"), {"FILEID": f"grupp-{label.lower()}"})
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _header(root: Element, party: Party, made_at: str, version: str, form: ArchiveFormat) -> None:
    header = SubElement(root, _mets("metsHdr"), {"CREATEDATE": made_at, "RECORDSTATUS": "NEW"})
    header.set(_csip("OAISPACKAGETYPE"), form.package.package_type.value)
    program = SubElement(header, _mets("agent"), {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"})
    SubElement(program, _mets("name")).text = "Timglas"
    SubElement(program, _mets("note"), {_csip("NOTETYPE"): "SOFTWARE VERSION"}).text = version
    uncertain = ", ".join(form.package.uncertain)
    checked = f"{form.document}; confidence {form.confidence}, looked at on {form.verified_on}. Check: {uncertain}."
    SubElement(program, _mets("note")).text = checked
    archivist = SubElement(header, _mets("agent"), {"ROLE": "ARCHIVIST", "TYPE": "ORGANIZATION"})
    SubElement(archivist, _mets("name")).text = f"{party.name}, {party.organisation}"
    number = SubElement(archivist, _mets("note"), {_csip("NOTETYPE"): "IDENTIFICATIONCODE"})
    number.text = f"ORG:{party.organisation_number}"


def _groups(root: Element, files: Mapping[str, bytes], made_at: str, checksum: str) -> list[str]:
    section = SubElement(root, _mets("fileSec"), {"ID": "filer"})
    sorted_out = {
        _CONTENT: [name for name in sorted(files) if name.startswith("handlingar/")],
        _WHOLE: [name for name in sorted(files) if not name.startswith("handlingar/")],
    }
    numbers = _numbers()
    for label, names in ((label, names) for label, names in sorted_out.items() if names):
        group = SubElement(section, _mets("fileGrp"), {"ID": f"grupp-{label.lower()}", "USE": label})
        for name in names:
            _file(group, name, files[name], {"ID": next(numbers), "CREATED": made_at, "CHECKSUMTYPE": checksum})
    return [label for label, names in sorted_out.items() if names]


def _file(group: Element, name: str, content: bytes, stated: dict[str, str]) -> None:
    kind = _KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    described = {"MIMETYPE": kind, "SIZE": str(len(content)), "CHECKSUM": hashlib.sha256(content).hexdigest()}
    entry = SubElement(group, _mets("file"), {**stated, **described})
    SubElement(entry, _mets("FLocat"), {"LOCTYPE": "URL", f"{{{_XLINK}}}type": "simple", f"{{{_XLINK}}}href": name})


def _numbers() -> Iterator[str]:
    yield from (f"fil-{number}" for number in range(1, 1_000_000))


def _mets(name: str) -> str:
    return f"{{{_METS}}}{name}"


def _csip(name: str) -> str:
    return f"{{{_CSIP}}}{name}"
