/**
 * Language runtimes, build tools and databases: programs that run code.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";

const PYTHON: ProgramSyntax = {
  effect: "execute",
  leading: true,
  values: { code: "-c", argv: "-m", text: "-W -X --check-hash-based-pycs" },
  operands: ["script", "file"],
};

/** node; yarn and pnpm run it by its name as well. */
export const NODE: ProgramSyntax = {
  effect: "execute",
  leading: true,
  values: {
    code: "-e --eval -p --print",
    script: "-r --require --import --loader --experimental-loader",
    text:
      "-C --conditions --title --max-old-space-size --test-name-pattern --test-reporter --input-type",
    file: "--env-file --cwd",
  },
  operands: ["script", "file"],
};

const RUBY: ProgramSyntax = {
  effect: "execute",
  leading: true,
  values: { code: "-e", script: "-r --require", folder: "-C", text: "-E -I -F -i -x" },
  attached: "-i -x -F",
  operands: ["script", "file"],
};

const PERL: ProgramSyntax = {
  effect: "execute",
  leading: true,
  values: { code: "-e -E", setting: "-M -m", text: "-i -F -I -x -D -V -d" },
  attached: "-i -F -x -D -V -M -m -d",
  operands: ["script", "file"],
};

const PHP: ProgramSyntax = {
  effect: "execute",
  leading: true,
  values: {
    code: "-r -B -R -E --run --process-begin --process-code --process-end",
    script: "-f --file -F --process-file",
    setting: "-d --define",
    text: "-S --server -z",
    folder: "-t --docroot",
    file: "-c --php-ini",
  },
  operands: ["script", "file"],
  instead: "-f --file",
};

const DENO_RUN: ProgramSyntax = {
  effect: "execute",
  leading: true,
  values: {
    file: "-c --config --import-map --lock --cert --env-file",
    text: "--location --seed --ext --inspect -L --log-level",
    script: "--preload",
  },
  operands: ["script", "file"],
};
const DENO_OTHER: ProgramSyntax = {
  effect: "execute",
  values: {
    file: "-c --config --import-map --lock",
    write: "-o --output --outdir",
    text: "--filter --ext",
  },
  operands: ["file"],
};

const MAKE: ProgramSyntax = {
  effect: "execute",
  values: {
    code: "--eval",
    script: "-f --file --makefile",
    folder: "-C --directory",
    text: "-j -l -o -W -I --jobs --load-average",
  },
  attached: "-j -l --jobs --load-average",
  operands: ["setting"],
};

const GO: ProgramSyntax = {
  effect: "execute",
  oneDash: true,
  values: {
    program: "-toolexec -exec -vettool",
    write: "-o -coverprofile -cpuprofile -memprofile -outputdir",
    text:
      "-run -bench -count -timeout -ldflags -gcflags -tags -mod -p -covermode -coverpkg -benchtime -cpu -parallel -f -asmflags -buildmode -overlay",
    folder: "-C",
  },
  operands: ["file"],
};

