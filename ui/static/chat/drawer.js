// The conversations that this browser keeps: found again, renamed, deleted.
const MOST_RECENT = 3;
const drawer = find(".drawer");

// Where another tab went on with the conversation or deleted it, this tab keeps its own as another.
function saveTalk() {
  if (isElsewhere()) talk.id = randomKey();
  currentId(talk.id);
  const at = Date.now();
  const told = keepTalk({ ...talk, at });
  if (told !== "not_kept") talk.at = at;
  find(".storage").hidden = !told;
  if (told) find(".storage").textContent = says(told);
}

// Whether what is kept of the conversation is not what this tab last read or wrote (`at`).
function isElsewhere() {
  return (Number(parsed(recall(`about ${talk.id}`))?.at) || 0) !== talk.at;
}

// A turn that waits is kept when it ends; a choice alone brings no deleted conversation back.
function keepFilters() {
  talk.filters = chosen;
  if (talk.turns.length && !pending && !isElsewhere()) saveTalk();
}

function startTalk() {
  leaveTalk();
  talk = newTalk();
  currentId("");
  choose(NOTHING_CHOSEN);
  thread.replaceChildren();
  isBegun(false);
  drawRecent();
  lookAgain();
  scrollTo({ top: 0, behavior: "instant" });
  input.focus();
}

function leaveTalk() {
  stop();
  if (changing) quitChange();
  closePane();
  drawer.close();
}

async function openTalk(id) {
  const found = storedTalk(id);
  if (!found) return drawTalks();
  leaveTalk();
  const turns = found.turns.filter((turn) => typeof turn?.question === "string");
  talk = { ...found, title: String(found.title), turns };
  currentId(id);
  choose(found.filters);
  talk.filters = chosen;
  await drawTalk();
  // Where it was left: at the last question, not below its sources.
  if (thread.lastElementChild) reveal(thread.lastElementChild);
  input.focus({ preventScroll: true });
}

function opensTalk({ id, title, at }) {
  const name = tag("bdi", { class: "title", dir: "auto" }, title);
  const day = tag("time", { datetime: new Date(at).toISOString() }, dayName(at));
  const button = tag("button", { type: "button", class: "open-talk" }, name, day);
  if (id === talk.id) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => openTalk(id));
  return button;
}

function drawRecent() {
  const recent = talks().slice(0, MOST_RECENT);
  find(".recent").hidden = !recent.length;
  find(".recent ul").replaceChildren(...recent.map((about) => tag("li", {}, opensTalk(about))));
}

function drawTalks() {
  const listed = talks().map((about) => {
    const item = tag("li", { "data-id": about.id });
    const tools = ["rename", "delete"].map((name) => {
      const button = tag("button", { type: "button", class: name, "data-says": name });
      button.addEventListener("click", () => ({ rename, delete: confirmDelete })[name](item, about));
      return button;
    });
    item.append(opensTalk(about), tag("div", { class: "talk-tools" }, ...tools));
    return item;
  });
  const none = tag("li", { class: "none", "data-says": "none_kept" });
  find(".talks").replaceChildren(...(listed.length ? listed : [none]));
  speak(find(".talks"));
}

function openDrawer() {
  drawTalks();
  drawer.showModal();
}

function rename(item, { id, title }) {
  const field = tag("input", { value: title, dir: "auto", maxlength: MOST_TITLE, "data-names": "name" });
  const save = tag("button", { type: "submit", "data-says": "save" });
  const form = tag("form", { class: "renaming" }, field, save, cancels(item));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const named = field.value.trim();
    if (named) nameTalk(id, named);
    backToTalks(id);
  });
  item.replaceChildren(form);
  speak(item);
  field.select();
}

function nameTalk(id, title) {
  if (id === talk.id) {
    talk.title = title;
    isBegun(talk.turns.length > 0);
  }
  const found = storedTalk(id);
  if (found) keepBoth({ ...found, title });
  drawRecent();
}

function confirmDelete(item, { id }) {
  const sure = tag("button", { type: "button", class: "sure", "data-says": "delete" });
  sure.addEventListener("click", () => {
    // Leaving a conversation keeps it, so it is left before it is forgotten.
    const current = id === talk.id;
    if (current) startTalk();
    forgetTalk(id);
    drawRecent();
    if (!current) backToTalks();
  });
  const asked = tag("p", { "data-says": "delete_sure" });
  item.replaceChildren(tag("div", { class: "deleting", role: "alertdialog", "data-names": "delete" }, asked, sure, cancels(item)));
  speak(item);
  sure.focus();
}

function cancels(item) {
  const button = tag("button", { type: "button", "data-says": "cancel" });
  button.addEventListener("click", () => backToTalks(item.dataset.id));
  return button;
}

function backToTalks(id) {
  drawTalks();
  const item = find(`.talks [data-id="${id}"] button`) || find(".drawer .close");
  item.focus();
}

function listenToDrawer() {
  find(".menu").addEventListener("click", openDrawer);
  find(".drawer .close").addEventListener("click", () => drawer.close());
  // A click beside a dialog is a click on its backdrop, which is the dialog itself.
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  element.querySelectorAll(".new").forEach((button) => button.addEventListener("click", startTalk));
}
