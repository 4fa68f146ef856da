// Runs once inside the page's gr.HTML component, which hands it `element` and `server`. All HTML
// that is placed here was escaped by ui/judge.py.
const place = element.querySelector(".place");
const status = element.querySelector("[role=status]");
let busy = false;

async function act(what) {
  if (busy) return;
  busy = true;
  try {
    place.innerHTML = await server.act(what);
    show();
  } catch {
    tell("The page’s server does not answer. Start it again in the terminal, then reload.");
  } finally {
    busy = false;
  }
}

function show() {
  const card = place.querySelector(".question, .done");
  status.textContent = `${place.querySelector(".progress-line")?.textContent ?? ""} ${card.textContent}`;
  card.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function tell(why) {
  const line = place.querySelector(".problem") ?? document.createElement("p");
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = why;
  place.prepend(line);
}

function choose(button) {
  if (!button) return;
  const item = button.closest(".card")?.dataset.item;
  act({ do: button.dataset.do, item, grade: button.dataset.grade });
}

element.addEventListener("click", (event) => choose(event.target.closest("button")));

// Keys by their place, so that they work whatever alphabet the keyboard writes.
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const digit = /^(?:Digit|Numpad)([0-2])$/.exec(event.code);
  const what = { KeyS: "skip", KeyU: "undo" }[event.code];
  if (!digit && !what) return;
  event.preventDefault();
  choose(place.querySelector(digit ? `[data-grade="${digit[1]}"]` : `[data-do="${what}"]`));
});

act({ do: "show" });
