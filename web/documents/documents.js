// The documents page: upload with progress, files dropped, jobs that renew themselves.
import { fragment } from "../shell/dom.js";

const form = document.getElementById("upload");
const input = document.getElementById("files");
const status = document.getElementById("upload-now");
const bar = document.getElementById("upload-progress");
const jobs = document.getElementById("jobs");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  upload(new FormData(form));
});

for (const kind of ["dragenter", "dragover"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) {
  form.addEventListener(kind, () => form.classList.remove("over"));
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length === 0) return;
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});

// XMLHttpRequest, because fetch does not tell how much has been sent.
function upload(body) {
  const button = form.querySelector("button");
  const request = new XMLHttpRequest();
  request.open("POST", "/api/v1/documents");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = Math.round((100 * event.loaded) / event.total);
    status.textContent = `${form.dataset.sending}: ${bar.value}%`;
  });
  request.addEventListener("loadend", () => {
    button.disabled = false;
    bar.hidden = true;
    status.textContent = "";
    if (request.status === 202) {
      input.value = "";
      renew();
    } else {
      fail(request);
    }
  });
  button.disabled = true;
  bar.hidden = false;
  bar.value = 0;
  status.textContent = form.dataset.sending;
  request.send(body);
}

function fail(request) {
  let message = form.dataset.failed;
  try {
    message = JSON.parse(request.responseText).error.message;
  } catch {
    // No answer of ours came back: the general text says it.
  }
  status.textContent = message;
}

const working = () => jobs.querySelector("[data-working]") !== null;
let timer = 0;

async function renew() {
  clearTimeout(timer);
  const was = working();
  try {
    const response = await fetch("/dokumenty/zadania");
    if (!response.ok) throw new Error(String(response.status));
    const focused = document.activeElement?.id;
    jobs.replaceChildren(fragment(await response.text()));
    if (focused) document.getElementById(focused)?.focus();
  } catch {
    timer = setTimeout(renew, 5000);
    return;
  }
  if (working()) timer = setTimeout(renew, 1000);
  else if (was) location.reload();
}

if (working()) timer = setTimeout(renew, 1000);

// The list is searched while a person types; the form does the same without a script.
const search = document.getElementById("search");
const list = document.getElementById("list");
let pause = 0;
let asked = null;

search?.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(find, 200);
});
search?.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  find();
});

async function find() {
  const address = new URL(search.action);
  for (const [name, value] of new FormData(search)) if (value.trim()) address.searchParams.set(name, value);
  asked?.abort(); // an answer to fewer letters must not come over this one's
  asked = new AbortController();
  const shown = address.pathname + address.search;
  address.searchParams.set("fragment", "1");
  try {
    const response = await fetch(address, { signal: asked.signal });
    if (!response.ok) throw new Error(String(response.status));
    list.replaceChildren(fragment(await response.text()));
    document.getElementById("found-now").textContent = list.querySelector("[data-found]")?.textContent ?? "";
    history.replaceState(null, "", shown);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(shown);
  }
}
