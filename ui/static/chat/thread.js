// The turns of the conversation: asked, answered as they come, stopped, asked again, changed.
const GIVE_UP_MS = 60000;
const REMEMBERED = 4;
const DRAWN_AT_ONCE = 50;
const MOST_TITLE = 80;
const thread = find(".thread");
const input = find("textarea");
const SITE = document.title;
let talk = newTalk();
let n_turns = 0;
// The turn that waits for its answer, and the one whose question is being changed.
let pending = null;
let changing = null;

function newTalk() {
  return { id: randomKey(), title: "", at: 0, filters: { ...NOTHING_CHOSEN }, turns: [] };
}

function randomKey() {
  const numbers = crypto.getRandomValues(new Uint32Array(4));
  return [...numbers].map((n) => n.toString(36)).join("");
}

// A place for a turn: `record` is what is kept of it, its question, its answer, and what the next
// question is read against (`said`).
function newTurn(record) {
  n_turns += 1;
  const section = tag("section", { class: "turn", id: `t${n_turns}` });
  section.record = record;
  section.append(tag("h2", { class: "question", dir: "auto" }, record.question));
  return section;
}

function problem(text) {
  return tag("p", { class: "problem", role: "alert" }, text);
}

// Ask a question: at the end, or in the place of a turn; one that is changed also takes the place of
// what followed, which was said of the old one.
function ask(question, instead = null, isChanged = false) {
  question = question.trim();
  if (!question || pending) return;
  const replaced = instead && { instead, turns: [...talk.turns], sections: [...thread.children] };
  if (isChanged) removeAfter(instead);
  const record = { question };
  const section = newTurn(record);
  const progress = tag("p", { class: "progress" }, says("searching"));
  section.append(progress);
  place(section, instead);
  const waiting = { turn: section, progress, started: Date.now(), replaced };
  waiting.leaving = new AbortController();
  waiting.timer = setInterval(() => tick(waiting), 1000);
  pending = waiting;
  isWaiting(true);
  say(says("searching"));
  reveal(section);
  const before = talk.turns.slice(0, talk.turns.indexOf(record)).map(({ said }) => said);
  const said = before.filter(Boolean).slice(-REMEMBERED);
  follow(waiting, { question, turn: section.id, before: said, language, filters: chosen });
}

// Show an answer as it comes, unless the reader stops it or it is given up.
async function follow(waiting, asked) {
  let problem = "server_gone";
  try {
    for await (const shown of answers(asked, waiting.leaving.signal)) {
      if (pending !== waiting) return;
      hear(shown);
    }
  } catch (error) {
    if (pending !== waiting) return;
    if (error.status === 401) return signInAgain();
    if (error.status) problem = "went_wrong";
  }
  if (pending === waiting) giveUp(problem);
}

function place(section, instead) {
  if (instead?.contains(shown)) closePane();
  if (instead) {
    talk.turns[talk.turns.indexOf(instead.record)] = section.record;
    instead.replaceWith(section);
  } else {
    talk.turns.push(section.record);
    thread.append(section);
  }
  talk.title ||= section.record.question.slice(0, MOST_TITLE);
  isBegun(true);
}

function isBegun(yes) {
  root.classList.toggle("begun", yes);
  find(".toolbar .new").hidden = !yes;
  find(".exports").hidden = !yes;
  document.title = talk.title && yes ? `${talk.title} · ${SITE}` : SITE;
}

function isWaiting(yes) {
  find(".ask").hidden = yes;
  find(".stop").hidden = !yes;
  thread.setAttribute("aria-busy", String(yes));
}

// Seconds, once a wait is long enough to wonder.
function tick(waiting) {
  const waited = Date.now() - waiting.started;
  if (waited > 2000) {
    const seconds = says("seconds", { n: number(Math.round(waited / 1000)) });
    waiting.progress.textContent = `${says("searching")} ${seconds}`;
  }
  if (waited >= GIVE_UP_MS && !waiting.begun) giveUp("gave_up");
}

// The session is over: the page asks for the password, and comes back with the conversation.
function signInAgain() {
  giveUp("gave_up");
  location.reload();
}

function giveUp(why) {
  endEarly(problem(says(why)));
}

