import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { data, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { PlacePage } from "../features/inputs/place-page.tsx";
import { placesFor } from "../features/inputs/places.server.ts";
import { formatReceipt } from "../features/inputs/receipts.ts";
import { repairAnchor } from "../features/inputs/repair.server.ts";
import { readRepair } from "../features/inputs/repair.ts";
import { withReceipt } from "../features/inputs/whereabouts.server.ts";
import { languageOf, translator } from "../i18n/language.server.ts";
import { answer, contextOf, formOf, refusalOf } from "../request.server.ts";

export const handle = { hydrate: false };

export async function loader(args: LoaderFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    const { input, code } = await withReceipt(ctx, args.params.code);
    const t = translator(languageOf(args.request));
    const back = `/receipts/${formatReceipt(code)}`;
    return data(
      {
        ...(await placesFor(ctx, input, new URL(args.request.url).searchParams)),
        crumbs: [{ href: back, label: t("inputs:receipt.title", { code: formatReceipt(code) }) }],
        back,
        title: `${t("repair:place.title")} · ${t("name")}`,
      },
      { headers: { "Cache-Control": "no-store" } },
    );
  });
}

/** Settles where the input belongs; the receipt's own page sends its forms here too. */
export async function action(args: ActionFunctionArgs) {
  return answer(async () => {
    const ctx = contextOf(args);
    await ctx.limits.hit("reply", ctx.clientKey);
    const { input, code } = await withReceipt(ctx, args.params.code);
    const form = readRepair(await formOf(args.request));
    try {
      await repairAnchor(ctx, input, form);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.status !== 409 && refusal?.status !== 422) throw error;
      return data({ error: refusal.text.key }, { status: refusal.status });
    }
    return redirect(`/receipts/${formatReceipt(code)}?done=${form.action}#where`);
  });
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.title },
  { name: "robots", content: "noindex, nofollow" },
];

export default function ReceiptPlaceRoute() {
  const failed = useActionData<typeof action>();
  return <PlacePage {...useLoaderData<typeof loader>()} error={failed?.error ?? null} />;
}
