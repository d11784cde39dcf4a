// The source beside the work: a panel at the right, a sheet from below on a narrow
// screen. It shows the part of the document that the server's page shows.
import { fragment } from "../shell/dom.js";
import { prepare } from "./copy.js";

const narrowest = 25; // per cent of the window
const widest = 70;

export class SourcePanel {
  constructor() {
    this.panel = document.getElementById("panel");
    this.body = document.getElementById("panel-body");
    this.handle = document.getElementById("panel-handle");
    this.opener = null;
    document.getElementById("panel-close").addEventListener("click", () => this.close());
    this.resizable();
  }

  async open(link, card) {
    this.opener = link;
    for (const other of document.querySelectorAll(".card[aria-current]")) other.removeAttribute("aria-current");
    card?.setAttribute("aria-current", "true");
    this.panel.hidden = false;
    document.body.classList.add("with-panel");
    link.scrollIntoView({ block: "nearest" }); // the work becomes narrower, its lines move
    this.message(this.panel.dataset.loading);
    const address = new URL(link.href);
    address.hash = "";
    address.searchParams.set("panel", "1");
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(String(response.status));
      this.body.replaceChildren(fragment(await response.text()));
    } catch {
      this.failed(link);
      return;
    }
    if (this.opener !== link) return; // another one was opened meanwhile
    prepare(this.body);
    this.body.focus({ preventScroll: true });
    const place = this.body.querySelector("#cytat, .target");
    place?.scrollIntoView({ block: "center" });
  }

  close() {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    document.body.classList.remove("with-panel");
    document.querySelector(".card[aria-current]")?.removeAttribute("aria-current");
    this.body.replaceChildren();
    this.opener?.focus();
    this.opener = null;
  }

  message(text) {
    const p = document.createElement("p");
    p.className = "quiet";
    p.textContent = text;
    this.body.replaceChildren(p);
  }

  failed(link) {
    this.message(this.panel.dataset.failed);
    const whole = document.createElement("a");
    whole.href = link.href;
    whole.textContent = link.href;
    this.body.append(whole);
  }

  resizable() {
    this.handle.addEventListener("pointerdown", (event) => {
      this.handle.setPointerCapture(event.pointerId);
    });
    this.handle.addEventListener("pointermove", (event) => {
      if (this.handle.hasPointerCapture(event.pointerId)) {
        this.width(100 * (1 - event.clientX / window.innerWidth));
      }
    });
    this.handle.addEventListener("keydown", (event) => {
      const now = Number(this.handle.getAttribute("aria-valuenow"));
      const steps = { ArrowLeft: now + 5, ArrowRight: now - 5, Home: narrowest, End: widest };
      if (event.key in steps) {
        event.preventDefault();
        this.width(steps[event.key]);
      }
    });
  }

  width(share) {
    const kept = Math.round(Math.min(widest, Math.max(narrowest, share)));
    this.handle.setAttribute("aria-valuenow", String(kept));
    document.documentElement.style.setProperty("--panel", `${kept}vw`);
  }
}
