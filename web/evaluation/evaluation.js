// While a run is on its way the page is asked for again, unless somebody is writing.
if (document.querySelector("[data-working]")) {
  setInterval(() => {
    const box = document.querySelector("#question");
    if (box && box.value === box.defaultValue && document.activeElement !== box) location.reload();
  }, 2000);
}
