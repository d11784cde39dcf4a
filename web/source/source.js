// The page of a source: its copy buttons.
import { prepare } from "./copy.js";

prepare(document);
