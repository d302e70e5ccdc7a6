"""Commands for the acts that bind the organisation: which law applies, how great the risk is, which text goes out."""

from datetime import datetime
from typing import Annotated, cast

import typer

from flows.commands.codes import CodeOption, confirmed
from flows.commands.desk import answer, world
from flows.commands.stated import one_of, split
from flows.commands.status import limits, rows_of
from flows.commands.typed import AsJson, By, Case, Now, exception, letter, member, text, when
from law.regimes import route
from letters import plain
from letters.answers import NO, UNKNOWN, YES
from letters.language import label, listed, named, say, word
from models.breach_events import ExceptionProvision, Risk
from models.incident import Incident
from models.letter import Letter
from models.regime import Answers, Regime
from services.case.decide_risk import decide_risk
from services.case.determine_regime import determine_regime
from services.case.invoke_exception import invoke_exception
from services.documents.approve_letter import approve_letter
from services.documents.draft_letter import draft_letter
from services.documents.draft_names import draft_name
from services.documents.drafts import COMMUNICATION, CORRECTION
from services.people.forecast import told
from services.people.preview import expected
from services.ports.world import World
from services.public.remark_on_notice import remarks_on_draft
from services.record import law_for, read

LetterName = Annotated[
    str,
    typer.Argument(
        parser=letter, metavar="SKRIVELSE", help="anmälan, komplettering, registrerade, allmänheten eller beslut."
    ),
]


def regime(
    incident: Case,
    by: By,
    reasoning: Annotated[str, text("Varför. Syftet med behandlingen avgör, inte vilken organisation ni är.")],
    now: Now,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FRÅGA=SVAR", help="Ett svar, till exempel security_sensitive=nej."),
    ] = None,
    law: Annotated[
        Regime | None,
        typer.Option(parser=member(Regime), metavar="LAG", help="I stället för svar: den lag som gäller, t.ex. gdpr."),
    ] = None,
    classified_at: Annotated[datetime | None, when("När incidenten klassades som allvarlig (Dora).")] = None,
) -> None:
    """Svara på det som avgör vilka lagar som gäller. Flera kan gälla samtidigt."""
    here = world()
    decided = determine_regime(
        incident,
        reasoning=reasoning,
        answers=_answers(given) if given else None,
        regime=law,
        classified_at=classified_at,
        by=by,
        now=now,
        world=here,
    )
    if decided.regime is None:
        return
    typer.echo(f"Det här gäller: {listed(word(one) for one in decided.regime.regimes)}.")
    for question in route(decided.regime.answers, law_for(decided, here.book)).ask:
        typer.echo(f"Kvar att svara på: {say(question.text)} ({question.answers})")


