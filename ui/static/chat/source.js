// The source of a sentence: its quotation while its number is pointed at, and the reading pane,
// beside the answers where there is room, else over them.
const TIP_GAP_PX = 8;
const TIP_LINGERS_MS = 150;
const wide = matchMedia("(min-width: 62.5rem)");
const pane = find(".pane");
const paneBody = find(".pane-body");
const tip = find(".tip");
// The source that is shown, and what opened it: the focus goes back there.
let shown = null;
let opener = null;
let leaving = null;
// The number whose quotation is shown.
let tipped = null;

function sourcesOf(article) {
  return [...article.closest(".turn").querySelectorAll(".source")];
}

async function openSource(article, from) {
  if (!article) return;
  hideTip();
  if (from) opener = from;
  shown = article;
  const place = article.querySelector(".open").dataset;
  paneBody.textContent = says("opening");
  staying(from || article, () => {
    light(article);
    showPane();
  });
  tellPlace(article);
  const html = await opened(place);
  if (shown !== article) return;
  paneBody.innerHTML = html;
  const tools = article.querySelector(".tools").cloneNode(true);
  tools.querySelectorAll(".open, .glossed, .citing").forEach((block) => block.remove());
  paneBody.querySelector("header")?.after(tools);
  showMark();
}

async function opened(place) {
  const { document: name, passage, start, end, quote, wanted } = place;
  const asked = { document: name, passage, start: +start, end: +end, quote, wanted, language };
  return served("open_document", asked, problem(says("server_gone")).outerHTML);
}

// Beside the answers the pane is no dialog that holds the focus; over them it is.
function showPane() {
  if (pane.open && pane.contains(document.activeElement)) return;
  if (!pane.open) {
    if (wide.matches) pane.show();
    else pane.showModal();
    root.classList.add("reading");
  }
  paneBody.focus({ preventScroll: true });
}

function closePane() {
  if (!pane.open) return;
  const from = opener?.isConnected ? opener : null;
  staying(from || shown, () => {
    pane.close();
    root.classList.remove("reading");
    light(null);
  });
  shown = null;
  from?.focus({ preventScroll: true });
  // The reader has just seen the source: its quotation would only lie over the answer.
  hideTip();
}

// Do what changes the layout, and keep `block` where the reader sees it.
function staying(block, change) {
  if (!block?.isConnected) return change();
  const before = block.getBoundingClientRect().top;
  change();
  const moved = block.getBoundingClientRect().top - before;
  if (moved) scrollBy({ top: moved, behavior: "instant" });
}

// The turn of the source that is shown was drawn again, as it grows: show its new self.
function findAgain() {
  const again = shown && document.getElementById(shown.id);
  if (!again || again === shown) return;
  shown = again;
  light(again);
  if (!opener?.isConnected) opener = element.querySelector(`.cite[data-goto="${again.id}"]`);
}

function light(article) {
  element.querySelectorAll(".source.lit").forEach((lit) => lit.classList.remove("lit"));
  element.querySelectorAll("[aria-current]").forEach((it) => it.removeAttribute("aria-current"));
  if (!article) return;
  article.classList.add("lit");
  element
    .querySelectorAll(`.cite[data-goto="${article.id}"]`)
    .forEach((cite) => cite.setAttribute("aria-current", "true"));
}

function tellPlace(article) {
  const all = sourcesOf(article);
  const at = all.indexOf(article);
  const name = article.closest(".nearest") ? "passage_of" : "source_of";
  const told = says(name, { number: number(at + 1), n: number(all.length) });
  find(".place").textContent = told;
  const [back, onward] = root.dir === "rtl" ? ["→", "←"] : ["←", "→"];
  stepButton("previous", back, at === 0);
  stepButton("next", onward, at === all.length - 1);
  say(told);
}

