// What ties the parts together: the question box, clicks, and how the page begins.
const DONE_MS = 2000;
// What exports call a place: it is shown, for it is no question.
const ANCHOR = /^\s*(sanad:[0-9a-f]+(?:-[0-9a-f]+){5})\s*$/;

// What a function of the server gives, else `otherwise`: where no server answers, Gradio gives
// nothing and throws nothing.
async function served(name, asked, otherwise) {
  const given = await server[name](asked).catch(() => undefined);
  return given === undefined ? otherwise : given;
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
    const area = tag("textarea", { class: "visually-hidden" });
    area.value = text;
    element.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// What the reader says of a passage, or takes back.
async function judge(button) {
  const pressed = button.getAttribute("aria-pressed") === "true";
  const { question, grade, passages } = button.dataset;
  const told = { question, grade: +grade, passages: passages.split("\n"), back: pressed };
  const kept = await served("judge", told, false);
  say(says(kept ? "noted" : "not_noted"));
  button.classList.toggle("failed", !kept);
  if (!kept) return;
  // A source and its copy in the pane say the same; of the two thumbs one is pressed.
  element.querySelectorAll(".judge").forEach((other) => {
    const same = other.dataset.passages === passages && other.dataset.question === question;
    if (!same) return;
    other.setAttribute("aria-pressed", String(!pressed && other.dataset.grade === grade));
  });
}

function copyPassage(button) {
  const path = button.dataset.passage.split("/").map(encodeURIComponent).join("/");
  button.dataset.copy = new URL(`${ROOT}/passage/${path}#passage`, location.href).href;
  button.dataset.done = says("copied");
  button.dataset.failed = says("copy_failed");
  copy(button);
}

function fit() {
  input.style.height = "";
  if (input.value) input.style.height = `${input.scrollHeight + 2}px`;
}

function submit() {
  const question = input.value;
  if (pending || !question.trim()) return;
  const cited = question.match(ANCHOR);
  if (cited) return location.assign(`${ROOT}/passage/${cited[1]}?lang=${language}#passage`);
  input.value = "";
  fit();
  toggleFilters(false);
  if (changing) askChanged(question);
  else ask(question);
}

function press(event) {
  const button = event.target.closest("button");
  if (!button) return;
  const turn = button.closest(".turn");
  if (button.matches(".cite")) openSource(document.getElementById(button.dataset.goto), button);
  else if (button.matches(".open")) openSource(button.closest(".source"), button);
  else if (button.matches(".judge")) judge(button);
  else if (button.matches(".link")) copyPassage(button);
  else if (button.matches(".gloss")) gloss(button);
  else if (button.matches(".take")) cite(button);
  else if (button.matches(".exports button")) exportTalk(button);
  else if (button.matches(".copy")) copy(button);
  else if (button.matches(".example")) ask(button.textContent);
  else if (button.matches(".edit")) change(turn);
  else if (button.matches(".again")) ask(turn.record.question, turn);
  else if (button.matches(".quit")) quitChange();
}

async function speakAnew() {
  language = find(".tongue").value;
  keep("language", language);
  speakAll();
  drawArchive();
  drawRecent();
  if (pending) return;
  closePane();
  const id = talk.turns.length ? talk.id : null;
  if (id) await drawTalk();
}

function listen() {
  listenToSources();
  listenToFilters();
  listenToDrawer();
  listenToTaking();
  darkSystem.addEventListener("change", paint);
  narrow.addEventListener("change", invite);
  new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] });
  find(".tongue").addEventListener("change", speakAnew);
  find(".colours").addEventListener("click", nextColours);
  find(".stop").addEventListener("click", stop);
  find(".composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener("input", fit);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (pending || changing)) {
      event.preventDefault();
      if (pending) stop();
      else find(".quit").click();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  element.addEventListener("click", press);
}

// A link to a question asks it, once: a reload shows its conversation, and asks nothing again.
function askLinked() {
  const linked = new URLSearchParams(location.search).get("q");
  if (!linked?.trim()) return false;
  history.replaceState(history.state, "", location.pathname + location.hash);
  ask(linked);
  return true;
}

function drawArchive() {
  const empty = archive.choices.passages === 0;
  find(".empty").hidden = !empty;
  find(".composer").hidden = empty;
  const items = archive.examples.map(([text, dir]) =>
    tag("li", {}, tag("button", { type: "button", class: "example", dir }, text)),
  );
  find(".examples").replaceChildren(...items);
  find(".suggestions").hidden = !items.length;
  find(".suggestions h2").textContent = says(archive.heading);
  drawFilters();
}

async function lookAgain() {
  const now = await served("archive", {}, archive);
  if (JSON.stringify(now) === JSON.stringify(archive)) return;
  archive = now;
  drawArchive();
}

// Gradio's clock of how long the page takes to load ticks on, unseen, at every frame, once it is
// there: a page at rest took a twenty-fifth of a core. The clock looks at the time and then asks for its
// next frame, the latest that was asked for until then: that one never comes.
function stopClock() {
  const now = performance.now;
  const callOff = () => cancelAnimationFrame(requestAnimationFrame(() => {}) - 1);
  performance.now = () => {
    if (new Error().stack.includes("/statustracker-")) {
      performance.now = now;
      queueMicrotask(callOff);
    }
    return now.call(performance);
  };
}

function begin() {
  stopClock();
  offerLanguages();
  speakAll();
  paint();
  drawArchive();
  lookAgain();
  drawRecent();
  listen();
  // Where there is no keyboard the focus would bring one up, over the page.
  if (matchMedia("(pointer: fine)").matches) input.focus({ preventScroll: true });
  if (askLinked()) return;
  const id = currentId();
  if (id) openTalk(id);
}

begin();
