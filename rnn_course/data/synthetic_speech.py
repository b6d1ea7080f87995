"""Spoken words without recordings: espeak-ng in many voices, in the published layout.

`generate` is what others call. It runs this module as a program, once a word, because
espeak-ng keeps state from one utterance to the next: a fresh process that speaks the same
words in the same order gives the same bytes, whatever was asked for before.
"""

import argparse
import ctypes
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BufferedReader
from math import gcd
from pathlib import Path
from typing import NamedTuple, cast

import espeakng_loader
import numpy as np
import soundfile
from scipy.signal import firwin, resample_poly

from rnn_course.data.cache import atomic_file, atomic_folder
from rnn_course.data.speech_effects import RATE, record
from rnn_course.data.speech_layout import LISTS, WORDS, hash_percentage
from rnn_course.errors import DataError
from rnn_course.progress import progress_bar

VERSION = 3  # goes up whenever the same request gives other samples
SPEAKERS = 500  # 400 to train, 50 to validate, 50 to test
TAKES = 2  # how often a speaker says each word

_ACCENTS = (
    "en",
    "en-029",
    "en-gb-scotland",
    "en-gb-x-gbclan",
    "en-gb-x-gbcwmd",
    "en-gb-x-rp",
    "en-us",
    "en-us-nyc",
)
_NOT_PEOPLE = {
    "AnxiousAndy", "Demonic", "Mr serious", "RicishayMax", "RicishayMax2", "RicishayMax3",
    "Tweaky", "UniRobot", "anikaRobot", "announcer", "croak", "fast", "whisper", "whisperf",
    *(f"robosoft{n}" for n in ("", *range(2, 9))),
}  # fmt: skip


class Manner(NamedTuple):
    """How one utterance is spoken, in espeak-ng's units."""

    rate: int  # words a minute
    pitch: int  # 0 to 100
    pitch_range: int  # 0 (monotone) to 100


class Espeak:
    """The espeak-ng library of this process. Make one only: its state is global.

    Attributes:
        rate: samples a second of what it says.

    Raises:
        DataError: the library does not start.
    """

    def __init__(self) -> None:
        data = espeakng_loader.get_data_path()
        synchronous, default_buffer, report_errors = 2, 0, 0x8000
        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            self.rate = self._library.espeak_Initialize(
                synchronous, default_buffer, os.fsencode(data), report_errors
            )
        except OSError as error:
            raise _not_started(data, str(error)) from error
        if self.rate <= 0:
            raise _not_started(data, f"error {self.rate}")
        self._heard: list[np.ndarray] = []
        signature = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        self._callback = signature(self._hear)  # ctypes keeps no reference of its own
        self._library.espeak_SetSynthCallback(self._callback)

    def _hear(self, samples, count: int, _events) -> int:
        if samples and count > 0:
            self._heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0  # go on

    def say(self, text: str, voice: str, manner: Manner) -> np.ndarray:
        """Speak.

        Args:
            text: what to say.
            voice: accent+variant, such as ``en-us+f1``.
            manner: how to say it.

        Returns:
            Samples within [-1, 1] at `rate`, without the silence around them; empty if this voice
            cannot speak.
        """
        self._heard.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            return np.zeros(0)
        for parameter, value in zip((1, 3, 4), manner, strict=True):
            self._library.espeak_SetParameter(parameter, value, 0)
        utf8, from_start, by_character = 1, 0, 1
        spoken = text.encode()
        self._library.espeak_Synth(
            spoken, len(spoken) + 1, from_start, by_character, 0, utf8, None, None
        )
        sound = np.concatenate(self._heard) / 32768 if self._heard else np.zeros(0)
        loud = np.flatnonzero(np.abs(sound) > 0.005)
        return sound[loud[0] : loud[-1] + 1] if loud.size else np.zeros(0)


def _not_started(data: str, came: str) -> DataError:
    return DataError(
        f"espeak-ng to start with its data in {data}",
        came,
        "Reinstall it: pip install --force-reinstall espeakng-loader",
    )


def _resample(sound: np.ndarray, rate: int) -> np.ndarray:
    """Bring samples from espeak-ng's rate to that of the data set."""
    common = gcd(rate, RATE)
    up, down = RATE // common, rate // common
    return resample_poly(sound, up, down, window=_low_pass(max(up, down)))


@cache
def _low_pass(factor: int) -> np.ndarray:
    """Design the filter that `resample_poly` would design again for every clip."""
    return firwin(20 * factor + 1, 1 / factor, window=("kaiser", 5.0))


def _candidates() -> Iterator[str]:
    """Yield every accent with every variant that sounds like a person."""
    for file in sorted((Path(espeakng_loader.get_data_path()) / "voices" / "!v").iterdir()):
        settings = file.read_text(encoding="utf-8", errors="replace").splitlines()
        # breath noise differs from one process to the next
        if file.name not in _NOT_PEOPLE and not any(s.startswith("breath") for s in settings):
            yield from (f"{accent}+{file.name}" for accent in _ACCENTS)


