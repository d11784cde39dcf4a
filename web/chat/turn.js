// A question with its answer as it comes: waiting, sources, tokens, the checked answer.
import { fragment, fromTemplate } from "../shell/dom.js";
import { events } from "./events.js";

export class Turn {
  constructor(question, texts, announce) {
    this.question = question;
    this.texts = texts;
    this.announce = announce;
    this.element = fromTemplate("turn-template");
    this.element.querySelector(".question").textContent = question;
    this.pieces = this.element.querySelector(".pieces");
    this.draft = this.element.querySelector(".draft");
    this.now = this.element.querySelector(".now");
    this.answer = null;
    this.aborter = new AbortController();
  }

  // ask resolves when the answer is whole, stopped or failed; it never rejects.
  async ask(body) {
    this.element.querySelector(".notice.failed")?.remove();
    this.startClock();
    this.say(this.texts.searching);
    try {
      await events("/", body, this.aborter.signal, (event, data) => this.take(event, data));
      if (this.answer === null && !this.failed) this.fail(this.texts.broken, body);
    } catch (error) {
      if (this.aborter.signal.aborted) this.stopped();
      else this.fail(this.texts.broken, body);
    } finally {
      clearInterval(this.clock);
      this.now.hidden = true;
      if (this.failed) this.failed = false;
    }
    return this.answer;
  }

  stop() {
    this.aborter.abort();
  }

  take(event, data) {
    switch (event) {
      case "waiting":
        this.say(data.text);
        break;
      case "sources":
        this.pieces.replaceChildren(fragment(data.html));
        this.say(data.text);
        break;
      case "token":
        if (this.draft.hidden) {
          this.draft.hidden = false;
          this.draft.scrollIntoView({ block: "nearest" });
        }
        this.draft.textContent += data.text;
        break;
      case "finished":
        this.answer = data.answer;
        this.draft.remove();
        this.now.hidden = true;
        this.pieces.replaceChildren(fragment(data.html));
        this.announce(data.text);
        break;
      case "error":
        this.fail(data.error.message);
        break;
    }
  }

  stopped() {
    const note = document.createElement("p");
    note.className = "notice warning stopped";
    note.textContent = this.texts.stopped;
    this.element.append(note);
    this.announce(this.texts.stopped);
  }

  fail(message) {
    this.failed = true;
    const notice = fromTemplate("failure-template");
    notice.querySelector("p").textContent = message;
    notice.querySelector("button").addEventListener("click", () => {
      this.element.dispatchEvent(new CustomEvent("retry", { bubbles: true, detail: this }));
    });
    this.element.append(notice);
  }

  say(text) {
    this.now.querySelector(".now-text").textContent = text;
    this.announce(text);
  }

  startClock() {
    const started = performance.now();
    const elapsed = this.now.querySelector(".elapsed");
    this.clock = setInterval(() => {
      const seconds = Math.round((performance.now() - started) / 1000);
      elapsed.textContent = `${seconds} ${this.texts.seconds}`;
    }, 1000);
  }
}
