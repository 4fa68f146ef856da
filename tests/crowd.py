"""Twenty browsers at once, each with its own conversation, for two minutes.

    make crowd
    python -m tests.crowd --browsers 20 --seconds 120

Starts `sanad chat` on the seeds and Chromium, and tells: how soon the page is usable, how soon an
answer stands after Enter when one reader asks, and of the crowd every error, every answer to
another's question, how long answers took, and the processor time of each. Exit code 1 when one of
them is beyond its limit.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Browser, Page, async_playwright

from tests.browsing import CHROMIUM, FLAGS

ROOT = Path(__file__).parent.parent
USABLE_S, ANSWER_MS, P95_S = 3.0, 300.0, 2.0
# So long a reader reads before the next question.
READS_S = 2
# Milliseconds from Enter until the answer stands in the page, as the page itself sees it.
_ASK = """async question => {
  const box = document.querySelector(".composer textarea");
  const thread = document.querySelector(".thread");
  const before = thread.childElementCount;
  const isAnswered = () => thread.childElementCount > before &&
    thread.lastElementChild.querySelector(".turn-body, .problem");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  const start = performance.now();
  const ms = await new Promise(resolve => {
    const end = ms => { observer.disconnect(); clearTimeout(late); resolve(ms); };
    const observer = new MutationObserver(() => isAnswered() && end(performance.now() - start));
    const late = setTimeout(end, 30000, null);
    observer.observe(thread, { childList: true, subtree: true });
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  });
  if (ms === null) return { error: "no answer in 30 s" };
  const turn = thread.lastElementChild;
  const asked = turn.querySelector(".question").textContent;
  const problem = turn.querySelector(".problem");
  return { ms, asked, error: problem ? problem.textContent : null };
}"""


@dataclass
class Seen:
    """What the crowd saw, and the processor time that it `took`, in seconds."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    took: Counter[str] = field(default_factory=Counter)

    @property
    def p95(self) -> float:
        """Of the seconds that answers took."""
        return statistics.quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else 0.0


async def converse(page: Page, name: int, questions: list[str], until: float, seen: Seen) -> None:
    """One reader: asks, reads for a moment, asks again; each question bears the reader's number."""
    n = 0
    while time.monotonic() < until:
        question = f"{questions[(name + n) % len(questions)]} ({name}-{n})"
        told = await page.evaluate(_ASK, question)
        n += 1
        if told.get("error"):
            seen.errors.append(f"{question}: {told['error']}")
        elif told["asked"] != question:
            seen.strangers.append(f"asked {question}, was shown {told['asked']}")
        else:
            seen.seconds.append(told["ms"] / 1000)
        await asyncio.sleep(READS_S)
    await check_thread(page, name, n, seen)


async def check_thread(page: Page, name: int, n: int, seen: Seen) -> None:
    """In the whole thread stand this reader's questions alone, all of them, in order."""
    shown = await page.locator(".turn .question").all_inner_texts()
    marks = [text.rsplit("(", 1)[-1].rstrip(")") for text in shown]
    if marks != [f"{name}-{i}" for i in range(n)]:
        seen.strangers.append(f"the thread of {name} holds {marks}")


async def crowd(
    browser: Browser, address: str, n: int, seconds: float, questions: list[str]
) -> Seen:
    """`n` readers, each in a profile of their own."""
    seen = Seen()
    pages = [await ready(browser, address) for _ in range(n)]
    for page in pages:
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
    until, before = time.monotonic() + seconds, processor_s()
    await asyncio.gather(
        *(converse(page, i, questions, until, seen) for i, page in enumerate(pages))
    )
    seen.took = processor_s() - before
    return seen


def processor_s() -> Counter[str]:
    """Of the processes of this one: those of the browsers, what steers them, and the server."""
    spent: Counter[str] = Counter()
    own = psutil.Process()
    for process in [own, *own.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            command = " ".join(process.cmdline())
            of = "browsers" if "--no-sandbox" in command or "--type=" in command else "measuring"
            times = process.cpu_times()
            spent["server" if "ui.cli.main" in command else of] += times.user + times.system
    return spent


async def ready(browser: Browser, address: str) -> Page:
    """A page that can be asked."""
    page = await (await browser.new_context()).new_page()
    await page.goto(address)
    await page.wait_for_selector(".composer textarea")
    return page


async def alone(browser: Browser, address: str, questions: list[str]) -> tuple[float, list[float]]:
    """Seconds until the page is usable, and of each answer the milliseconds after Enter."""
    start = time.monotonic()
    page = await ready(browser, address)
    usable = time.monotonic() - start
    return usable, [(await page.evaluate(_ASK, question))["ms"] for question in questions]


def start_chat(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """`sanad chat` on the seeds; gives it and its address."""
    sanad = [sys.executable, "-m", "ui.cli.main"]
    index = str(folder / "index")
    subprocess.run([*sanad, "index", "seeds/documents", "--index", index], check=True, cwd=ROOT)
    chat = subprocess.Popen(
        [*sanad, "chat", "--port", "0", "--index", index],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert chat.stdout is not None
    line = next(line for line in chat.stdout if "http://" in line)
    return chat, next(word for word in line.split() if word.startswith("http://"))


async def measure(address: str, n: int, seconds: float) -> bool:
    """Print every figure; whether all are within their limits."""
    questions = (ROOT / "seeds" / "examples.txt").read_text("utf-8").splitlines()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        usable, answers = await alone(browser, address, questions)
        seen = await crowd(browser, address, n, seconds, questions)
        await browser.close()
    usual = statistics.median(answers)
    print(f"page usable after {usable:.1f} s (limit {USABLE_S})")
    print(
        f"answer after Enter: median {usual:.0f} ms, worst {max(answers):.0f} "
        f"(limit {ANSWER_MS:.0f})"
    )
    print(
        f"{n} browsers, {seconds:.0f} s, {os.cpu_count()} cores: {len(seen.seconds)} answers, "
        f"median {statistics.median(seen.seconds):.2f} s, p95 {seen.p95:.2f} s (limit {P95_S}), "
        f"{len(seen.errors)} errors, {len(seen.strangers)} answers to another"
    )
    told = (f"{of} {1000 * took / len(seen.seconds):.0f}" for of, took in seen.took.most_common())
    print(f"processor time of an answer in ms, {READS_S} s of reading: {', '.join(told)}")
    print(*seen.errors[:5], *seen.strangers[:5], sep="\n")
    within = usable <= USABLE_S and usual <= ANSWER_MS and seen.p95 <= P95_S
    return within and not seen.errors and not seen.strangers


def main() -> int:
    """Start, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browsers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    args: Any = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chat, address = start_chat(Path(folder))
        try:
            return 0 if asyncio.run(measure(address, args.browsers, args.seconds)) else 1
        finally:
            chat.terminate()
            chat.wait(10)


if __name__ == "__main__":
    sys.exit(main())
