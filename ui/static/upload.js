// The page of ui/upload.py: sends files one by one, has them indexed, and tells of each what became
// of it. Names and reasons are written as text.
const POLL_MS = 700;
const form = document.querySelector(".upload");
const picker = form.querySelector("input");
const line = document.querySelector(".progress-line");
const list = document.querySelector(".outcomes");
const said = form.dataset;
const inLanguage = `?lang=${document.documentElement.lang}`;
const items = new Map();

function tell(name, text, why = "") {
  const item = items.get(name) || document.createElement("li");
  items.set(name, item);
  const file = document.createElement("bdi");
  file.textContent = name;
  const outcome = document.createElement("strong");
  outcome.textContent = text;
  const reason = document.createElement("bdi");
  reason.textContent = why;
  item.replaceChildren(file, " — ", outcome, why ? ": " : "", reason);
  list.append(item);
  return item;
}

function send(file, replace) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const query = `${inLanguage}${replace ? "&replace=1" : ""}`;
    request.open("PUT", `${said.at}/files/${encodeURIComponent(file.name)}${query}`);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) =>
      tell(file.name, `${said.sending} ${Math.round((100 * loaded) / (total || 1))} %`);
    request.onload = () => resolve(request.response || { what: "refused", why: said.noServer });
    request.onerror = () => resolve({ what: "refused", why: said.noServer });
    request.send(file);
  });
}

async function add(file, replace = false) {
  tell(file.name, said.sending);
  const { what, why } = await send(file, replace);
  if (what === "refused") tell(file.name, said.refused, why);
  else if (what === "taken") offerToReplace(file);
  else tell(file.name, said.waiting);
  return what;
}

function offerToReplace(file) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = said.replace;
  button.addEventListener("click", async () => {
    if ((await add(file, true)) !== "refused") await index();
  });
  const tools = document.createElement("span");
  tools.className = "tools";
  tools.append(" ", button);
  tell(file.name, said.taken).append(tools);
}

async function index() {
  let state = await (await fetch(`${said.at}/index${inLanguage}`, { method: "POST" })).json();
  while (state.running) {
    line.textContent = `${said.indexing} ${Math.round(state.seconds)} s`;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    state = await (await fetch(`${said.at}/state${inLanguage}`)).json();
  }
  line.textContent = state.failed ? said.failed : said.done;
  for (const [name, { what, why }] of Object.entries(state.outcomes)) {
    if (items.has(name)) tell(name, said[what], why);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const outcomes = [];
    for (const file of picker.files) outcomes.push(await add(file));
    if (outcomes.some((what) => what !== "refused" && what !== "taken")) await index();
  } catch {
    line.textContent = said.noServer;
  }
  button.disabled = false;
});
