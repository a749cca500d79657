import { readFile as readBytes } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Files } from "#app/context.ts";
import { AppError } from "#app/errors.ts";
import {
  type Curriculum,
  curriculumBySlug,
  listCurricula,
  type Module,
  moduleBySlug,
} from "#app/features/curricula/curricula.server.ts";
import { type ReadFile, readFile } from "#app/features/drafts/files.server.ts";
import { importAsDraft, importAsModule } from "#app/features/drafts/import.server.ts";
import { ANONYMOUS } from "#app/features/people/people.ts";
import { isLanguage, LANGUAGES, type Language } from "#app/i18n/i18n.ts";
import { translator } from "#app/i18n/language.server.ts";
import { connect } from "#db/connect.ts";
import { migrate } from "#db/migrate.ts";
import { folderOfCaller, readEnv, SettingError } from "./env.ts";
import { createFiles } from "./files.ts";

const USAGE = `Usage: npm run import -- FILE… --curriculum SLUG [--module SLUG] [--language en|es]

Each Word, Markdown or HTML file becomes a new module of the curriculum, with the file as its draft.
With --module, one file becomes the draft of that module in a language it has none in yet.
It may run while Groundwork is running.`;

/** Whoever may run this has the data in hand: it acts as the server itself. */
const SERVER = { ...ANONYMOUS, steward: true };
const AUTHOR = { personId: null, via: "import" };
const BY = { role: "server", name: null };

type Asked = { files: string[]; curriculum: string; module?: string; language: Language };

/** What was asked for on the command line. Throws SettingError in words. */
function readArguments(args: string[]): Asked {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new SettingError(`${(error as Error).message}\n\n${USAGE}`);
  }
  const { positionals: files, values } = parsed;
  const { curriculum, module, language = "en" } = values;
  if (files.length === 0 || !curriculum) throw new SettingError(USAGE);
  if (module && files.length > 1)
    throw new SettingError("--module takes one file: it becomes that module's draft.");
  if (!isLanguage(language))
    throw new SettingError(`--language is one of: ${LANGUAGES.join(", ")}.`);
  return { files, curriculum, module, language };
}

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      curriculum: { type: "string" },
      module: { type: "string" },
      language: { type: "string" },
    },
  });

/** Imports the files one after another; one that can't be read doesn't stop the others. */
async function main(): Promise<boolean> {
  const asked = readArguments(process.argv.slice(2));
  const env = readEnv();
  const db = connect(env.database);
  const t = translator("en");
  const origin = env.origin ?? `http://localhost:${env.port}`;
  try {
    await migrate(db);
    const ctx = { db, clock: () => new Date() };
    const files = createFiles();
    const target = await find();
    let allDone = true;
    for (const name of asked.files) {
      try {
        const read = await open(files, name);
        const { module, notKept } = await take(read);
        const text = module.language === asked.language ? "" : `?text=${asked.language}`;
        const address = `${origin}/curricula/${asked.curriculum}/modules/${module.slug}${text}`;
        console.log(`${name}\n  ${address}`);
        for (const { what, text, count } of notKept) {
          const taste = text ? `, such as “${text}”` : "";
          console.log(`  not kept: ${t(`drafts:notKept.${what}`, { count })}${taste}`);
        }
      } catch (error) {
        allDone = false;
        console.error(`${name}\n  ${reason(error)}`);
      }
    }
    return allDone;

    async function find(): Promise<{ curriculum: Curriculum; module?: Module }> {
      try {
        return asked.module
          ? await moduleBySlug(db, SERVER, asked.curriculum, asked.module)
          : { curriculum: await curriculumBySlug(db, SERVER, asked.curriculum) };
      } catch (error) {
        const known = (await listCurricula(db, SERVER)).map(({ slug }) => `  ${slug}`);
        const list = known.length > 0 ? `There are:\n${known.join("\n")}` : "There are none yet.";
        throw new SettingError(`${reason(error)}\n${list}`);
      }
    }

    function take(read: ReadFile) {
      const made = { language: asked.language, read, by: BY, author: AUTHOR };
      return target.module
        ? importAsDraft(ctx, { ...made, module: target.module })
        : importAsModule(ctx, { ...made, curriculum: target.curriculum, title: read.title });
    }
  } finally {
    await db.destroy();
  }

  function reason(error: unknown): string {
    if (error instanceof AppError) return t(error.text.key as "drafts:empty", error.text.params);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "There is no such file.";
    if (code === "EISDIR") return "This is a folder. Name the files in it.";
    return message;
  }
}

async function open(files: Files, name: string): Promise<ReadFile> {
  const bytes = new Uint8Array(await readBytes(resolve(folderOfCaller(), name)));
  return readFile(files, { name: basename(name), bytes });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}
