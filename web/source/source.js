// The page of a source: its copy buttons and its contents.
import { prepare } from "./copy.js";

prepare(document);

// Where the contents stand above the text they would push it off a small screen.
const contents = document.querySelector(".contents > details");
if (contents && matchMedia("(max-width: 1199px)").matches) contents.open = false;
