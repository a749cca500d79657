import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { curriculumBySlug } from "../features/curricula/curricula.server.ts";
import { publicInputsOnWhole } from "../features/inputs/reading.server.ts";
import { Notes, Stubs } from "../features/inputs/said.tsx";
import { actorOf } from "../features/people/people.server.ts";
import { openRoundsOf } from "../features/rounds/rounds.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { ButtonLink, Empty, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

/** What people said about a curriculum as a whole. */
export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const actor = await actorOf(ctx, args.request);
    const language = languageOf(args.request);
    const curriculum = await curriculumBySlug(ctx.db, actor, args.params.slug ?? "");
    const [said, rounds] = await Promise.all([
      publicInputsOnWhole(ctx, actor, curriculum.id),
      openRoundsOf(ctx.db, curriculum.id, ctx.clock()),
    ]);
    return {
      slug: curriculum.slug,
      title: inLanguage(curriculum.title, language),
      pageTitle: translator(language)("inputs:whole.curriculum"),
      open: rounds.length > 0,
      ...said,
    };
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.pageTitle} · ${data?.title}` },
];

export default function WholeCurriculum() {
  const { t } = useTranslation("inputs");
  const { slug, title, open, inputs, stubs } = useLoaderData<typeof loader>();
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: title }]}
        title={t("whole.curriculum")}
        lead={t("read.allCount", { count: inputs.length })}
        actions={
          open && (
            <ButtonLink look="primary" href={`/curricula/${slug}/comment`}>
              {t("read.add")}
            </ButtonLink>
          )
        }
      />
      {inputs.length === 0 && <Empty title={t("read.noneYet")} />}
      <Notes inputs={inputs} back={`/curricula/${slug}/comments`} />
      <Stubs heading="h2" stubs={stubs} />
    </div>
  );
}
