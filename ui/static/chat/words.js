// The language and the colours of the page.
const COLOURS = ["system", "light", "dark"];
const RIGHT_TO_LEFT = ["ar", "fa"];
const find = (selector) => element.querySelector(selector);
const root = find(".sanad");
const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 36rem)");
let language = chosenLanguage();
let colours = COLOURS.includes(recall("colours")) ? recall("colours") : "system";

// The one that was chosen before, else the first of the browser's that we speak.
function chosenLanguage() {
  const wanted = [recall("language"), ...(navigator.languages || [])];
  const codes = wanted.map((code) => String(code).toLowerCase().split("-")[0]);
  return codes.find((code) => code in WORDS) || "en";
}

// A text of the page; its {blanks} are filled in with `values`.
function says(name, values = {}) {
  return WORDS[language][name].replace(/\{(\w+)\}/g, (_, blank) => values[blank]);
}

function number(n) {
  return Number(n).toLocaleString(language);
}

function languageName(code, inLanguage = language) {
  try {
    return new Intl.DisplayNames([inLanguage], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

function dayName(at) {
  const sameYear = new Date(at).getFullYear() === new Date().getFullYear();
  const year = sameYear ? {} : { year: "numeric" };
  const shown = { day: "numeric", month: "long", calendar: "gregory", ...year };
  return new Date(at).toLocaleDateString(language, shown);
}

// Write what the page says into `part` of it: `data-says` is an element's text, `data-names` its
// name for those who do not see it.
function speak(part = element) {
  part.querySelectorAll("[data-says]").forEach((block) => {
    block.textContent = says(block.dataset.says);
  });
  part.querySelectorAll("[data-names]").forEach((block) => {
    block.setAttribute("aria-label", says(block.dataset.names));
    if (block.matches(".icon")) block.title = says(block.dataset.names);
  });
}

function speakAll() {
  // Gradio sets a direction of its own between the two.
  for (const block of [document.documentElement, root]) {
    block.lang = language;
    block.dir = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  }
  speak();
  element.querySelectorAll("a:is(.corpus, .leave, .leave > *)").forEach((link) => {
    link.search = `?lang=${language}`;
  });
  invite();
  nameColours();
}

// The long words would be cut in a narrow window.
function invite() {
  find("textarea").placeholder = says(narrow.matches ? "question" : "placeholder");
}

function offerLanguages() {
  const options = Object.keys(WORDS).map((code) => {
    const name = languageName(code, code);
    const option = new Option(name[0].toLocaleUpperCase(code) + name.slice(1), code);
    option.lang = code;
    return option;
  });
  find(".tongue").replaceChildren(...options);
  find(".tongue").value = language;
}

function nameColours() {
  const button = find(".colours");
  const name = `${says("colours")}: ${says(`colours_${colours}`)}`;
  button.setAttribute("aria-label", name);
  button.title = name;
}

// Gradio follows the system by the class `dark` of the body, at a time of its own; what the reader
// chose has the last word.
function paint() {
  const dark = colours === "system" ? darkSystem.matches : colours === "dark";
  const { classList } = document.body;
  if (classList.contains("dark") !== dark) classList.toggle("dark", dark);
}

function nextColours() {
  colours = COLOURS[(COLOURS.indexOf(colours) + 1) % COLOURS.length];
  keep("colours", colours);
  paint();
  nameColours();
  say(find(".colours").title);
}

function say(text) {
  find("[role=status]").textContent = text;
}
