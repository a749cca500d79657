import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { PostForm } from "../features/people/form-parts.tsx";
import { requirePerson, requireSteward } from "../features/people/people.server.ts";
import { revokeRole, roleToRevoke } from "../features/people/roles.server.ts";
import { inLanguage } from "../i18n/i18n.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf } from "../request.server.ts";
import { Button, ButtonLink, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  const ctx = contextOf(args);
  const language = languageOf(args.request);
  return answer(async () => {
    requireSteward(await requirePerson(ctx, args.request));
    const { name, role, title } = await roleToRevoke(ctx, args.params.role ?? "");
    const pageTitle = translator(language)("people:people.revokeTitle");
    return { pageTitle, name, role, where: title && inLanguage(title, language) };
  });
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  return answer(async () => {
    const steward = requireSteward(await requirePerson(ctx, args.request));
    await revokeRole(ctx, steward, args.params.role ?? "");
    return redirect("/people?done=revoked");
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.pageTitle }];

export default function RevokeRoute() {
  const { t } = useTranslation("people");
  const { name, role, where } = useLoaderData<typeof loader>();
  return (
    <div className="page narrow">
      <PageHeader
        crumbs={[{ href: "/people", label: t("people.title") }]}
        title={t("people.revokeTitle")}
        lead={t("people.revokeText", {
          name,
          role: t(`roles.${role}`),
          where: where ?? t("account.rolesSite"),
        })}
      />
      <PostForm>
        <div className="actions">
          <Button look="danger">{t("people.revokeSubmit")}</Button>
          <ButtonLink href="/people">{t("people.cancel")}</ButtonLink>
        </div>
      </PostForm>
    </div>
  );
}
