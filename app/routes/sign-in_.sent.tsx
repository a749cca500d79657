import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useTranslation } from "react-i18next";
import { languageOf, translator } from "../i18n/language.server.ts";
import { PageHeader } from "../ui/blocks.tsx";

export const handle = { hydrate: false };

export async function loader({ request }: LoaderFunctionArgs) {
  return { title: translator(languageOf(request))("people:link.sentTitle") };
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function SentRoute() {
  const { t } = useTranslation("people");
  return (
    <div className="page narrow">
      <PageHeader title={t("link.sentTitle")} lead={t("link.sent")} />
      <p>{t("link.sentHint")}</p>
      <p>
        <a href="/sign-in">{t("link.again")}</a>
      </p>
    </div>
  );
}
