import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { textblocks } from "../document/read.ts";
import { NotFound } from "../errors.ts";
import { TakenBack } from "../features/inputs/taken-back.tsx";
import { WordDiff } from "../features/inputs/word-diff.tsx";
import { actorOf } from "../features/people/people.server.ts";
import { Sentences } from "../features/versions/sentences.tsx";
import {
  type Reason,
  reasonsFor,
  textIn,
  versionOf,
} from "../features/versions/versions.server.ts";
import { sentencesBehind } from "../features/versions/why.server.ts";
import { longDate } from "../i18n/format.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { Badge, ButtonLink, Empty, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { slug = "", n = "", module = "", block = "" } = args.params;
    const language = languageOf(args.request);
    const asked = new URL(args.request.url).searchParams.get("text") ?? language;
    const actor = await actorOf(ctx, args.request);
    const { version } = await versionOf(ctx.db, actor, slug, n);
    const text = await textIn(ctx.db, version.id, module, asked);
    const passage = textblocks(text.content).find(({ id }) => id === block);
    if (!passage) throw new NotFound("versions:passageNotFound");
    const t = translator(language);
    const { title } = JSON.parse(text.fields) as { title: object };
    const [reasons, sentences] = await Promise.all([
      reasonsFor(ctx.db, version.id, text.moduleId, text.language, block),
      sentencesBehind(ctx.db, {
        versionId: version.id,
        moduleId: text.moduleId,
        language: text.language,
        blockId: block,
        text: passage.text,
      }),
    ]);
    return {
      slug,
      n: version.n,
      module,
      block,
      text: passage.text,
      language: text.language,
      moduleTitle: inLanguage(JSON.stringify(title), language),
      reasons,
      sentences,
      pageTitle: `${t("versions:why.title")} · ${t("name")}`,
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function WhyPage() {
  const { t } = useTranslation("versions");
  const { slug, n, module, block, text, language, moduleTitle, reasons, sentences } =
    useLoaderData<typeof loader>();
  const versionHref = `/curricula/${slug}/versions/${n}`;
  const moduleHref = `${versionHref}/modules/${module}`;
  const changed = reasons.filter(({ relation }) => relation === "changed");
  const considered = reasons.filter(({ relation }) => relation === "considered");
  const heard = reasons.length > 0 || sentences?.some(({ inputs }) => inputs.length > 0);
  return (
    <div className="page narrow why-page">
      <PageHeader
        crumbs={[
          { href: versionHref, label: t("title", { n }) },
          { href: `${moduleHref}?text=${language}`, label: moduleTitle },
        ]}
        title={t("why.title")}
        lead={t("why.lead")}
      />
      {sentences ? (
        <Sentences
          sentences={sentences}
          language={language}
          told={new Set(reasons.map(({ inputId }) => inputId))}
        />
      ) : (
        <blockquote className="why-passage prose" lang={language}>
          {text}
        </blockquote>
      )}
      {!heard && <Empty title={t("why.none")} />}
      {changed.length > 0 && (
        <section aria-labelledby="changed">
          <h2 id="changed">{t("why.changedTitle")}</h2>
          {changed.map((reason) => (
            <ReasonItem key={reason.inputId} reason={reason} language={language} />
          ))}
        </section>
      )}
      {considered.length > 0 && (
        <section aria-labelledby="considered">
          <h2 id="considered">{t("why.consideredTitle")}</h2>
          {considered.map((reason) => (
            <ReasonItem key={reason.inputId} reason={reason} language={language} />
          ))}
        </section>
      )}
      <p className="actions">
        <ButtonLink href={`${moduleHref}?text=${language}#p-${block}`}>{t("why.back")}</ButtonLink>
      </p>
    </div>
  );
}

function ReasonItem({ reason, language }: { reason: Reason; language: string }) {
  const { t, i18n } = useTranslation("versions");
  const { t: words } = useTranslation("inputs");
  const when = longDate(reason.at, i18n.language);
  return (
    <article className="card why-reason" id={`i-${reason.inputId}`}>
      <p className="change-head">
        <Badge tone={reason.relation === "changed" ? "good" : undefined}>
          {words(`outcome.${reason.outcome as "adopted"}`)}
        </Badge>{" "}
        <span className="muted small">
          {when}
          {reason.n !== null &&
            ` · ${t(reason.relation === "changed" ? "why.since" : "why.decidedIn", { n: reason.n })}`}
        </span>
      </p>
      <h3>{t("why.said")}</h3>
      <p className="muted small">
        {words(`kind.${reason.kind as "comment"}`)} · {words(`channel.${reason.channel as "web"}`)}{" "}
        · {reason.name ?? t("why.unsigned")}
      </p>
      {reason.body === null ? (
        <p className="muted">{t("why.hidden")}</p>
      ) : (
        <p className="change-words" lang={reason.language}>
          {reason.body}
        </p>
      )}
      {reason.before !== null && reason.after !== null && (
        <>
          <h3>{t("why.change")}</h3>
          <p className="prose" lang={language}>
            <WordDiff before={reason.before} after={reason.after} />
          </p>
        </>
      )}
      <h3>{t("why.reason")}</h3>
      <p>{reason.reason}</p>
      {reason.undone && <TakenBack undone={reason.undone} language={language} />}
      <p>
        <a href={`/inputs/${reason.inputId}`}>{t("why.open")}</a>
      </p>
    </article>
  );
}