def speakers(engine: Espeak, count: int, seed: int = 0) -> dict[str, str]:
    """Choose voices that can speak and that all sound different.

    Args:
        engine: says a word in every voice.
        count: how many.
        seed: 0 for the course's data; any other draws from the voices that nobody trains on.

    Returns:
        ``{speaker id: voice}`` in the order of the published hash, so that a longer choice
        begins like a shorter one.

    Raises:
        DataError: there are fewer than ``count``.
    """
    voices: dict[bytes, str] = {}
    for voice in _candidates():
        sound = engine.say("three", voice, Manner(175, 50, 50))
        if sound.size:
            voices.setdefault(sound.tobytes(), voice)
    named = {hashlib.sha1(voice.encode()).hexdigest()[:8]: voice for voice in voices.values()}
    if len(named) < count:
        raise DataError(f"{count} voices in espeak-ng", f"{len(named)}", "Ask for fewer speakers.")
    ordered = sorted(named, key=hash_percentage)
    if seed:
        unheard = ordered[SPEAKERS // 10 : SPEAKERS // 5] + ordered[SPEAKERS:]
        ordered = list(np.random.default_rng([VERSION, seed]).permutation(unheard))
    return {str(speaker): named[speaker] for speaker in ordered[:count]}


def _speak_word(
    engine: Espeak, word: str, cast: dict[str, str], size: tuple[int, int], folder: Path
) -> None:
    """Write every clip of ``word`` into ``folder`` and a dot to stdout for each."""
    takes, seed = size
    rng = np.random.default_rng([VERSION, WORDS.index(word), *([seed] if seed else [])])
    for speaker, voice in cast.items():
        for take in range(takes):
            manner = Manner(
                *(int(rng.integers(*span)) for span in ((120, 220), (25, 76), (20, 81)))
            )
            speech = _resample(engine.say(word, voice, manner), engine.rate)
            clip = record(speech, rng)
            soundfile.write(folder / f"{speaker}_nohash_{take}.wav", clip, RATE, subtype="PCM_16")
            print(".", end="", flush=True)


def _write_lists(folder: Path, cast: Sequence[str], takes: int) -> None:
    """Write both lists for all words, whether they are spoken yet or not."""
    tenth = max(1, len(cast) // 10)
    for name, chosen in zip(LISTS.values(), (cast[:tenth], cast[tenth : 2 * tenth]), strict=True):
        lines = [
            f"{word}/{speaker}_nohash_{take}.wav\n"
            for word in WORDS
            for speaker in sorted(chosen)
            for take in range(takes)
        ]
        with atomic_file(folder / name) as file:
            file.write_text("".join(lines), encoding="utf-8", newline="\n")


def generate(folder: Path, words: Sequence[str], *, count: int, takes: int, seed: int = 0) -> None:
    """Make the folders of ``words`` that are not there yet, with a progress bar.

    Each word appears whole or not at all. Words are spoken side by side on all cores.

    Args:
        folder: where the word folders and the two lists go.
        words: among the 35 published ones.
        count: speakers; a tenth of them validate, a tenth test.
        takes: clips of each speaker for each word.
        seed: 0 for the course's data; any other gives other voices, manners, rooms and noise.

    Raises:
        DataError: espeak-ng fails; the text carries its last words.
    """
    missing = [word for word in words if not (folder / word).is_dir()]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (
        progress_bar(total=len(missing) * count * takes, desc="speaking", unit="clip") as bar,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):
        jobs = [
            pool.submit(_run_word, folder, word, (count, takes, seed), bar.update)
            for word in missing
        ]
        try:
            for job in jobs:
                job.result()
        finally:
            pool.shutdown(cancel_futures=True)  # an interrupt ends it after the words in hand


def _run_word(
    folder: Path, word: str, size: tuple[int, int, int], spoken: Callable[[int], object]
) -> None:
    command = [sys.executable, "-m", __name__, str(folder), word, *map(str, size)]
    # a core speaks a word: more threads would only wait, and might add up in another order
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe) as process:
        dots_pipe = cast(BufferedReader, process.stdout)
        while dots := dots_pipe.read1():
            spoken(len(dots))
        said = cast(BufferedReader, process.stderr).read().decode(errors="replace")
    if process.returncode:
        raise DataError(
            f"espeak-ng to speak {word!r} into {folder}",
            f"exit status {process.returncode}: {said.strip()[-500:]}",
            "Run it by hand to see more: " + " ".join(command),
        )


def main() -> None:
    """Speak one word; the arguments are ``FOLDER WORD COUNT TAKES SEED``."""
    parser = argparse.ArgumentParser(prog="synthetic_speech")
    parser.add_argument("folder", type=Path)
    parser.add_argument("word", choices=WORDS)
    parser.add_argument("count", type=int)
    parser.add_argument("takes", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=0)
    given = parser.parse_args()
    engine = Espeak()
    cast = speakers(engine, given.count, given.seed)
    _write_lists(given.folder, list(cast), given.takes)
    with atomic_folder(given.folder / given.word) as partial:
        _speak_word(engine, given.word, cast, (given.takes, given.seed), partial)


if __name__ == "__main__":
    main()
