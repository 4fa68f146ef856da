// The page's script runs once inside its gr.HTML component, which hands it `element` and `server`;
// the files of this folder share one scope, in the order of ui/chat.py. All HTML that is placed by
// them was escaped by the server; what the reader types, and what this browser kept, is written as
// text.
//
// This file: what the browser keeps, each reader's on their own machine. `about ID` is a
// conversation's title and time, `talk ID` all of it: two, so that a list of a hundred is cheap, and
// none for all, so that two open tabs do not overwrite each other's.
const MOST_TALKS = 100;
const ROOT = new URL(window.gradio_config?.root || "/", location.href).pathname.replace(/\/$/, "");
const KEPT = `sanad ${ROOT} `;

function recall(name) {
  try {
    return localStorage.getItem(KEPT + name);
  } catch {
    return null;
  }
}

// Whether it was kept: not when the storage is full, or turned off.
function keep(name, text) {
  try {
    localStorage.setItem(KEPT + name, text);
    return true;
  } catch {
    return false;
  }
}

function forget(...names) {
  try {
    names.forEach((name) => localStorage.removeItem(KEPT + name));
  } catch {
    // Nothing is kept, so nothing is left.
  }
}

function parsed(text) {
  try {
    const data = JSON.parse(text);
    return data && typeof data === "object" ? data : null;
  } catch {
    return null;
  }
}

// Of each conversation `id`, `title` and `at` (milliseconds), the latest first.
function talks() {
  const found = [];
  const prefix = `${KEPT}about `;
  try {
    for (let i = 0; i < localStorage.length; i += 1) {
      const key = localStorage.key(i);
      if (!key.startsWith(prefix)) continue;
      const about = parsed(localStorage.getItem(key));
      const id = key.slice(prefix.length);
      if (about) found.push({ id, title: String(about.title), at: Number(about.at) || 0 });
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => b.at - a.at);
}

function storedTalk(id) {
  const talk = parsed(recall(`talk ${id}`));
  return talk && Array.isArray(talk.turns) ? { ...talk, id, at: Number(talk.at) || 0 } : null;
}

function forgetTalk(id) {
  forget(`about ${id}`, `talk ${id}`);
}

// Keep a conversation; when there is no room, the oldest others make some, unless all of them would
// not make enough. Gives the name of what to tell the reader, or nothing.
function keepTalk(talk) {
  const others = talks().filter(({ id }) => id !== talk.id);
  const removed = [];
  const removeOldest = () => removed.push(takeOut(others.pop().id));
  while (others.length >= MOST_TALKS) removeOldest();
  let told = "";
  while (!keepBoth(talk)) {
    if (!others.length) {
      if (recall(`about ${talk.id}`) === null) forgetTalk(talk.id);
      removed.forEach(putBack);
      return "not_kept";
    }
    removeOldest();
    told = "oldest_removed";
  }
  return told;
}

// The two texts of a conversation, which are kept no longer; `putBack` keeps them again.
function takeOut(id) {
  const texts = [`talk ${id}`, `about ${id}`].map((name) => [name, recall(name)]);
  forgetTalk(id);
  return texts;
}

function putBack(texts) {
  texts.forEach(([name, text]) => keep(name, text));
}

function keepBoth({ id, title, at, filters, turns }) {
  return (
    keep(`talk ${id}`, JSON.stringify({ title, at, filters, turns })) &&
    keep(`about ${id}`, JSON.stringify({ title, at }))
  );
}

// Which conversation this tab is in: it is found again when the tab is reloaded.
function currentId(id) {
  try {
    if (id !== undefined) sessionStorage.setItem(`${KEPT}talk`, id);
    return sessionStorage.getItem(`${KEPT}talk`);
  } catch {
    return null;
  }
}
