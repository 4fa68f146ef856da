// Before anything is drawn: the colours that the reader chose in the chat, or those of the system.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.body.classList.toggle("dark", dark.matches);
dark.addEventListener("change", paint);
paint();
