// Records two seconds, and puts them as a WAV file in base64 into the text field of the same box.
// ipywidgets hands that text to the kernel. Runs as a button's onclick: `this` is the button.
(async (button) => {
  const label = button.textContent;
  const say = (text) => { button.textContent = text; };
  const wav = (samples, rate) => {
    const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
    const write = (at, text) => [...text].forEach((c, k) => view.setUint8(at + k, c.charCodeAt(0)));
    write(0, "RIFF"); view.setUint32(4, 36 + 2 * samples.length, true); write(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true);
    view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    write(36, "data"); view.setUint32(40, 2 * samples.length, true);
    samples.forEach((s, k) => view.setInt16(44 + 2 * k, 32767 * Math.max(-1, Math.min(1, s)), true));
    return new Uint8Array(view.buffer);
  };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const recorder = new MediaRecorder(stream), pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const ended = new Promise((resolve) => { recorder.onstop = resolve; });
    recorder.start();
    say("Speak now …");
    setTimeout(() => recorder.stop(), 2000);
    await ended;
    stream.getTracks().forEach((track) => track.stop());
    const context = new AudioContext({ sampleRate: 16000 });
    const sound = await context.decodeAudioData(await new Blob(pieces).arrayBuffer());
    await context.close();
    const bytes = wav(sound.getChannelData(0), 16000);
    let text = "";
    bytes.forEach((byte) => { text += String.fromCharCode(byte); });
    const field = button.closest(".widget-vbox").querySelector("textarea");
    field.value = btoa(text);
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    say(label);
  } catch (problem) {
    say(`Nothing was recorded (${problem.message}). Choose a file instead.`);
  }
})(this)