// The way to another source, with the key that goes there.
function stepButton(name, key, disabled) {
  const button = find(`.pane .${name}`);
  button.title = `${says(name)} (${key})`;
  button.disabled = disabled;
}

function step(by) {
  if (!shown?.isConnected) return;
  const all = sourcesOf(shown);
  openSource(all[all.indexOf(shown) + by]);
}

// The quotation, else the passage, a third of the way down.
function showMark() {
  const mark = paneBody.querySelector("mark") || paneBody.querySelector(".here");
  if (!mark) return;
  const from = paneBody.getBoundingClientRect();
  paneBody.scrollTop += mark.getBoundingClientRect().top - from.top - from.height / 3;
}

function paneKey(event) {
  if (event.key === "Escape") {
    event.preventDefault();
    closePane();
  }
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!way || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  step(root.dir === "rtl" ? -way : way);
}

// A quotation in the page's language, under what can be done with its source; and away again.
async function gloss(button) {
  const tools = button.closest(".tools");
  const before = tools.querySelector(".glossed");
  button.setAttribute("aria-expanded", String(!before));
  if (before) return before.remove();
  const box = tag("div", { class: "glossed", role: "status" }, says("opening"));
  tools.append(box);
  const { passage, start, end } = button.dataset;
  const asked = { passage, start: +start, end: +end, language };
  box.innerHTML = await served("gloss", asked, problem(says("server_gone")).outerHTML);
}

// Escape puts away what lies on top: the quotation at a number, then the pane.
function escape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || drawer.open) return;
  if (!tip.hidden) hideTip();
  else closePane();
}

function showTip(cite) {
  clearTimeout(leaving);
  tipped = cite;
  const quoted = document.getElementById(cite.getAttribute("aria-describedby"));
  if (!quoted || (narrow.matches && repeats(cite, quoted))) return hideTip();
  tip.textContent = quoted.textContent;
  tip.dir = quoted.dir;
  tip.lang = quoted.lang;
  tip.hidden = false;
  placeTip(cite);
}

// Whether the sentence at a number is the quotation itself.
function repeats(cite, quoted) {
  const said = cite.closest(".sentence").querySelector(".said");
  return said.textContent.trim() === quoted.textContent.trim();
}

function placeTip(cite) {
  const [at, size] = [cite.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(at.left, document.documentElement.clientWidth - size.width - TIP_GAP_PX);
  const above = at.top - size.height - TIP_GAP_PX;
  tip.style.left = `${Math.max(TIP_GAP_PX, left)}px`;
  tip.style.top = `${above > 0 ? above : at.bottom + TIP_GAP_PX}px`;
}

function hideTip() {
  clearTimeout(leaving);
  tip.hidden = true;
}

// The pointer may go from the number to the quotation, to read or select it.
function leaveTip() {
  clearTimeout(leaving);
  leaving = setTimeout(hideTip, TIP_LINGERS_MS);
}

function listenToSources() {
  pane.addEventListener("keydown", paneKey);
  document.addEventListener("keydown", escape);
  pane.addEventListener("cancel", (event) => {
    event.preventDefault();
    closePane();
  });
  find(".pane .close").addEventListener("click", closePane);
  find(".pane .previous").addEventListener("click", () => step(-1));
  find(".pane .next").addEventListener("click", () => step(1));
  wide.addEventListener("change", () => {
    if (!pane.open) return;
    pane.close();
    showPane();
  });
  element.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    if (target.matches(".cite")) showTip(target);
    else if (tip.contains(target)) clearTimeout(leaving);
  });
  element.addEventListener("pointerout", ({ target }) => {
    if (target.matches(".cite") || tip.contains(target)) leaveTip();
  });
  element.addEventListener("focusin", ({ target }) => {
    if (target.matches(".cite:focus-visible")) showTip(target);
    else hideTip();
  });
  element.addEventListener("focusout", leaveTip);
  addEventListener("scroll", () => tip.hidden || placeTip(tipped), { passive: true });
}
