"""Unpacking a tar archive from the network as if its author were hostile."""

import tarfile
from pathlib import Path

from rnn_course.data.cache import atomic_folder
from rnn_course.errors import DataError
from rnn_course.progress import progress_bar


def extract(archive: Path, target: Path) -> None:
    """Extract an archive into the new folder ``target``: all of it or nothing.

    Python's data filter refuses members that would land outside, devices, and odd modes.
    Links are refused too: no data set of ours has one, and most tricks need one.

    Args:
        archive: a tar file, compressed or not.
        target: the folder to make.

    Raises:
        DataError: the archive is damaged, or a member's name or kind is hostile.
    """
    with progress_bar(desc="extracting", unit="file") as bar:

        def only_plain(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo:
            bar.update()
            if not (member.isreg() or member.isdir()) or member.name.startswith(("/", "\\")):
                raise tarfile.SpecialFileError(member)
            return tarfile.data_filter(member, path)

        try:
            with atomic_folder(target) as partial, tarfile.open(archive) as tar:
                tar.extractall(partial, filter=only_plain)
        except tarfile.FilterError as error:
            raise DataError(
                f"only plain files inside {archive}",
                f"the member {error.tarinfo.name!r}, which could write elsewhere",
                "Delete the archive and do not trust where it came from.",
            ) from error
        except (tarfile.TarError, EOFError, OSError) as error:
            raise DataError(
                f"a whole tar archive in {archive}",
                f"{error}",
                "Delete it and download it again; see that the disk is not full.",
            ) from error
