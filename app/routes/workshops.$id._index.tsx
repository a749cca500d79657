import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { type ComponentType, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { DocText } from "../document/render.tsx";
import type { WorkshopEditorProps } from "../editor/workshop-editor.client.tsx";
import { useDocLabels } from "../features/drafts/labels.ts";
import { actorOf } from "../features/people/people.server.ts";
import { authorsOf } from "../features/workshops/authors.server.ts";
import { formatJoinCode } from "../features/workshops/codes.ts";
import { newsOf } from "../features/workshops/news.ts";
import { workshopOf } from "../features/workshops/workshops.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { ButtonLink, Notice, PageHeader } from "../ui/blocks.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { params, request } = args;
  const { id = "" } = params;
  const language = languageOf(request);
  return answer(async () => {
    const actor = await actorOf(ctx, request);
    const [page, authors] = await Promise.all([
      workshopOf(ctx, actor, id),
      authorsOf(ctx, actor, id),
    ]);
    const { json } = await ctx.collab.read(id);
    const { curriculum, module, me } = page;
    return {
      id,
      title: page.title,
      curriculum: { slug: curriculum.slug, title: inLanguage(curriculum.title, language) },
      module: { slug: module.slug, title: inLanguage(module.title, language) },
      language: page.language,
      person: me.member?.personId ?? actor.personId ?? "",
      me: me.member?.name ?? actor.name ?? "",
      leads: me.leads,
      join: page.join && {
        code: formatJoinCode(page.join.code),
        where: `${new URL(ctx.origin).host}/join`,
      },
      news: newsOf(page, authors),
      json,
    };
  });
}

/** The page keeps itself up to date: what a form sends must not load all of it again. */
export const shouldRevalidate = () => false;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data && `${data.title} · ${data.module.title}` },
  { name: "robots", content: "noindex" },
];

export default function WorkshopRoute() {
  const { t } = useTranslation("workshops");
  const labels = useDocLabels();
  const workshop = useLoaderData<typeof loader>();
  const { id, title, curriculum, module, language, leads, join, json } = workshop;
  const address = `/workshops/${id}`;
  const home = `/curricula/${curriculum.slug}/modules/${module.slug}`;
  return (
    <div className="page editor-page workshop-page">
      <PageHeader
        crumbs={[
          { href: `/curricula/${curriculum.slug}`, label: curriculum.title },
          { href: `${home}?text=${language}`, label: module.title },
        ]}
        title={title}
        lead={join && <JoinLine {...join} />}
        actions={
          <>
            {leads && <ButtonLink href={`${address}/care`}>{t("live.toCare")}</ButtonLink>}
            <ButtonLink look="quiet" href={`${address}/changes`}>
              {t("live.toChanges")}
            </ButtonLink>
          </>
        }
      />
      <noscript>
        <Notice tone="warning">{t("live.noScript")}</Notice>
      </noscript>
      <LiveCopy
        docId={id}
        address={address}
        title={module.title}
        language={language}
        person={workshop.person}
        me={workshop.me}
        leads={leads}
        news={workshop.news}
        labels={labels}
      >
        <div className="prose" lang={language}>
          <DocText json={json} labels={labels} />
        </div>
      </LiveCopy>
    </div>
  );
}

/** What whoever leads reads out to those who come in. */
function JoinLine({ code, where }: { code: string; where: string }) {
  const { t } = useTranslation("workshops");
  return (
    <span className="join-line">
      {t("live.join", { address: where })} <strong>{code}</strong>
    </span>
  );
}

/** Loads the editor here and nowhere else; until then, and where it can't run, the text. */
function LiveCopy(props: WorkshopEditorProps) {
  const { t } = useTranslation("workshops");
  const [Editor, setEditor] = useState<ComponentType<WorkshopEditorProps> | null>(null);
  const [failed, setFailed] = useState<"loadFailed" | "tooOld" | null>(null);
  useEffect(() => {
    if (!canWrite()) {
      setFailed("tooOld");
      return;
    }
    import("../editor/workshop-editor.client.tsx").then(
      (module) => setEditor(() => module.default),
      () => setFailed("loadFailed"),
    );
  }, []);
  if (Editor) return <Editor {...props} />;
  return (
    <>
      {failed && <Notice tone="problem">{t(`live.${failed}`)}</Notice>}
      {!failed && <p className="muted workshop-loading">{t("live.loading")}</p>}
      {props.children}
    </>
  );
}

/** Whether this browser has what the editor is built on. */
function canWrite(): boolean {
  return (
    typeof WebSocket === "function" &&
    typeof Intl.ListFormat === "function" &&
    typeof HTMLDialogElement === "function" &&
    typeof crypto.randomUUID === "function"
  );
}