def decide(
    incident: Case,
    by: By,
    level: Annotated[
        Risk, typer.Option(parser=member(Risk), metavar="NIVÅ", help="osannolik, risk eller hög.", show_default=False)
    ],
    reasoning: Annotated[str, text("Varför ni bedömer risken så.")],
    now: Now,
    advice: Annotated[str | None, text("Dataskyddsombudets råd, särskilt om ni inte följer det.")] = None,
    could_change: Annotated[str | None, text("Vad som skulle ändra bedömningen.")] = None,
    code: CodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Besluta hur stor risken är. Ombudet råder, en delegat beslutar."""
    here = world()
    with confirmed(now=now, here=here):
        decided = decide_risk(
            incident,
            level=level,
            reasoning=reasoning,
            officer_advice=advice,
            could_change=could_change,
            code=code,
            by=by,
            now=now,
            world=here,
        )
    rows = rows_of(decided, here, now)
    if as_json:
        due = {row.duty.provision: {"status": row.duty.status, "due_at": row.duty.due_at} for row in rows}
        answer({"incident": incident, "level": level, "duties": due})
        return
    typer.echo(f"Beslutat i {incident}: {label(level).lower()}.")
    if decided.advice is not None and decided.advice.level is not level:
        typer.echo(f"Timglas råd var ett annat: {label(decided.advice.level).lower()}. Skälen står i beslutet.")
    for line in limits(rows):
        typer.echo(line)


def except_(
    incident: Case,
    by: By,
    provision: Annotated[
        str, typer.Option(parser=exception, metavar="PUNKT", help="a, b eller c i artikel 34.3.", show_default=False)
    ],
    reasoning: Annotated[str, text("Varför undantaget gäller.")],
    now: Now,
    evidence: Annotated[str | None, text("Vad som visar att den höga risken är borta (b).")] = None,
) -> None:
    """Åberopa ett undantag från att informera de registrerade (artikel 34.3)."""
    invoke_exception(
        incident,
        provision=cast("ExceptionProvision", provision),
        reasoning=reasoning,
        evidence=evidence,
        by=by,
        now=now,
        world=world(),
    )
    typer.echo(f"Antecknat i {incident}: {named('provision', provision)}.")


def draft(
    incident: Case,
    name: LetterName,
    by: By,
    now: Now,
    issue_at: Annotated[datetime | None, when("När skrivelsen ska lämnas. Annars nu.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ta fram en skrivelse och visa den."""
    here = world()
    digest = draft_letter(incident, letter=name, issue_at=issue_at or now, by=by, now=now, world=here)
    case = read(incident, here.timeline).incident
    drafted = _draft(case, name, here)
    if as_json:
        remarks = remarks_on_draft(drafted, case, here)
        answer({"incident": incident, "letter": name, "sha256": digest, "subject": drafted.subject, "remarks": remarks})
        return
    typer.echo(plain.whole(drafted))
    _remark(drafted, case, here)
    typer.echo(f"Utkast. Någon annan än du godkänner det: timglas approve {incident} {name} --sha {digest[:12]}")


def approve(
    incident: Case,
    name: LetterName,
    by: By,
    now: Now,
    sha: Annotated[
        str | None, typer.Option(metavar="SUMMA", help="Kontrollsumman för den text du har läst, minst åtta tecken.")
    ] = None,
    code: CodeOption = None,
    as_json: AsJson = False,
) -> None:
    """Läs en skrivelse och godkänn precis den texten."""
    here = world()
    case = read(incident, here.timeline).incident
    drafted = case.drafts.get(name)
    if drafted is not None and not as_json:
        read_out = _draft(case, name, here)
        typer.echo(plain.whole(read_out))
        _remark(read_out, case, here)
        _forecast(incident, name, now, here)
        typer.echo(f"Textens kontrollsumma är {drafted.sha256}. Godkänn den med --sha {drafted.sha256[:12]}.")
    if sha is None:
        raise typer.BadParameter(
            "Inget är godkänt. Läs texten och ange dess kontrollsumma, så att det är just den texten du godkänner.",
            param_hint="--sha",
        )
    digest = _whole(sha, drafted.sha256 if drafted else "")
    with confirmed(now=now, here=here):
        approve_letter(incident, letter=name, sha256=digest, code=code, by=by, now=now, world=here)
    if as_json:
        answer({"incident": incident, "letter": name, "sha256": digest})
        return
    typer.echo(f"Godkänt: {named('letter', name)}.")


def _remark(letter: Letter, case: Incident, here: World) -> None:
    """Show what to look at before the letter is approved."""
    found = remarks_on_draft(letter, case, here)
    if found:
        typer.echo("\n".join(("Att se över:", *(f"- {remark}" for remark in found))))


def _forecast(incident: str, name: str, now: datetime, here: World) -> None:
    """Show when everybody will have the letter, if it goes to a list that is loaded."""
    hoped = expected(incident, now=now, world=here) if name in (COMMUNICATION, CORRECTION) else None
    if hoped is not None:
        typer.echo(f"Om breven släpps nu: {told(hoped)}")


def _whole(sha: str, drafted: str) -> str:
    """Return the digest that ``sha`` begins; one that begins another text is left as it is, to be refused."""
    return drafted if len(sha) >= 8 and drafted.startswith(sha.lower()) else sha


def _draft(incident: Incident, name: str, here: World) -> Letter:
    stored = here.archive.read(incident.id, draft_name(name, incident.drafts[name].sha256))
    return Letter.model_validate_json(stored)


def _answers(given: list[str]) -> Answers:
    names = dict.fromkeys(Answers.model_fields, "")
    stated = split(given, lambda typed: one_of(typed, names, "timglas regime --help"))
    return Answers.model_validate({name: _yes_or_no(name, said) for name, said in stated.items()})


def _yes_or_no(name: str, said: object) -> bool | None:
    plain_words = str(said).lower().replace("-", " ").strip()
    if plain_words in UNKNOWN:
        return None
    if plain_words not in (*YES, *NO):
        raise typer.BadParameter(f"Frågan {name} besvaras med ja, nej eller vet-ej.")
    return plain_words in YES
