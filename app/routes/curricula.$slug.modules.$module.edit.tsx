import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { type ComponentType, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { DocText } from "../document/render.tsx";
import type { DraftEditorProps } from "../editor/draft-editor.client.tsx";
import { draftOf } from "../features/drafts/drafts.server.ts";
import { useDocLabels } from "../features/drafts/labels.ts";
import { rescuesOf } from "../features/drafts/rescues.server.ts";
import { Rescues } from "../features/drafts/rescues.tsx";
import { type PublicInput, publicInputsOn } from "../features/inputs/reading.server.ts";
import { requirePerson, requireRole } from "../features/people/people.server.ts";
import { inLanguage, LANGUAGE_NAMES, type Language } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { ButtonLink, Notice, PageHeader } from "../ui/blocks.tsx";

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { params, request } = args;
  const language = languageOf(request);
  return answer(async () => {
    const actor = await requirePerson(ctx, request);
    const { searchParams } = new URL(request.url);
    const draft = await draftOf(
      ctx,
      actor,
      params.slug ?? "",
      params.module ?? "",
      searchParams.get("text"),
    );
    const trainer = requireRole(actor, "trainer", draft.curriculum.id);
    const title = inLanguage(draft.module.title, draft.language);
    const [{ inputs }, rescues] = await Promise.all([
      publicInputsOn(ctx, actor, draft),
      rescuesOf(ctx, actor, draft.documentId),
    ]);
    return {
      slug: draft.curriculum.slug,
      curriculum: inLanguage(draft.curriculum.title, language),
      module: draft.module.slug,
      title,
      pageTitle: translator(language)("editor:pageTitle", { title }),
      person: trainer.personId,
      me: trainer.name,
      minutes: draft.module.minutes || null,
      documentId: draft.documentId,
      language: draft.language,
      languages: draft.languages,
      json: draft.view.json,
      rescues,
      inputs: inputs.filter(({ outcome }) => outcome === null).map(openInput),
    };
  });
}

/** An undecided input as the editor's side list shows it. */
function openInput({ id, kind, name, body, place }: PublicInput) {
  const blockId = place && "blockId" in place ? place.blockId : null;
  const quote = place && !("scope" in place && place.scope === "paragraph") ? place.quote : "";
  return {
    id,
    href: `/inputs/${id}`,
    kind,
    name,
    body,
    passage: blockId ? { blockId, quote } : null,
  };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.pageTitle },
  { name: "robots", content: "noindex" },
];

export default function EditRoute() {
  const { t } = useTranslation("editor");
  const draft = useLoaderData<typeof loader>();
  const home = `/curricula/${draft.slug}/modules/${draft.module}`;
  return (
    <div className="page editor-page">
      <PageHeader
        crumbs={[
          { href: `/curricula/${draft.slug}`, label: draft.curriculum },
          { href: home, label: draft.title },
        ]}
        title={t("pageTitle", { title: draft.title })}
        actions={
          <>
            <ButtonLink href={`${home}?text=${draft.language}`}>{t("viewDraft")}</ButtonLink>
            <Languages of={draft.languages} current={draft.language} />
          </>
        }
      />
      <noscript>
        <Notice tone="warning">{t("noScript")}</Notice>
      </noscript>
      <Rescues rescues={draft.rescues} language={draft.language} action={`${home}/rescues`} />
      <LiveEditor
        docId={draft.documentId}
        title={draft.title}
        language={draft.language}
        person={draft.person}
        me={draft.me}
        minutes={draft.minutes}
        inputs={draft.inputs}
      >
        <div className="prose" lang={draft.language}>
          <DocText json={draft.json} labels={useDocLabels()} />
        </div>
      </LiveEditor>
    </div>
  );
}

/** The drafts of the module in its other languages. */
function Languages({ of, current }: { of: string[]; current: string }) {
  const { t } = useTranslation("editor");
  if (of.length < 2) return null;
  return (
    <nav className="draft-languages" aria-label={t("language")}>
      {of.map((language) => (
        <a
          key={language}
          href={`?text=${language}`}
          hrefLang={language}
          lang={language}
          aria-current={language === current ? "page" : undefined}
        >
          {LANGUAGE_NAMES[language as Language] ?? language}
        </a>
      ))}
    </nav>
  );
}

/** Loads the editor where somebody edits and nowhere else; until then, and without it, the text. */
function LiveEditor(props: DraftEditorProps) {
  const { t } = useTranslation("editor");
  const [Editor, setEditor] = useState<ComponentType<DraftEditorProps> | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("../editor/draft-editor.client.tsx").then(
      (module) => setEditor(() => module.default),
      () => setFailed(true),
    );
  }, []);
  if (Editor) return <Editor {...props} />;
  return (
    <>
      {failed && <Notice tone="problem">{t("loadFailed")}</Notice>}
      {props.children}
    </>
  );
}
