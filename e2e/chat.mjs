// Walks through a conversation with a running Referent:
//   REFERENT_URL=http://127.0.0.1:8080 node chat.mjs
// QUESTION and FOLLOWUP choose what is asked, PATIENCE the seconds an answer may
// take, SCREENSHOTS a folder for pictures.
import { accessible, address, check, fits, open, picture, walk } from "./browser.mjs";

const question = process.env.QUESTION ?? "W jakim terminie trzeba rozpatrzyć petycję?";
const followUp = process.env.FOLLOWUP ?? "A czy można ten termin przedłużyć?";
const patience = Number(process.env.PATIENCE ?? 240) * 1000;
// A model may forget to cite; a machine without one answers with quotations.
const anyAnswer = ".turn:last-child .answer:not(.draft)";

// order remembers when a thing first stood in the last turn, seen from inside the page.
async function watch(page) {
  await page.evaluate(() => {
    globalThis.order = [];
    const seen = (name, selector) => {
      if (!globalThis.order.includes(name) && document.querySelector(selector)) globalThis.order.push(name);
    };
    new MutationObserver(() => {
      seen("waiting", ".turn:last-child .now:not([hidden])");
      seen("sources", ".turn:last-child .card");
      seen("tokens", ".turn:last-child .draft:not([hidden])");
      seen("answer", ".turn:last-child .answer:not(.draft)");
    }).observe(document.getElementById("turns"), { childList: true, subtree: true, characterData: true, attributes: true });
  });
}

async function emptyPage(page) {
  await page.goto(address);
  check(await page.locator("#q").isVisible(), "the empty page has a question box");
  const examples = await page.locator("#examples a[data-question]").count();
  const sample = await page.locator("input[name=collection][value=przyklad]").count();
  check(examples === (sample ? 3 : 0), `the empty page shows three examples where the sample office is (${examples})`);
  check(await page.locator("#hint").isVisible(), "the AI notice stands before the first question");
  await accessible(page, "empty page");
  await picture(page, "chat-empty");
}

async function ask(page, text) {
  await page.locator("#q").fill(text);
  await page.keyboard.press("Enter");
}

async function firstAnswer(page) {
  await watch(page);
  await ask(page, question);
  await page.locator(".turn .card").first().waitFor({ timeout: patience });
  await accessible(page, "sources found, answer under way");
  await picture(page, "chat-sources");
  await page.locator(anyAnswer).waitFor({ timeout: patience });
  const order = await page.evaluate(() => globalThis.order);
  const [sources, tokens, answer] = ["sources", "tokens", "answer"].map((name) => order.indexOf(name));
  check(sources >= 0 && sources <= answer && (tokens < 0 || sources < tokens), `sources stand before the first word (${order.join(", ")})`);
  check(await page.locator(`${anyAnswer} .mark.ai`).isVisible(), "the answer says how it was made");
  check((await page.locator(anyAnswer).innerText()).length > 40, "the answer says something");
  check(!/\[\d+\]/.test(await page.locator(`${anyAnswer} .text`).innerText()), "no marker [n] is left in the answer");
  await accessible(page, "finished answer");
  await picture(page, "chat-answer");
}

async function openSource(page) {
  const cite = page.locator(".turn .cite").first();
  const card = (await cite.count()) ? cite : page.locator(".turn .card").first();
  await card.click();
  const quote = page.locator("#panel mark.quote").first();
  await quote.waitFor({ timeout: 20_000 });
  check((await quote.innerText()).trim().length > 0, "the source opens with the quote highlighted");
  const inside = await page.evaluate(() => {
    const unit = document.querySelector("#panel .target");
    return unit === null || unit.contains(document.querySelector("#panel mark.quote"));
  });
  check(inside, "the quote stands inside the unit that is cited");
  const seen = await quote.evaluate((element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  });
  check(seen, "the quote is in sight");
  await accessible(page, "source at the side");
  await picture(page, "chat-source");

  const before = (await page.locator("#panel").boundingBox()).width;
  await page.locator("#panel-handle").focus();
  await page.keyboard.press("ArrowLeft");
  const after = (await page.locator("#panel").boundingBox()).width;
  check(after > before, "the keyboard makes the source wider");
  await page.keyboard.press("Escape");
  check(await page.locator("#panel").isHidden(), "Escape closes the source");
}

async function conversation(page) {
  await page.locator("body").click({ position: { x: 700, y: 5 } });
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  check(await page.evaluate(() => document.activeElement.id === "q"), "the key / goes to the question box");
  await ask(page, followUp);
  await page.locator(".turn").nth(1).waitFor();
  await page.locator(anyAnswer).waitFor({ timeout: patience });
  check((await page.locator(".turn").count()) === 2, "a follow-up joins the conversation");
  await accessible(page, "conversation");
  await picture(page, "chat-followup");
}

async function stopping(page) {
  if (!(await page.locator(".made-with").count())) {
    console.log("skip Stop: no model writes here, answers come at once");
    return;
  }
  const gone = page.waitForEvent("requestfailed", { predicate: (r) => r.method() === "POST", timeout: 30_000 });
  await ask(page, process.env.STOPPED ?? "Wymień wszystkie obowiązki urzędu, który otrzymał petycję, i omów każdy z nich.");
  await page.locator("#stop").click();
  await gone;
  await page.locator(".turn:last-child .stopped").waitFor();
  check(await page.locator("#send").isVisible(), "Stop ends the answer and the request");
  await accessible(page, "stopped answer");
  await picture(page, "chat-stopped");
  await page.locator("#new").click();
  await page.waitForLoadState();
  check((await page.locator(".turn").count()) === 0, "a new conversation begins empty");
}

async function narrowAndDark(browser) {
  const page = await open(browser, { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true });
  await page.goto(address);
  await fits(page, "narrow empty page");
  await accessible(page, "narrow, dark, empty");
  await picture(page, "chat-empty-narrow-dark");
  const example = page.locator("#examples a[data-question]").first();
  if (await example.count()) await example.click();
  else await ask(page, question);
  await page.locator(anyAnswer).waitFor({ timeout: patience });
  await fits(page, "narrow answer");
  await accessible(page, "narrow, dark, answer");
  await picture(page, "chat-answer-narrow-dark");
  await page.locator(".turn .card").first().click();
  await page.locator("#panel mark.quote").first().waitFor();
  await page.waitForTimeout(100);
  await accessible(page, "narrow, dark, source as a sheet");
  await picture(page, "chat-source-narrow-dark");
  check(page.complaints.length === 0, `the console is quiet ${page.complaints.join("; ")}`);
}

async function withoutScript(browser) {
  const page = await open(browser, { javaScriptEnabled: false });
  await page.goto(address);
  await page.locator("#q").fill(question);
  await page.locator("#send").click({ timeout: patience });
  await page.locator(".turn .answer").first().waitFor({ timeout: patience });
  const source = page.locator(".turn .card").first();
  await page.goto(new URL(await source.getAttribute("href"), address).href);
  check((await page.locator("mark.quote").count()) > 0, "all works without a script, up to the highlighted quote");
}

await walk(async (browser) => {
  const page = await open(browser);
  await emptyPage(page);
  await firstAnswer(page);
  await openSource(page);
  await conversation(page);
  await stopping(page);
  check(page.complaints.length === 0, `the console is quiet ${page.complaints.join("; ")}`);
  await narrowAndDark(browser);
  await withoutScript(browser);
});
