import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { DocText } from "../document/render.tsx";
import { useDocLabels } from "../features/drafts/labels.ts";
import { requirePerson } from "../features/people/people.server.ts";
import { checkpointAt } from "../features/workshops/checkpoints.server.ts";
import { workshopOf } from "../features/workshops/workshops.server.ts";
import { dateTime } from "../i18n/format.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { ButtonLink, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const { id = "", checkpoint = "" } = args.params;
  const language = languageOf(args.request);
  return answer(async () => {
    const actor = await requirePerson(ctx, args.request);
    const [page, { json, at }] = await Promise.all([
      workshopOf(ctx, actor, id),
      checkpointAt(ctx, actor, id, checkpoint),
    ]);
    const when = dateTime(at, language);
    const name = translator(language)("workshops:checkpoint.title", { when });
    return { id, name, pageTitle: `${name} · ${page.title}`, json, ...pick(page) };
  });
}

const pick = ({ title, language }: { title: string; language: string }) => ({ title, language });

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.pageTitle },
  { name: "robots", content: "noindex" },
];

export default function CheckpointRoute() {
  const { t } = useTranslation("workshops");
  const { id, name, title, language, json } = useLoaderData<typeof loader>();
  const labels = useDocLabels();
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/workshops/${id}`, label: title }]}
        title={name}
        actions={
          <ButtonLink href={`/workshops/${id}/care#checkpoints`}>{t("checkpoint.back")}</ButtonLink>
        }
      />
      <article className="prose" lang={language}>
        <DocText json={json} labels={labels} />
      </article>
    </div>
  );
}
