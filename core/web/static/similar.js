// While somebody writes a title: show what others asked for already.
// Without this file, or without scripts, the form looks for the same once it is sent.
"use strict";

(() => {
  const PAUSE_MS = 300;
  const title = document.querySelector("[data-similar]");
  const place = document.getElementById("similar-now");
  if (!title || !place) return;

  let last = title.value.trim();
  let timer = 0;
  let turn = 0;

  async function look() {
    const words = title.value.trim();
    if (words === last) return;
    last = words;
    const mine = ++turn;
    try {
      const address = `${title.dataset.similar}?title=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      const text = answer.ok ? await answer.text() : "";
      // A slow answer to what was written before says nothing any more.
      if (mine !== turn) return;
      const found = new DOMParser().parseFromString(text, "text/html");
      place.replaceChildren(...found.body.children);
    } catch {
      place.replaceChildren();
    }
  }

  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
})();