function stop() {
  if (!pending) return;
  endEarly(tag("p", { class: "note" }, says("stopped")));
  input.focus();
}

// End without an answer, and say why. Answers that the turn took the place of come back.
function endEarly(why) {
  const { turn, progress, replaced, leaving } = pending;
  leaving.abort();
  progress.remove();
  const isLoss = replaced?.turns.some((old) => old.answer && !talk.turns.includes(old));
  if (isLoss) putBackTurns(replaced, turn.record.question);
  const place = isLoss ? replaced.instead : turn;
  place.querySelector(":scope > .early")?.remove();
  why.classList.add("early");
  place.append(why);
  say(why.textContent);
  settle();
}

// The conversation as it was before a turn was asked again or changed; a changed question stands in
// the box again, to be sent once more.
function putBackTurns({ instead, turns, sections }, question) {
  talk.turns = turns;
  thread.replaceChildren(...sections);
  pending.turn = null;
  if (question === instead.record.question || input.value) return;
  change(instead);
  input.value = question;
  fit();
}

function settle() {
  clearInterval(pending.timer);
  if (pending.turn) offerActions(pending.turn);
  pending = null;
  isWaiting(false);
  saveTalk();
}

function hear({ html, done, said, kept }) {
  const { turn: section, progress } = pending;
  section.innerHTML = html;
  findAgain();
  if (!done) {
    pending.begun = true;
    section.append(progress);
    return;
  }
  if (!kept) return endEarly(section.querySelector(".problem"));
  Object.assign(section.record, { said, answer: kept });
  settle();
  const blocks = section.querySelectorAll(".said, .refusal, .problem");
  say([...blocks].map((block) => block.textContent).join(" "));
  reveal(section);
}

// At once: an answer can be read before a page has glided to it, and gliding takes as much of a slow
// machine as all else in a turn.
function reveal(target) {
  target.scrollIntoView({ block: "start", behavior: "instant" });
}

// What can be done with a turn, under its question.
function offerActions(section) {
  const button = (name) => tag("button", { type: "button", class: name, "data-says": name });
  const link = new URL(location.pathname, location.href);
  link.searchParams.set("q", section.record.question);
  const copied = { "data-copy": link.href, "data-done": says("copied") };
  const copy = { type: "button", class: "copy", "data-says": "copy_link", ...copied };
  const actions = tag("div", { class: "actions" }, button("edit"), button("again"));
  actions.append(tag("button", { ...copy, "data-failed": says("copy_failed") }));
  speak(actions);
  section.querySelector(".question").after(actions);
}

function change(section) {
  changing = section;
  find(".editing").hidden = false;
  input.value = section.record.question;
  fit();
  input.focus();
}

function endChange() {
  changing = null;
  find(".editing").hidden = true;
}

function quitChange() {
  endChange();
  input.value = "";
  fit();
}

function askChanged(question) {
  const section = changing;
  endChange();
  if (section.isConnected) ask(question, section, true);
  else ask(question);
}

function removeAfter(section) {
  const later = talk.turns.splice(talk.turns.indexOf(section.record) + 1);
  thread.querySelectorAll(".turn").forEach((turn) => {
    if (!later.includes(turn.record)) return;
    if (turn.contains(shown)) closePane();
    turn.remove();
  });
}

// Draw the conversation again from what was kept of it, in the language of the page.
async function drawTalk() {
  const drawn = talk;
  const sections = talk.turns.map(newTurn);
  thread.replaceChildren(...sections);
  isBegun(sections.length > 0);
  try {
    for (let i = 0; i < sections.length && talk === drawn; i += DRAWN_AT_ONCE) {
      await drawTurns(sections.slice(i, i + DRAWN_AT_ONCE));
    }
  } catch {
    if (talk === drawn) thread.append(problem(says("server_gone")));
  }
  sections.forEach(offerActions);
}

// As many as the server draws at once, which also takes no more than so many bytes.
async function drawTurns(sections) {
  const turns = sections.map(({ id, record: { question, answer } }) => ({ turn: id, question, answer }));
  const htmls = await server.draw({ turns, language });
  sections.forEach((section, i) => {
    if (section.isConnected && htmls[i]) section.innerHTML = htmls[i];
  });
}
