// Copying a unit copies its citation, by its button and by selecting text in it.
export function prepare(root) {
  for (const button of root.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copyUnit(button));
  }
}

async function copyUnit(button) {
  const unit = button.closest(".unit");
  const clone = unit.cloneNode(true);
  for (const part of clone.querySelectorAll("button, .page-start")) part.remove();
  for (const inner of clone.querySelectorAll(".unit, .text")) inner.before("\n");
  for (const number of clone.querySelectorAll(".number")) number.after(" ");
  const text = clone.textContent.replace(/[ \u00a0]+/g, " ").replace(/ *\n\s*/g, "\n").trim();
  await navigator.clipboard.writeText(withCitation(text, unit));
  unit.closest(".document").querySelector("[data-copy-status]").textContent =
    unit.closest(".document").dataset.copied;
  button.textContent = `${button.textContent.replace(/ ✓$/, "")} ✓`;
}

function withCitation(text, unit) {
  const source = unit.closest(".document").dataset;
  const act = source.name ? `${source.title} (${source.name})` : source.title;
  return `${text}\n— ${unit.dataset.citation}, ${act}`;
}

document.addEventListener("copy", (event) => {
  const selection = document.getSelection();
  const text = selection?.toString() ?? "";
  if (text.trim().length < 20 || !selection.rangeCount) return;
  const place = selection.getRangeAt(0).commonAncestorContainer;
  const element = place instanceof Element ? place : place.parentElement;
  const unit = element?.closest(".unit[data-citation]");
  if (!unit?.dataset.citation) return;
  event.clipboardData.setData("text/plain", withCitation(text.trim(), unit));
  event.preventDefault();
});
