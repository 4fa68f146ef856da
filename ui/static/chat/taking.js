// What readers take away: a source as a citation, the conversation as a file.
const STYLES = { apa: "APA", chicago: "Chicago", mla: "MLA", gost: "ГОСТ Р 7.0.5", harvard: "Harvard" };
const FORMS = ["text", "markdown", "html", "bibtex", "ris", "csl-json"];
const PLAIN_NAMES = { bibtex: "BibTeX", ris: "RIS", "csl-json": "CSL-JSON" };
// They have no style: the program that reads them has.
const STYLELESS = Object.keys(PLAIN_NAMES);
let form = FORMS[0];

// The style that was chosen before; at first that which readers of the language mostly use.
function chosenStyle() {
  const kept = recall("style");
  return kept in STYLES ? kept : language === "ru" ? "gost" : "apa";
}

function styleChoice(changed) {
  const select = tag("select", { class: "style", "data-names": "cite_style" });
  select.append(...Object.entries(STYLES).map(([name, title]) => new Option(title, name)));
  select.value = chosenStyle();
  select.addEventListener("change", () => {
    keep("style", select.value);
    changed?.();
  });
  return select;
}

// What a source looks like in a style and a form, to be copied; and away again.
function cite(button) {
  const tools = button.closest(".tools");
  const before = tools.querySelector(".citing");
  button.setAttribute("aria-expanded", String(!before));
  if (before) return before.remove();
  const shown = tag("pre", { class: "cited", dir: "auto", tabindex: 0, role: "status" });
  const copies = tag("button", { type: "button", class: "copy", "data-says": "copy_text" });
  const draw = () => drawCited(button.dataset.anchor, style, shown, copies);
  const style = styleChoice(draw);
  const forms = tag("select", { class: "form", "data-names": "cite_form" });
  forms.append(...FORMS.map((name) => new Option(PLAIN_NAMES[name] || says(`form_${name}`), name)));
  forms.value = form;
  forms.addEventListener("change", () => {
    form = forms.value;
    draw();
  });
  const box = tag("div", { class: "citing" }, forms, style, copies, shown);
  speak(box);
  tools.append(box);
  forms.focus({ preventScroll: true });
  draw().then(() => box.scrollIntoView({ block: "nearest" }));
}

async function drawCited(anchor, style, shown, copies) {
  style.disabled = STYLELESS.includes(form);
  const asked = { anchor, form, style: style.value, language };
  const gone = { problem: says("server_gone") };
  shown.dataset.asked = JSON.stringify(asked);
  const { text, problem: told } = await served("cite", asked, gone);
  // Another choice was made meanwhile: its own reply is what is to be shown.
  if (shown.dataset.asked !== JSON.stringify(asked)) return;
  shown.textContent = text || told;
  shown.classList.toggle("problem", !text);
  copies.disabled = !text;
  Object.assign(copies.dataset, { copy: text || "", done: says("copied"), failed: says("copy_failed") });
}

async function exportTalk(button) {
  const menu = button.closest("details");
  const turns = talk.turns.map(({ question, answer }) => ({ question, answer }));
  const asked = { title: talk.title, turns, form: button.dataset.form, style: chosenStyle(), language };
  const made = await served("export_talk", asked, { problem: says("server_gone") });
  const told = menu.querySelector(".problem");
  told.textContent = made.problem || "";
  told.hidden = !made.problem;
  if (made.problem) return;
  download(made);
  menu.open = false;
  menu.querySelector("summary").focus();
}

function download({ name, type, content }) {
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = tag("a", { href: address, download: name, hidden: "" });
  element.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(address);
}

function listenToTaking() {
  const menu = find(".exports");
  menu.querySelector(".styles").append(styleChoice());
  speak(menu);
  menu.addEventListener("toggle", () => {
    menu.querySelector(".style").value = chosenStyle();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  element.addEventListener("click", ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
}
