// The conversation: sends questions, keeps what was said, opens sources at the side.
import { SourcePanel } from "../source/panel.js";
import { Turn } from "./turn.js";

const chat = document.getElementById("chat");
const form = document.getElementById("ask");
const box = document.getElementById("q");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
const turns = document.getElementById("turns");
const now = document.getElementById("now");
const panel = new SourcePanel();
const kept = 20; // turns that the server reads

let history = JSON.parse(form.elements.history.value || "[]");
let current = null;
let count = turns.children.length;
if (count === 0) box.focus();

const announce = (text) => {
  now.textContent = text;
};

async function ask(question) {
  if (!question.trim() || current) return;
  document.getElementById("examples")?.remove();
  document.getElementById("greeting").classList.add("visually-hidden");
  document.getElementById("new").hidden = false;
  chat.classList.add("talking");
  box.placeholder = chat.dataset.followup;
  box.rows = 1;
  count += 1;
  current = new Turn(question.trim(), chat.dataset, announce);
  const body = new URLSearchParams(new FormData(form));
  body.set("q", current.question);
  body.set("turn", String(count));
  body.set("history", JSON.stringify(history.slice(-kept)));
  turns.append(current.element);
  box.value = "";
  working(true);
  current.element.querySelector(".question").scrollIntoView({ block: "start" });
  const answer = await current.ask(body);
  if (answer !== null) history.push({ q: current.question, a: answer });
  current = null;
  working(false);
}

// An example is a question about one collection, and the boxes show that it is.
function searchIn(collection) {
  for (const input of form.querySelectorAll("input[name=collection]")) input.checked = input.value === collection;
}

// The button that has the focus is hidden when it changes into the other: the focus
// goes on to the box, never to the top of the page.
function working(is) {
  send.hidden = is;
  stop.hidden = !is;
  if (!is || document.activeElement === document.body) box.focus({ preventScroll: true });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(box.value);
});
stop.addEventListener("click", () => current?.stop());

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (current) current.stop();
    else panel.close();
  }
  const typing = event.target.closest?.("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
  }
});

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const link = event.target.closest("a");
  if (!link) return;
  if (link.dataset.question) {
    event.preventDefault();
    if (link.dataset.collection) searchIn(link.dataset.collection);
    ask(link.dataset.question);
  } else if (link.matches(".card, .cite")) {
    event.preventDefault();
    const card = link.dataset.card ? document.getElementById(link.dataset.card) : link;
    panel.open(link, card);
  } else if (link.id === "new") {
    event.preventDefault();
    current?.stop();
    location.assign("/");
  }
});

turns.addEventListener("retry", (event) => {
  event.detail.element.remove();
  ask(event.detail.question);
});
