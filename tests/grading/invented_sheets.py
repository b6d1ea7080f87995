"""Mark sheets as Canvas and Moodle write them, and readers that keep to their importers' rules."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from invented_results import answer, class_of, submitted

from rnn_course.grading.exporting.mark_sheet import MarkSheet
from rnn_course.grading.gradebook.class_list import Member
from rnn_course.grading.reporting.class_results import ClassResults, Submitted

EVIL = "<script>alert(1)</script> **bold** [x](javascript:y) `code` &amp;"
ADA = {"first_name": "Ada", "last_name": "Lovelace", "lms_user_id": "1001", "email": "ada@uni.edu"}
BOB = {"first_name": "Bob", "last_name": "Ross", "lms_user_id": "1002", "email": "bob@uni.edu"}


def known(one: Submitted, **about: Any) -> Submitted:
    return replace(one, member=replace(one.member, **about))


def small_class() -> ClassResults:
    """Ada has 12 of 14, Bob 7.5 and something evil; Cyd is in no sheet."""
    wrong = answer(0, 1, EVIL)
    bob = known(submitted("bob", double=wrong, square=answer(3, 0)), **BOB, penalty=0.5)
    cyd = known(submitted("cyd"), email="cyd@uni.edu")
    return class_of(known(submitted("ada"), **ADA), bob, cyd, missing=(Member("zoe"),))


def sheet_of(tmp_path: Path, content: bytes, name: str = "sheet.csv") -> MarkSheet:
    path = tmp_path / name
    path.write_bytes(content)
    return MarkSheet.read(path)


CANVAS = b"""\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Essay 1 (77),Toy (4711),Current Score,Final Score
,,,,,,,Manual Posting,,
    Points Possible,,,,,,10.00,14.00,(read only),(read only)
"Lovelace, Ada",1001,S1,alovelace,Lab 1,likes engines,8.00,,80.00,40.00
"Ross, Bob",1002,S2,bob@uni.edu,Lab 1,,EX,3.00,70.00,35.00
"Strange, Sue",1009,S9,sue,Lab 2,,9.00,5.00,90.00,45.00
"Student, Test",1010,,teststudent,Lab 1,,,,,
"""


def canvas_import(content: bytes) -> dict[str, dict[str, str]]:
    """Read a gradebook as Canvas' importer does: grades by assignment id or title, by student."""
    text = content.decode("utf-8-sig")
    semicolons = [len(line) for line in csv.reader(text.splitlines()[:3], delimiter=";")]
    commas = [len(line) for line in csv.reader(text.splitlines()[:3])]
    split = ";" if len(set(semicolons)) == 1 and semicolons[0] > max(commas) else ","
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=split) if any(row)]
    header = rows[0]
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    first = header.index("Section") + 1
    never = re.compile("Current (Score|Points|Grade)|Final (Score|Points|Grade)|Override")
    columns = {i: name for i, name in enumerate(header) if i >= first and not never.search(name)}
    points: dict[str, str] = {}
    found: dict[str, dict[str, str]] = {}
    for row in rows[1:]:
        cells = [re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", cell) for cell in row]
        if "Points Possible" in row[0]:
            points = {name: cells[i] for i, name in columns.items()}
        elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in row):
            who = row[1] or row[header.index("SIS Login ID")]
            found[who] = {name: cells[i] for i, name in columns.items()}
    assert points
    assert not any("read only" in value for value in points.values())
    return {"points": points, **found}


MOODLE = {
    "en": b"""\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 501","Ada Lovelace",ada@uni.edu,"Submitted for grading - ",,14.00,Yes,\
"Friday, 20 November 2026, 10:00 AM",-,
"Participant 502","Bob Ross",BOB@uni.edu,"Submitted for grading - ",3.00,14.00,Yes,\
"Friday, 20 November 2026, 11:00 AM","Saturday, 21 November 2026, 9:00 AM","Well drawn."
"Participant 503","Sue Strange",sue@uni.edu,"No submission - ",,14.00,Yes,-,-,
""",
    "de": (
        '\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
        '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)",'
        '"Zuletzt geändert (Bewertung)","Feedback als Kommentar"\r\n'
        '"Teilnehmer/in501","Ada Lovelace",ada@uni.edu,"Zur Bewertung abgegeben - ",,"14,00",Ja,'
        '"Freitag, 20. November 2026, 10:00",-,\r\n'
        '"Teilnehmer/in502","Bob Ross",bob@uni.edu,"Zur Bewertung abgegeben - ",,"14,00",Ja,'
        "-,-,\r\n"
    ).encode(),
    "fr": (
        'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",'
        '"La note peut être modifiée","Dernière modification (travail remis)",'
        '"Dernière modification (note)","Feedback par commentaires"\n'
        '"Participant 501","Ada Lovelace",ada@uni.edu,"Remis - ",,"14,00",Oui,-,-,\n'
        '"Participant 502","Bob Ross",bob@uni.edu,"Remis - ",,"14,00",Oui,-,-,\n'
    ).encode(),
    "es": (
        'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,'
        '"Calificación máxima","La calificación puede ser cambiada",'
        '"Última modificación (entrega)","Última modificación (calificación)",'
        '"Comentarios de retroalimentación"\n'
        '"Participante 501","Ada Lovelace",ada@uni.edu,"Enviado - ",,"14,00",Sí,-,-,\n'
        '"Participante 502","Bob Ross",bob@uni.edu,"Enviado - ",,"14,00",Sí,-,-,\n'
    ).encode("cp1252"),
}
LANGUAGE = {
    "en": ("Identifier", "Grade", "Last modified (grade)", "Feedback comments", "."),
    "de": ("ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar", ","),
    "fr": ("Identifiant", "Note", "Dernière modification (note)", "Feedback par commentaires", ","),
    "es": (
        "Identificador", "Calificación", "Última modificación (calificación)",
        "Comentarios de retroalimentación", ",",
    ),
}  # fmt: skip


def moodle_import(content: bytes, language: str, most: float = 14) -> dict[str, tuple[float, str]]:
    """Read a worksheet as Moodle's importer does: mark and comment by participant's number."""
    ident, grade, modified, comment, point = LANGUAGE[language]
    text = content.decode("cp1252" if language == "es" else "utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=",")
    assert {ident, grade, modified} <= set(header)
    found = {}
    for row in rows:
        assert len(row) == len(header)
        told = dict(zip(header, row, strict=True))
        mark = told[grade].replace(" ", "")
        if not mark:
            continue
        assert re.fullmatch(rf"\d+(\{point}\d+)?", mark)
        value = float(mark.replace(point, "."))
        assert 0 <= value <= most
        found[re.sub(r"^\D+", "", told[ident])] = (value, told[comment])
    return found
