import type { LinksFunction, LoaderFunctionArgs } from "@remix-run/node";
import { data } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLoaderData,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { actorOf } from "./features/people/people.server.ts";
import { isPerson } from "./features/people/people.ts";
import { languageOf } from "./i18n/language.server.ts";
import { Problem, ProblemTitle } from "./problem.tsx";
import { contextOf } from "./request.server.ts";
import styles from "./styles/index.css?url";
import { NonceContext } from "./ui/nonce.ts";
import { Page } from "./ui/page.tsx";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: styles },
  { rel: "icon", href: "/icon.svg", type: "image/svg+xml" },
];

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const actor = await actorOf(ctx, args.request);
  const language = languageOf(args.request);
  const { searchParams } = new URL(args.request.url);
  return data(
    {
      language,
      origin: ctx.origin,
      person: isPerson(actor)
        ? { name: actor.name, steward: actor.steward, works: actor.roles.length > 0 }
        : null,
    },
    // A language chosen by address stays chosen on the pages that follow.
    searchParams.has("lang")
      ? { headers: { "Set-Cookie": `lang=${language}; Path=/; Max-Age=31536000; SameSite=Lax` } }
      : undefined,
  );
}

/**
 * A page may opt out of React in the browser with `export const handle = { hydrate: false }`:
 * it is then plain HTML, and `/enhance.js` adds what a script can add.
 */
export function Layout({ children }: { children: React.ReactNode }) {
  const root = useRouteLoaderData<typeof loader>("root");
  const { i18n } = useTranslation();
  const nonce = NonceContext.use();
  // Outside an error page the hook gives null or undefined, depending on where it is asked.
  const failed = (useRouteError() ?? null) !== null;
  const hydrate = useMatches().every(
    (match) => (match.handle as { hydrate?: boolean } | undefined)?.hydrate !== false,
  );
  return (
    <html lang={i18n.language} dir={i18n.dir()}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {failed ? <ProblemTitle /> : <Meta />}
        <Links />
      </head>
      <body>
        <Page person={root?.person ?? null} origin={root?.origin ?? ""}>
          {children}
        </Page>
        {hydrate ? (
          <>
            <ScrollRestoration nonce={nonce} />
            <Scripts nonce={nonce} />
          </>
        ) : (
          <script type="module" src="/enhance.js" nonce={nonce} />
        )}
      </body>
    </html>
  );
}

export default function App() {
  useLoaderData<typeof loader>();
  return <Outlet />;
}

/** What went wrong, in words; a reader is never shown a stack. */
export function ErrorBoundary() {
  return <Problem />;
}
