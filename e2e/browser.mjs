// What both walks share: a browser, a named check, axe, pictures.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const address = process.env.REFERENT_URL ?? "http://127.0.0.1:8080";
const folder = process.env.SCREENSHOTS ?? "";
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

// open gives a page of its own; what the console complains of is a failure, a
// violation of the Content-Security-Policy among it.
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "pl-PL", ...options });
  await context.addInitScript({ path: axe });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  return page;
}

export function check(is, what) {
  if (!is) throw new Error(what);
  console.log(`ok   ${what}`);
}

// accessible demands that axe finds nothing in the state the page is in.
export async function accessible(page, state) {
  const violations = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.any[0]?.message ?? ""}`).join("; ")}`);
  });
  check(violations.length === 0, `axe finds nothing: ${state}${violations.map((v) => `\n     ${v}`).join("")}`);
}

export async function picture(page, name) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}

// fits demands that nothing makes the page scroll sideways.
export async function fits(page, state) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(over <= 0, `nothing is wider than the window: ${state}`);
}

// walk runs a script of checks and tells by the exit code how it went.
export async function walk(steps) {
  const browser = await launch();
  try {
    await steps(browser);
  } catch (error) {
    console.error(`FAIL ${error.message}`);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
