// Before anything is drawn: the colours that the reader chose in the chat (see ui/static/chat/store.js),
// or those of the system.
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

// Where the app is shown, by the address of this script.
const root = new URL(document.currentScript.src).pathname.replace(/\/site\/site\.js$/, "");

function chosen() {
  try {
    return localStorage.getItem(`sanad ${root} colours`);
  } catch {
    return null;
  }
}

function paint() {
  const dark = { dark: true, light: false }[chosen()] ?? darkSystem.matches;
  document.body.classList.toggle("dark", dark);
}

// A link to a passage may have lost its fragment: it opens at the passage all the same.
function goToPassage() {
  const passage = document.getElementById("passage");
  if (passage && !location.hash) passage.scrollIntoView();
}

darkSystem.addEventListener("change", paint);
document.addEventListener("DOMContentLoaded", goToPassage);
paint();
