// The page of a source: its copy buttons and its contents.
import { fragment } from "../shell/dom.js";
import { prepare } from "./copy.js";

prepare(document);

// Where the contents stand above the text they would push it off a small screen.
const contents = document.querySelector(".contents > details");
if (contents && matchMedia("(max-width: 1199px)").matches) contents.open = false;

// The image of a page changes without the text being loaded again.
const sheet = document.getElementById("sheet");

async function turn(address, focused) {
  address.searchParams.set("arkusz", "1");
  const shown = new URL(address);
  shown.searchParams.delete("arkusz");
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(String(response.status));
    sheet.replaceChildren(fragment(await response.text()));
  } catch {
    location.assign(shown);
    return;
  }
  shown.hash = `str-${document.getElementById("sheet-page").value}`;
  const place = document.getElementById(shown.hash.slice(1));
  if (!place) { // the text of this page stands in another part of a long document
    location.assign(shown);
    return;
  }
  watch();
  history.replaceState(null, "", shown);
  place.scrollIntoView({ block: "start" });
  (document.getElementById(focused) ?? document.getElementById("sheet-heading")).focus({ preventScroll: true });
}

// watch says why a page could not be drawn: the picture's address tells it.
function watch() {
  const image = sheet.querySelector("img");
  image?.addEventListener("error", async () => {
    const why = document.createElement("p");
    why.className = "notice warning";
    why.setAttribute("role", "alert");
    why.textContent = image.alt;
    try {
      const response = await fetch(image.src, { headers: { Accept: "application/json" } });
      if (!response.ok) why.textContent = (await response.json()).error.message;
    } catch {
      // No answer of ours came back: the picture's own text stays.
    }
    image.closest("a").replaceWith(why);
  });
}

if (sheet) {
  watch();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-page], a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    turn(new URL(link.href), link.id);
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(event.target.action);
    address.searchParams.set("strona", document.getElementById("sheet-page").value);
    turn(address, "sheet-page");
  });
}
