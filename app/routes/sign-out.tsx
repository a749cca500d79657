import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { redirect } from "@remix-run/node";
import { useTranslation } from "react-i18next";
import { PostForm } from "../features/people/form-parts.tsx";
import { actorOf } from "../features/people/people.server.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { contextOf } from "../request.server.ts";
import { Button, PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader({ request }: LoaderFunctionArgs) {
  return { title: translator(languageOf(request))("people:signOut.title") };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const { personId } = await actorOf(ctx, args.request);
  const headers = await ctx.auth.signOut(args.request.headers);
  if (personId) ctx.collab.disconnect(personId);
  return redirect("/", { headers });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function SignOutRoute() {
  const { t } = useTranslation("people");
  return (
    <div className="page narrow">
      <PageHeader title={t("signOut.title")} lead={t("signOut.lead")} />
      <PostForm>
        <Button look="primary">{t("signOut.submit")}</Button>
      </PostForm>
    </div>
  );
}
