// Runs once inside the page's gr.HTML component, which hands it `element`, `trigger`, `props`,
// `server` and `watch`. All HTML that is placed here was escaped by ui/render.py; what the reader
// types is written as text.
const HEARTBEAT_MS = 5000;
const GIVE_UP_MS = 60000;
const DONE_MS = 2000;
// One character more than can be asked, so that a longer link is told so.
const MAX_LINKED = 2001;
const find = (selector) => element.querySelector(selector);
const thread = find(".thread");
const input = find("textarea");
const send = find(".composer button");
const dialog = find("dialog");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let n_turns = 0;
let pending = null;
// What was searched and answered so far in this tab: follow-up questions are read against it.
const before = [];

function ask(question) {
  question = question.trim();
  if (!question || pending) return;
  n_turns += 1;
  const turn = document.createElement("section");
  turn.className = "turn";
  turn.id = `t${n_turns}`;
  const heading = document.createElement("h2");
  heading.className = "question";
  heading.dir = "auto";
  heading.textContent = question;
  const progress = document.createElement("p");
  progress.className = "progress";
  progress.textContent = "Searching the archive…";
  turn.append(heading, progress);
  thread.append(turn);
  pending = { turn, progress, started: Date.now(), timer: setInterval(tick, 1000) };
  send.disabled = true;
  say("Searching the archive");
  reveal(turn, "start");
  trigger("ask", { question, turn: turn.id, before: before.slice(-4) });
}

// Seconds, once a wait is long enough to wonder; and now and then whether the server still lives.
async function tick() {
  if (!pending) return;
  const waiting = pending;
  const waited = Date.now() - waiting.started;
  if (waited > 2000) {
    waiting.progress.textContent = `Searching the archive… ${Math.round(waited / 1000)} s`;
  }
  if (waited >= GIVE_UP_MS && !waiting.begun) {
    giveUp("No answer came within a minute. Ask again, or see the terminal for what went wrong.");
    return;
  }
  if (Math.round(waited / 1000) % (HEARTBEAT_MS / 1000)) return;
  try {
    await fetch(window.location.pathname, { method: "HEAD", cache: "no-store" });
  } catch {
    if (pending !== waiting) return;
    giveUp(
      "The page’s server does not answer. Start it again in the terminal, then reload this page.",
    );
  }
}

function giveUp(why) {
  pending.progress.className = "problem";
  pending.progress.textContent = why;
  say(why);
  settle();
}

function settle() {
  clearInterval(pending.timer);
  pending = null;
  send.disabled = false;
}

watch("value", () => {
  const { turn, html, done, said: told } = props.value || {};
  if (!pending || pending.turn.id !== turn) return;
  const { turn: section, progress } = pending;
  if (!done) {
    pending.begun = true;
    section.innerHTML = html;
    section.append(progress);
    return;
  }
  settle();
  if (told) before.push(told);
  section.innerHTML = html;
  const said = section.querySelectorAll(".sentence, .refusal, .problem");
  say([...said].map((block) => block.firstChild.textContent).join(" "));
  reveal(section, "start");
});

function say(text) {
  find("[role=status]").textContent = text;
}

function reveal(target, block) {
  target.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
}

// A source is lit until another is chosen; both ends of the link show it.
function goTo(link) {
  const target = document.getElementById(link.dataset.goto);
  if (!target) return;
  const turn = target.closest(".turn");
  turn.querySelectorAll(".lit").forEach((lit) => lit.classList.remove("lit"));
  turn.querySelectorAll(".cite[aria-current]").forEach((cite) => cite.removeAttribute("aria-current"));
  target.classList.add("lit");
  turn
    .querySelectorAll(`.cite[data-goto="${target.id}"]`)
    .forEach((cite) => cite.setAttribute("aria-current", "true"));
  target.focus({ preventScroll: true });
  reveal(target.querySelector("mark") || target, "center");
}

function hint(event, on) {
  const cite = event.target.closest(".cite");
  if (cite) document.getElementById(cite.dataset.goto)?.classList.toggle("hint", on);
}

async function copy(button) {
  const label = button.textContent;
  const done = await written(button.dataset.copy);
  button.textContent = done ? button.dataset.done : button.dataset.failed;
  button.classList.toggle("done", done);
  say(button.textContent);
  setTimeout(() => {
    button.textContent = label;
    button.classList.remove("done");
  }, DONE_MS);
}

// The clipboard API is there on localhost and over https only; elsewhere the old command serves.
async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    element.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

async function open(button) {
  const { document: name, start, end } = button.dataset;
  const body = dialog.querySelector(".document-body");
  body.textContent = "Opening…";
  dialog.showModal();
  try {
    body.innerHTML = await server.open_document({ document: name, start: +start, end: +end });
  } catch {
    body.textContent = "The page’s server does not answer.";
  }
  body.querySelector("mark")?.scrollIntoView({ block: "center" });
}

function fit() {
  input.style.height = "";
  if (input.value) input.style.height = `${input.scrollHeight + 2}px`;
}

function submit() {
  if (pending || !input.value.trim()) return;
  ask(input.value);
  input.value = "";
  fit();
}

find(".composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
input.addEventListener("input", fit);
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
element.addEventListener("pointerover", (event) => hint(event, true));
element.addEventListener("pointerout", (event) => hint(event, false));
element.addEventListener("click", (event) => {
  const target = event.target.closest("button, a");
  if (event.target === dialog || target?.matches(".close")) return dialog.close();
  if (!target) return;
  if (target.matches("a.cite")) event.preventDefault();
  if (target.dataset.goto) goTo(target);
  else if (target.matches(".copy")) copy(target);
  else if (target.matches(".open")) open(target);
  else if (target.matches(".example")) ask(target.textContent);
});
// A link to a question asks it, once: a reload shows the page, not the same question again.
function askLinked() {
  const linked = new URLSearchParams(location.search).get("q");
  if (!linked?.trim()) return;
  history.replaceState(history.state, "", location.pathname + location.hash);
  ask(linked.slice(0, MAX_LINKED));
}

input.focus({ preventScroll: true });
askLinked();
