"""Archives and tables as learning platforms write them, made anew for each test."""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, str | bytes]

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Toy (77),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,14,(read only)
"Lovelace, Ada",101,S1,ada,Group 1,,
"Müller, Jörg",102,S2,joerg,Group 1,,
"O'Neil ""Bo"", Bob",103,S3,bob,Group 2,,
"Student, Test",199,,a1b2c3,Group 1,,
"""

MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 2001,Ada Lovelace,ada@uni.example,Submitted for grading,,14.00,Yes,\
"Friday, 20 November 2026, 11:05 PM",-,
Participant 2002,Jörg Müller,joerg@uni.example,Submitted for grading,,14.00,Yes,\
"Saturday, 21 November 2026, 9:00 AM",-,
Participant 2003,Bob O'Neil,bob@uni.example,No submission,,14.00,Yes,-,-,
"""

NBGRADER = """\
id,first_name,last_name,email,lms_user_id
ada,Ada,Lovelace,ada@uni.example,101
joerg,Jörg,Müller,joerg@uni.example,102
bob,Bob,O'Neil,bob@uni.example,103
"""


def zipped(files: Files) -> bytes:
    """Return an archive of some files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 11, 20, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def write_zip(path: Path, files: Files) -> Path:
    """Write an archive of some files."""
    path.write_bytes(zipped(files))
    return path


def with_link(path: Path, name: str, target: str, files: Files) -> Path:
    """Write an archive of some files and a link, as `zip --symlinks` does."""
    write_zip(path, files)
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, target)
    return path


def named_in(path: Path, name: bytes, content: str) -> Path:
    """Write an archive with one file whose name is in some encoding, with no flag that says so."""
    placeholder = "x" * len(name)
    path.write_bytes(zipped({placeholder: content}).replace(placeholder.encode(), name))
    return path


def put(folder: Path, files: Files) -> Path:
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
