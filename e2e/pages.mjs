// Walks through the documents, state and source pages of a running Referent:
//   REFERENT_URL=http://127.0.0.1:8080 node pages.mjs
// It uploads a small file into the collection "proba", deletes it, takes it back and deletes it again.
import { accessible, address, check, fits, open, picture, walk } from "./browser.mjs";

const patience = Number(process.env.PATIENCE ?? 60) * 1000;
const looks = [
  ["wide-light", { colorScheme: "light" }],
  ["wide-dark", { colorScheme: "dark" }],
  ["narrow-light", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
  ["narrow-dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
  ["forced-colors", { forcedColors: "active" }],
];

async function look(browser, name, options) {
  const page = await open(browser, options);
  for (const [title, path] of [["documents", "/dokumenty"], ["evaluation", "/ewaluacja"], ["state", "/stan"]]) {
    await page.goto(address + path);
    await fits(page, `${title}, ${name}`);
    await accessible(page, `${title}, ${name}`);
    await picture(page, `${title}-${name}`);
  }
  await page.goto(`${address}/dokumenty`);
  const first = page.locator(".row a.title").first();
  if (await first.count()) {
    await page.goto(new URL(await first.getAttribute("href"), address).href);
    await fits(page, `source, ${name}`);
    await accessible(page, `source, ${name}`);
    await picture(page, `source-${name}`);
    await page.goto(`${page.url().replace(/[?#].*/, "")}/pytania`);
    await accessible(page, `questions, ${name}`);
    const unit = page.locator(".questions .list a.title").first();
    if (await unit.count()) {
      await unit.click();
      await fits(page, `questions of a unit, ${name}`);
      await accessible(page, `questions of a unit, ${name}`);
      await picture(page, `questions-${name}`);
    }
  }
  await page.goto(`${address}/nie-ma-takiej-strony`);
  await accessible(page, `error page, ${name}`);
  await picture(page, `error-${name}`);
  check(page.complaints.length === 0, `the console is quiet ${page.complaints.join("; ")}`);
  await page.context().close();
}

async function upload(browser) {
  const page = await open(browser);
  await page.goto(`${address}/dokumenty`);
  await page.locator("#upload-collection").fill("proba");
  await page.locator("#files").setInputFiles({
    name: "próba przesłania.md", mimeType: "text/markdown",
    buffer: Buffer.from("# Notatka\n\nKancelaria przyjmuje pisma od godziny 7.30 do 15.30.\n"),
  });
  await page.locator("#upload button.primary").click();
  await page.locator(".row.job").first().waitFor({ timeout: patience });
  check((await page.locator(".row.job .title").first().innerText()).includes("próba przesłania.md"), "an upload becomes a job");
  await accessible(page, "documents with a job");
  await picture(page, "documents-job");
  const cancel = page.locator(".row.job button").first();
  if (await cancel.count()) await cancel.click({ timeout: 2000 }).catch(() => {});
  await page.goto(`${address}/dokumenty?kolekcja=proba`);
  await manage(page);
  check(page.complaints.length === 0, `the console is quiet ${page.complaints.join("; ")}`);
}

// manage deletes a document, takes it back by the keyboard alone, moves it and searches.
async function manage(page) {
  if (!(await page.locator(".document-row").count())) return; // its job had not read it yet
  const title = await page.locator(".document-row a.title").first().innerText();
  await page.locator(".acts summary").first().click();
  await accessible(page, "actions of a document");
  await picture(page, "documents-actions");
  await page.locator(".acts[open] button.danger").click();
  await page.locator(".undo").waitFor({ timeout: patience });
  check((await page.locator(".undo p").innerText()).includes(title), "a deletion says what it deleted");
  check(await page.locator(".undo button").evaluate((b) => b === document.activeElement), "the way back has the focus");
  await accessible(page, "a deletion that can be undone");
  await picture(page, "documents-undo");
  await page.keyboard.press("Enter");
  await page.waitForURL(/cofnieto=/);
  check((await page.locator(".document-row a.title").first().innerText()) === title, "a deletion is undone by a key");
  await page.locator("#words").fill(`${title.slice(0, 5)} nie ma takiego`);
  await page.locator(".empty [data-found]").waitFor({ timeout: patience });
  check(page.url().includes("szukaj="), "the list is searched while a person types");
  await accessible(page, "nothing found");
  await page.locator("#words").fill(title);
  await page.locator(".document-row").first().waitFor({ timeout: patience });
  await page.locator(".acts summary").first().click();
  await page.locator(".acts[open] button.danger").click();
  await page.locator(".undo").waitFor({ timeout: patience });
}

// beside opens a text beside the image of its page, where the library has a PDF.
async function beside(browser, name, options) {
  const page = await open(browser, options);
  await page.goto(`${address}/dokumenty`);
  const link = page.locator(".how a[href*='strona=']").first();
  if (await link.count()) {
    await page.goto(new URL(await link.getAttribute("href"), address).href);
    await page.locator("#sheet").waitFor({ timeout: patience });
    await page.waitForFunction(() => document.querySelector("#sheet img")?.complete || document.querySelector("#sheet .notice"));
    await fits(page, `text beside its page, ${name}`);
    await accessible(page, `text beside its page, ${name}`);
    await picture(page, `sheet-${name}`);
    const later = page.locator("#sheet-later");
    if (await later.count()) {
      const before = await page.locator("#sheet-page").inputValue();
      await later.click();
      await page.waitForFunction((was) => document.getElementById("sheet-page").value !== was, before);
      check(page.url().includes("strona=") && !page.url().includes("arkusz"), "turning a page changes the address");
      check(await page.evaluate(() => document.getElementById("sheet").contains(document.activeElement)), "the focus stays at the page's tools");
    }
  }
  check(page.complaints.length === 0, `the console is quiet ${page.complaints.join("; ")}`);
  await page.context().close();
}

// An office's own question: written down, its provision marked, a run, the run's page.
async function evaluation(browser) {
  const page = await open(browser);
  await page.goto(`${address}/ewaluacja`);
  await page.locator("#question").fill("W jakim terminie trzeba rozpatrzyć petycję?");
  await page.locator("form.add button").click();
  await page.locator(".hit").first().waitFor({ timeout: patience });
  await page.locator(".hit form button").first().click();
  await page.locator(".chosen .row").first().waitFor({ timeout: patience });
  check(true, "a provision is marked as the answer");
  await accessible(page, "a question's page");
  const marking = page.url();
  await page.goto(`${address}/ewaluacja`);
  await page.locator("form[action='/ewaluacja/przebiegi'] button").click();
  const run = page.locator("tbody th a").first();
  await run.waitFor({ timeout: patience });
  await accessible(page, "evaluation with a run");
  await page.goto(new URL(await run.getAttribute("href"), address).href);
  check((await page.locator("tbody tr").count()) > 0, "a run shows its questions");
  const result = page.url();
  for (const [name, options] of looks) {
    const other = await open(browser, options);
    for (const [title, url] of [["evaluation-question", marking], ["evaluation-list", `${address}/ewaluacja`], ["evaluation-run", result]]) {
      await other.goto(url);
      await fits(other, `${title}, ${name}`);
      await accessible(other, `${title}, ${name}`);
      await picture(other, `${title}-${name}`);
    }
    check(other.complaints.length === 0, `the console is quiet ${other.complaints.join("; ")}`);
    await other.context().close();
  }
}

async function language(browser) {
  const page = await open(browser);
  await page.goto(`${address}/stan`);
  await page.locator(".language button").click();
  await page.waitForURL(`${address}/stan`);
  check((await page.locator("html").getAttribute("lang")) === "en", "the switch changes the language and stays on the page");
  await accessible(page, "state in English");
  await page.goto(address);
  await picture(page, "chat-empty-english");
}

await walk(async (browser) => {
  for (const [name, options] of looks) {
    await look(browser, name, options);
    await beside(browser, name, options);
  }
  await upload(browser);
  await evaluation(browser);
  await language(browser);
});
