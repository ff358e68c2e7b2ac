// Keys, live updates and comfort over a page that works without any of this.
import { listenToBoxes } from "./compose.js";
import { listenToKeys } from "./keys.js";

document.documentElement.classList.add("with-script");
listenToKeys(document);
listenToBoxes(document);
