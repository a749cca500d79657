import { getFormProps, useForm } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { actorOf } from "../features/people/people.server.ts";
import { publish } from "../features/versions/publish.server.ts";
import { nextVersionPage } from "../features/versions/publishing.server.ts";
import { parseSeen, publishForm } from "../features/versions/versions.ts";
import { languageName } from "../i18n/format.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refused } from "../request.server.ts";
import { Badge, Button, ButtonLink, Empty, PageHeader } from "../ui/blocks.tsx";
import { ErrorSummary, TextArea } from "../ui/form.tsx";

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const language = languageOf(args.request);
    const actor = await actorOf(ctx, args.request);
    const page = await nextVersionPage(ctx, actor, args.params.slug ?? "", language);
    const t = translator(language);
    return { ...page, pageTitle: `${t("versions:publish.title", { n: page.n })} · ${t("name")}` };
  });
}

export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { slug = "" } = args.params;
    const actor = await actorOf(ctx, args.request);
    const submission = parseWithZod(await formOf(args.request), { schema: publishForm });
    if (submission.status !== "success") return submission.reply();
    const { note, seen } = submission.value;
    try {
      const { n } = await publish(ctx, actor, { slug, note, seen: parseSeen(seen) });
      return redirect(`/curricula/${slug}/versions/${n}`);
    } catch (error) {
      // What was typed is kept; the loader shows the drafts as they are now.
      return refused(submission, error);
    }
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function PublishPage() {
  const { t, i18n } = useTranslation("versions");
  const page = useLoaderData<typeof loader>();
  const lastResult = useActionData<typeof action>();
  const busy = useNavigation().state !== "idle";
  const [form, fields] = useForm({ id: "publish", lastResult });
  const { slug, n, texts, decisions, openInputs } = page;
  const nothing = texts.every(({ state }) => state === "same");

  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: `/curricula/${slug}`, label: page.title }]}
        title={t("publish.title", { n })}
        lead={t("publish.lead")}
      />
      {nothing ? (
        <Empty title={texts.length ? t("publish.nothing", { n: n - 1 }) : t("nothingYet")}>
          {texts.length > 0 && <p>{t("publish.nothingHint")}</p>}
          <ButtonLink href={`/curricula/${slug}`}>{t("publish.back")}</ButtonLink>
        </Empty>
      ) : (
        <>
          <h2>{t("publish.texts")}</h2>
          <ul className="plain-list publish-texts">
            {texts.map(({ key, href, title, language, state }) => (
              <li key={key}>
                <a href={href}>{title}</a>{" "}
                <span className="muted small">{languageName(language, i18n.language)}</span>{" "}
                <Badge tone={state === "same" ? undefined : "good"}>
                  {t(`publish.${state}Text`)}
                </Badge>
              </li>
            ))}
          </ul>
          <p>
            {decisions > 0
              ? t("publish.decisions", { count: decisions })
              : t("publish.noDecisions")}
            {". "}
            {openInputs > 0 && t("publish.openInput", { count: openInputs })}
          </p>
          <Form method="post" className="form" {...getFormProps(form)}>
            <ErrorSummary form={form} fields={fields} />
            <input type="hidden" name="seen" value={page.seen} />
            <TextArea
              field={fields.note as never}
              label={t("publish.note")}
              hint={t("publish.noteHint")}
              rows={6}
            />
            <Button look="primary" disabled={busy}>
              {t("publish.submit", { n })}
            </Button>
          </Form>
        </>
      )}
    </div>
  );
}
