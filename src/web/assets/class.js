// Class mode, read aloud by the browser. Without a voice, or without scripts, the buttons stay hidden and somebody reads.
const voice = window.speechSynthesis;
const buttons = [...document.querySelectorAll("button[data-say]")];

const quiet = () => {
  voice.cancel();
  for (const button of buttons) {
    button.textContent = button.dataset.words;
    button.setAttribute("aria-pressed", "false");
  }
};

const say = (button) => {
  const place = document.getElementById(button.dataset.say);
  // Paragraph by paragraph: each in its own language, with a breath between.
  const parts = [...place.querySelectorAll("h1, p, li")];
  const spoken = parts.length > 0 ? parts : [place];
  spoken.forEach((part, number) => {
    const words = new SpeechSynthesisUtterance(part.innerText);
    words.lang = part.closest("[lang]").lang;
    words.rate = 0.9;
    if (number === spoken.length - 1) words.onend = quiet;
    voice.speak(words);
  });
  button.textContent = button.dataset.stop;
  button.setAttribute("aria-pressed", "true");
};

if (voice && "SpeechSynthesisUtterance" in window) {
  for (const button of buttons) {
    button.dataset.words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const speaks = button.getAttribute("aria-pressed") === "true";
      quiet();
      if (!speaks) say(button);
    });
  }
  addEventListener("pagehide", () => voice.cancel());
}
