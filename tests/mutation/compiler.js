"use strict";
// The Solidity compiler of npm, kept loaded. Each line on stdin is a request, each line on stdout its answer, both JSON:
// {"keep": {name: text}} keeps sources for all later requests; {"input": I, "changed": {name: text}} compiles the standard
// JSON input I, whose imports come from `changed`, else from what is kept, else (packages) from the project's folder.

const fs = require("fs");
const path = require("path");
const readline = require("readline");

const root = path.resolve(__dirname, "..", "..");
const kept = {};

// WebAssembly built without exceptions of its own calls through JavaScript whatever may throw, and looks the function up
// each time. The table does not change once it is filled, so remembering what it holds saves two fifths of every compile.
function rememberTables() {
  const table = WebAssembly.Table.prototype;
  const { get, set, grow } = table;
  let known = new WeakMap();
  table.get = function (index) {
    let entries = known.get(this);
    if (entries === undefined) known.set(this, (entries = []));
    return (entries[index] ??= get.call(this, index));
  };
  table.set = function (...args) {
    known = new WeakMap();
    return set.apply(this, args);
  };
  table.grow = function (...args) {
    known = new WeakMap();
    return grow.apply(this, args);
  };
}

function importFrom(changed) {
  return (name) => {
    const text = changed[name] ?? kept[name];
    if (text !== undefined) return { contents: text };
    const file = path.resolve(root, name);
    return fs.existsSync(file) ? { contents: fs.readFileSync(file, "utf8") } : { error: `File not found: ${name}` };
  };
}

rememberTables();
const compiler = require(require.resolve("solc", { paths: [root] }));

function answer(line) {
  const { keep, input, changed = {} } = JSON.parse(line);
  if (keep) return JSON.stringify(Object.keys(Object.assign(kept, keep)).length);
  // The compiler indents nothing, and JSON holds no raw line break: the answer is one line.
  return compiler.compile(JSON.stringify(input), { import: importFrom(changed) });
}

readline.createInterface({ input: process.stdin }).on("line", (line) => process.stdout.write(`${answer(line)}\n`));
