import {
  isRouteErrorResponse,
  useLocation,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { useTranslation } from "react-i18next";
import type { Message } from "./errors.ts";
import { ButtonLink, PageHeader } from "./ui/blocks.tsx";

const KINDS = {
  403: "forbidden",
  404: "notFound",
  405: "notFound",
  409: "conflict",
  410: "gone",
  413: "tooLarge",
  429: "tooMany",
  507: "diskFull",
} as const;

/** What a page could not do: its status, a title, and what the feature said about it, if it did. */
function useProblem() {
  const error = useRouteError();
  const signedIn = useRouteLoaderData<{ person: object | null }>("root")?.person != null;
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const said =
    isRouteErrorResponse(error) && typeof error.data?.key === "string"
      ? (error.data as Message)
      : null;
  if (status === 403 && !signedIn) return { kind: "signIn", said: null } as const;
  if (status in KINDS) return { kind: KINDS[status as keyof typeof KINDS], said };
  return { kind: status < 500 ? "refused" : "unexpected", said } as const;
}

/** The document's title for an error page: the page that failed can't give it one. */
export function ProblemTitle() {
  const { t } = useTranslation(["errors", "common"]);
  const { kind } = useProblem();
  return <title>{`${t(`title.${kind}`)} – ${t("common:name")}`}</title>;
}

/** What went wrong, in words, and where to go from here; a reader is never shown a stack. */
export function Problem() {
  const { t } = useTranslation(["errors", "common"]);
  const { kind, said } = useProblem();
  const { pathname, search } = useLocation();
  const here = pathname + search;
  const again = kind === "conflict" || kind === "tooMany" || kind === "unexpected";
  return (
    <div className="page narrow problem">
      <PageHeader
        crumbs={[{ href: "/", label: t("common:name") }]}
        title={t(`title.${kind}`)}
        lead={t((said?.key as "notFound") ?? kind, said?.params)}
      />
      <p className="actions">
        {kind === "signIn" && (
          <ButtonLink look="primary" href={`/sign-in?next=${encodeURIComponent(here)}`}>
            {t("common:nav.signIn")}
          </ButtonLink>
        )}
        {again && (
          <ButtonLink look="primary" href={here}>
            {t(kind === "conflict" ? "openAgain" : "tryAgain")}
          </ButtonLink>
        )}
        <ButtonLink href="/">{t("backHome")}</ButtonLink>
        {(kind === "notFound" || kind === "gone") && (
          <ButtonLink look="quiet" href="/receipts">
            {t("common:nav.receipt")}
          </ButtonLink>
        )}
      </p>
    </div>
  );
}
