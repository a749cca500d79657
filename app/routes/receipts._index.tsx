import { useForm } from "@conform-to/react";
import { parseWithZod } from "@conform-to/zod/v4";
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { receiptForm } from "../features/inputs/inputs.ts";
import { formatReceipt } from "../features/inputs/receipts.ts";
import { inputByReceipt } from "../features/inputs/status.server.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { contextOf, formOf, refused } from "../request.server.ts";
import { Button, PageHeader } from "../ui/blocks.tsx";
import { ErrorSummary, TextField } from "../ui/form.tsx";

export const handle = { hydrate: false };

export function loader({ request }: LoaderFunctionArgs) {
  return { title: translator(languageOf(request))("inputs:receipt.findTitle") };
}

export async function action(args: ActionFunctionArgs) {
  const ctx = contextOf(args);
  const submission = parseWithZod(await formOf(args.request), { schema: receiptForm });
  if (submission.status !== "success") return data(submission.reply(), { status: 422 });
  const { code } = submission.value;
  try {
    await ctx.limits.hit("receipt", ctx.clientKey);
    await inputByReceipt(ctx, code);
  } catch (error) {
    return refused(submission, error);
  }
  return redirect(`/receipts/${formatReceipt(code)}`);
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.title }];

export default function FindReceipt() {
  const { t } = useTranslation("inputs");
  const [form, fields] = useForm<{ code: string }>({
    id: "find",
    lastResult: useActionData<typeof action>(),
  });
  return (
    <div className="page narrow">
      <PageHeader title={t("receipt.findTitle")} lead={t("receipt.findLead")} />
      <ErrorSummary form={form} fields={fields} />
      <form method="post" id={form.id} className="form" noValidate>
        <TextField
          field={fields.code}
          label={t("receipt.findLabel")}
          hint={t("receipt.findHint")}
          autoComplete="off"
        />
        <Button look="primary">{t("receipt.find")}</Button>
      </form>
    </div>
  );
}
