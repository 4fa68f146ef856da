// Which passages are searched: what is chosen is shown as chips, sent with every question, and
// kept with the conversation.
const NOTHING_CHOSEN = { languages: [], outlets: [], since: "", until: "" };
const COUNT_AFTER_MS = 200;
const panel = find("#sanad-filters");
const chips = find(".chips");
// What the archive holds now; an index may be built anew while the page is open.
let archive = JSON.parse(root.dataset.archive);
let chosen = { ...NOTHING_CHOSEN };
let counting = null;

// Whatever the browser kept, as filters.
function asFilters(data) {
  const list = (names) => (Array.isArray(names) ? names.map(String) : []);
  const day = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? text : "");
  return {
    languages: list(data?.languages),
    outlets: list(data?.outlets),
    since: day(data?.since),
    until: day(data?.until),
  };
}

function choose(filters) {
  chosen = asFilters(filters);
  drawFilters();
}

function tag(name, attributes = {}, ...children) {
  const block = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true || value === false) block.toggleAttribute(key, value);
    else block.setAttribute(key, value);
  }
  block.append(...children);
  return block;
}

function drawFilters() {
  panel.replaceChildren(
    boxes("languages", "only_in", archive.choices.languages, (code) => languageName(code)),
    boxes("outlets", "only_by", archive.choices.outlets, (name) => name),
    dates(),
    tag("p", { class: "left", role: "status" }),
  );
  find(".icon.filter").hidden = !panel.querySelector("fieldset");
  drawChips();
  countLeft();
}

// A box for each of several; one alone leaves nothing to choose.
function boxes(kind, legend, offered, name) {
  if (offered.length < 2) return "";
  const items = offered.map(([value, n]) => {
    const checked = chosen[kind].includes(value);
    const box = tag("input", { type: "checkbox", name: kind, value, checked });
    return tag("label", {}, box, tag("bdi", {}, name(value)), tag("small", {}, number(n)));
  });
  const listed = tag("div", { class: "boxes" }, ...items);
  return tag("fieldset", {}, tag("legend", {}, says(legend)), listed);
}

function dates() {
  if (!archive.choices.first || archive.choices.first === archive.choices.last) return "";
  const inputs = ["since", "until"].map((name) => {
    const limits = { min: archive.choices.first, max: archive.choices.last, value: chosen[name] };
    return tag("label", {}, says(name), tag("input", { type: "date", name, ...limits }));
  });
  const undated = tag("small", {}, says("undated"));
  return tag("fieldset", { class: "dates" }, tag("div", { class: "boxes" }, ...inputs), undated);
}

function readFilters() {
  const checked = (kind) =>
    [...panel.querySelectorAll(`[name=${kind}]:checked`)].map((box) => box.value);
  const day = (name) => panel.querySelector(`[name=${name}]`)?.value || "";
  chosen = {
    languages: checked("languages"),
    outlets: checked("outlets"),
    since: day("since"),
    until: day("until"),
  };
  drawChips();
  countLeft();
  keepFilters();
}

function drawChips() {
  const chip = (name, without) => {
    const attributes = { type: "button", class: "chip", "aria-label": says("remove", { name }) };
    const button = tag("button", attributes, tag("bdi", {}, name), tag("span", {}, "×"));
    button.addEventListener("click", () => {
      choose({ ...chosen, ...without });
      keepFilters();
      input.focus();
    });
    return tag("li", {}, button);
  };
  const others = (kind, value) => ({ [kind]: chosen[kind].filter((other) => other !== value) });
  const drawn = [
    ...chosen.languages.map((code) => chip(languageName(code), others("languages", code))),
    ...chosen.outlets.map((name) => chip(name, others("outlets", name))),
    ...["since", "until"]
      .filter((name) => chosen[name])
      .map((name) => chip(says(`${name}_day`, { day: chosen[name] }), { [name]: "" })),
  ];
  if (drawn.length > 1) drawn.push(chip(says("clear"), NOTHING_CHOSEN));
  chips.replaceChildren(...drawn);
}

function countLeft() {
  clearTimeout(counting);
  if (!panel.hidden) counting = setTimeout(tellLeft, COUNT_AFTER_MS);
}

async function tellLeft() {
  const left = await served("count_passages", chosen, null);
  const told = { n: number(left), all: number(archive.choices.passages) };
  panel.querySelector(".left").textContent = left === null ? "" : says("n_match", told);
}

function toggleFilters(open = panel.hidden) {
  panel.hidden = !open;
  find(".icon.filter").setAttribute("aria-expanded", String(open));
  if (open) countLeft();
}

function listenToFilters() {
  panel.addEventListener("change", readFilters);
  find(".icon.filter").addEventListener("click", () => toggleFilters());
  find(".composer").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden || event.defaultPrevented) return;
    event.preventDefault();
    toggleFilters(false);
    find(".icon.filter").focus();
  });
}
