"use strict";
// The Solidity compiler of npm (WebAssembly) behind the command line of the native one: `--version`, and `--standard-json`
// with `--base-path` and `--include-path`. Ape and forge call it through the launcher that `make setup` writes.
// The package's own command line reads stdin synchronously and dies on Ape's pipe, so this one reads it asynchronously.

const fs = require("fs");
const path = require("path");

const root = path.resolve(__dirname, "..", "..");

function finish(text, code) {
  // Exit only once the text is written: a pipe takes 64 kB at a time, and the rest would be lost.
  process.stdout.write(text, () => process.exit(code));
}

function fail(message) {
  process.stderr.write(`solc: ${message}\n`, () => process.exit(1));
}

function loadCompiler() {
  try {
    return require(require.resolve("solc", { paths: [root] }));
  } catch (error) {
    return fail(`cannot load the npm package solc (${error.code || error.message}): run \`make setup\``);
  }
}

function searchPaths(args) {
  const roots = [];
  for (let i = 0; i < args.length; i += 1) {
    const [name, inline] = args[i].split(/=(.*)/s);
    if (name === "--base-path" || name === "--include-path") {
      roots.push(path.resolve(inline === undefined ? args[i + 1] : inline));
    }
  }
  // Ape compiles in a copy of the project that leaves node_modules out.
  roots.push(root);
  return roots;
}

function importFrom(roots) {
  return (name) => {
    for (const folder of roots) {
      const file = path.resolve(folder, name);
      if (fs.existsSync(file)) return { contents: fs.readFileSync(file, "utf8") };
    }
    return { error: `File not found: ${name} (searched in ${roots.join(", ")})` };
  };
}

function readStdin(done) {
  const chunks = [];
  process.stdin.on("data", (chunk) => chunks.push(chunk));
  process.stdin.on("end", () => done(Buffer.concat(chunks).toString("utf8")));
}

function main(args) {
  const compiler = loadCompiler();
  if (!compiler) return;
  const wanted = process.env.WINNOW_SOLC;
  if (wanted && !compiler.version().startsWith(`${wanted}+`)) {
    fail(`version ${wanted} is wanted, but node_modules holds ${compiler.version()}: run \`make setup\``);
  } else if (args.includes("--version")) {
    finish(`solc, the solidity compiler commandline interface\nVersion: ${compiler.version()}\n`, 0);
  } else if (args.includes("--standard-json")) {
    readStdin((input) => finish(compiler.compile(input, { import: importFrom(searchPaths(args)) }), 0));
  } else {
    fail("only --version and --standard-json are supported");
  }
}

main(process.argv.slice(2));
