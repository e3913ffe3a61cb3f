// The window's whole code and style stay within 40 kB, gzipped, and nothing in them is for development.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET = 40_000;
const dist = new URL("../dist", import.meta.url).pathname;

let total = 0;
for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" }).sort()) {
  if (!/\.(html|js|css)$/.test(name)) continue;
  const content = readFileSync(join(dist, name));
  const size = gzipSync(content).length;
  total += size;
  console.log(`${name}: ${content.length} bytes, ${size} gzipped`);
  if (content.includes("the invented help desk")) {
    console.error(`${name} holds the mock that is for development only.`);
    process.exitCode = 1;
  }
}
console.log(`together ${total} bytes gzipped of ${BUDGET}`);
if (total > BUDGET) {
  console.error("That is more than the budget. Take something out.");
  process.exitCode = 1;
}