/** By name. */
export const RUNTIMES: { readonly [name: string]: ProgramSyntax } = {
  python: PYTHON,
  python2: PYTHON,
  python3: PYTHON,
  pypy3: PYTHON,
  node: NODE,
  nodejs: NODE,
  bun: { ...NODE, subcommands: { x: { effect: "execute", operands: ["argv"], leading: true } } },
  ruby: RUBY,
  perl: PERL,
  php: PHP,
  deno: {
    effect: "execute",
    operands: ["script", "file"],
    subcommands: {
      run: DENO_RUN,
      serve: DENO_RUN,
      eval: { effect: "execute", operands: ["code", "text"] },
      repl: {
        effect: "execute",
        values: { code: "--eval", script: "--eval-file" },
        operands: ["text"],
      },
      test: DENO_OTHER,
      bench: DENO_OTHER,
      check: DENO_OTHER,
      cache: DENO_OTHER,
      fmt: DENO_OTHER,
      lint: DENO_OTHER,
      doc: DENO_OTHER,
      info: DENO_OTHER,
      compile: DENO_OTHER,
      bundle: DENO_OTHER,
      task: {
        effect: "execute",
        values: { code: "--eval" },
        operands: ["text", "file"],
        leading: true,
      },
      x: { effect: "execute", operands: ["argv"], leading: true },
      install: { effect: "execute", operands: ["text"] },
      add: { effect: "execute", operands: ["text"] },
    },
  },
  java: {
    effect: "execute",
    oneDash: true,
    leading: true,
    values: {
      script: "-jar",
      file: "-cp -classpath --class-path -p --module-path",
      text: "-m --module --add-modules --add-opens --add-exports",
    },
    operands: ["text", "file"],
  },
  javac: {
    effect: "execute",
    oneDash: true,
    values: {
      write: "-d -s -h",
      file: "-cp -classpath --class-path -sourcepath -processorpath -p",
      text: "-source -target --release -encoding -processor",
    },
    operands: ["file"],
  },
  make: MAKE,
  gmake: MAKE,
  rake: {
    effect: "execute",
    values: {
      code: "-e --execute -E --execute-continue -p --execute-print",
      script: "-f --rakefile -r --require",
      text: "-j --jobs -I -R",
    },
    operands: ["file"],
  },
  cmake: {
    effect: "execute",
    oneDash: true,
    values: {
      script: "-P",
      argv: "-E",
      file: "-S -C",
      write: "-B --install-prefix --prefix",
      text: "-G -T -A -D -U --build --target --config --preset -j",
    },
    operands: ["file"],
  },
  gradle: {
    effect: "execute",
    values: {
      script: "-I --init-script -b --build-file -c --settings-file",
      folder: "-p --project-dir",
      write: "-g --gradle-user-home",
      text: "-x --exclude-task -P -D --console --tests --max-workers",
    },
    operands: ["file"],
  },
  mvn: {
    effect: "execute",
    values: {
      setting: "-D --define",
      file: "-f --file -s --settings",
      text: "-P -pl -T --projects --activate-profiles -l",
    },
    operands: ["file"],
  },
  go: {
    ...GO,
    subcommands: {
      build: GO,
      test: GO,
      run: { ...GO, leading: true, operands: ["file"] },
      vet: GO,
      install: GO,
      generate: GO,
      env: {
        effect: "read",
        operands: ["text"],
        modes: [{ when: "-w -u", effect: "write", operands: ["setting"] }],
      },
    },
  },
  gofmt: {
    effect: "read",
    values: { text: "-r" },
    operands: ["file"],
    modes: [{ when: "-w", effect: "write", operands: ["write"] }],
  },
  cargo: {
    effect: "execute",
    values: {
      setting: "--config",
      registry: "--index --registry",
      write: "--target-dir",
      file: "--manifest-path",
      text: "-p --package -j --features --bin --example --test --color --profile",
      folder: "-C",
    },
    operands: ["file"],
  },
  rustc: {
    effect: "execute",
    values: {
      write: "-o --out-dir",
      setting: "-C --codegen",
      text: "--edition --crate-type --crate-name --cfg -L -l",
    },
    operands: ["file"],
  },
  dotnet: {
    effect: "execute",
    values: {
      registry: "-s --source --add-source",
      write: "-o --output",
      text: "-c -f -r -v --configuration --framework --runtime --verbosity --filter",
    },
    operands: ["file"],
    subcommands: {
      nuget: {
        effect: "execute",
        operands: ["text"],
        subcommands: {
          add: {
            effect: "write",
            operands: ["text"],
            subcommands: { source: { effect: "write", operands: ["registry", "text"] } },
          },
        },
      },
    },
  },
  tsc: {
    effect: "write",
    values: {
      file: "-p --project",
      write: "--outDir --outFile --declarationDir",
      text: "--target -t --module -m --lib --jsx",
    },
    operands: ["file"],
  },
  eslint: {
    effect: "execute",
    values: {
      file: "-c --config --ignore-path --rulesdir",
      write: "-o --output-file",
      text: "--ext -f --format --max-warnings --rule",
    },
    operands: ["file"],
  },
  prettier: {
    effect: "execute",
    values: { file: "--config --ignore-path --plugin", text: "--parser --tab-width --print-width" },
    operands: ["file"],
    modes: [{ when: "-w --write", operands: ["write"] }],
  },
  black: {
    effect: "write",
    values: {
      text: "-c --code -l --line-length -t --target-version --include --exclude",
      file: "--config",
    },
    operands: ["write"],
    modes: [{ when: "--check --diff -c --code", effect: "read", operands: ["file"] }],
  },
  sqlite3: {
    effect: "execute",
    oneDash: true,
    values: { sql: "-cmd", file: "-init", text: "-separator -newline -nullvalue" },
    operands: ["file", "sql"],
  },
  psql: {
    effect: "execute",
    values: {
      sql: "-c --command",
      write: "-o --output -L --log-file",
      file: "-f --file",
      text: "-d --dbname -h --host -p --port -U --username -F -R -T --field-separator",
      setting: "-v --set --variable -P --pset",
    },
    operands: ["text"],
  },
};
