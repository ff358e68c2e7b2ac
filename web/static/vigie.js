// Keys, live updates and comfort over a page that works without any of this.
import { listenToKeys } from "./keys.js";

listenToKeys(document);
